import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type ChartLine, type ChartPane, createLineSource } from '../../../services/dashboard/src/chart/line-source.ts';
import { gapSpans, missingAt, shadedSpans } from '../../../services/dashboard/src/chart/missing.ts';
import { channelsOf } from '../../../services/dashboard/src/market/feature-channels.ts';
import type { Gap } from '../../../services/dashboard/src/market/gaps.ts';
import { createSeries } from '../../../services/dashboard/src/store/series.ts';

const lineOf = (label: string, laterS = 0): ChartLine => ({
  label,
  line: 0,
  drawn: 'line',
  middle: null,
  range: null,
  guides: [],
  laterS,
  format: String,
});

/** One pane of lines `a` and `b`, a second a step. */
function sourceOf(rows: readonly (readonly [timeS: number, a: number | null, b: number | null])[], laterS = 0) {
  const samples = createSeries<{ timeS: number; values: readonly (number | null)[] }>(100, (task) => task());
  for (const [timeS, ...values] of rows) samples.put({ timeS, values });
  const lines = [lineOf('a', laterS), lineOf('b', laterS)];
  const pane: ChartPane = { title: null, lines, fills: [], channels: ['depth'], warmUp: '14 bars' };
  const source = createLineSource({
    samples,
    panes: [pane],
    readValue: ({ values }, line) => values[lines.indexOf(line)]!,
    stepS: 1,
    bridgedS: 2,
  });
  return { source, pane };
}

const gapOf = (channel: string, fromS: number, toS: number | null): Gap => ({
  key: `${channel} ${fromS}`,
  channel,
  reason: 'sequence',
  expected: '5',
  found: '9',
  fromMs: fromS * 1_000,
  toMs: toS === null ? null : toS * 1_000,
  closedBy: toS === null ? 'open' : 'snapshot',
});
const KNOWN = { gaps: [], invalid: [] };

test('spans without a value are those before the first one, of nulls, and of no samples', () => {
  const { source, pane } = sourceOf([
    [0, null, 1],
    [1, 1, 1],
    [2, 1, null],
    [3, null, null],
    [4, 1, 1],
    [6, 1, 1],
    [10, 1, 1],
    [11, 1, null],
  ]);
  assert.equal(source.valueless(pane), [
    { fromS: 0, toS: 1, isFirst: true },
    { fromS: 2, toS: 4, isFirst: false },
    { fromS: 7, toS: 10, isFirst: false },
    { fromS: 11, toS: 12, isFirst: false },
  ]);
});

test('what is drawn later is missing as much later', () => {
  const { source, pane } = sourceOf(
    [
      [0, 1, 1],
      [1, null, 1],
      [2, 1, 1],
    ],
    26,
  );
  assert.equal(source.valueless(pane), [{ fromS: 27, toS: 28, isFirst: false }]);
  assert.equal([source.valueAt(pane.lines[0]!, 26.5), source.valueAt(pane.lines[0]!, 2)], [1, null]);
  assert.equal(
    source.points(pane.lines[0]!, 1).map(({ time }) => time),
    [27, 28],
  );
});

test('a gap is shaded where something is made of its channel', () => {
  const { source, pane } = sourceOf([
    [0, 1, 1],
    [1, 1, 1],
  ]);
  const gaps = [gapOf('depth', 0.2, 0.5), gapOf('aggTrade', 0, 1)];
  const invalid = [{ fromMs: 300, toMs: null, reason: null }];
  assert.equal(shadedSpans(source, pane, { gaps, invalid }), [
    { fromS: 0.3, toS: null, kind: 'invalid' },
    { fromS: 0.2, toS: 0.5, kind: 'gap' },
  ]);
  assert.equal(
    shadedSpans(source, { ...pane, channels: ['aggTrade'] }, { gaps, invalid }),
    [{ fromS: 0, toS: 1, kind: 'gap' }],
    'the book has no part in it',
  );
  assert.equal(
    gapSpans([gapOf('depth', 1, 2), gapOf('forceOrder', 1, null)]).map(({ kind }) => kind),
    ['gap', 'mark'],
  );
});

test('why there is no value is a gap, the book, the warm-up, or the warm-up after a gap', () => {
  const { source, pane } = sourceOf([
    [0, null, 1],
    [1, 1, 1],
    [2, null, 1],
    [3, null, 1],
    [4, 1, 1],
    [5, 1, null],
    [6, 1, 1],
  ]);
  const at = (fromS: number, known: Parameters<typeof missingAt>[3] = KNOWN) =>
    missingAt(source, pane, { fromS, toS: fromS + 1 }, known);
  assert.is(at(1), null);
  assert.equal(at(0), { labels: ['a'], why: 'Warming up: it needs 14 bars', gaps: [] });
  const gap = gapOf('depth', 2.1, 2.6);
  assert.equal(at(2, { gaps: [gap], invalid: [] }), { labels: ['a'], why: null, gaps: [gap] });
  assert.match(
    at(3, { gaps: [gap], invalid: [] })?.why ?? '',
    /^Warming up anew: it needs 14 bars, since 1970-01-01 00:00:02 UTC\. Gap in depth: sequence, expected 5, found 9$/,
  );
  const book = at(3, {
    gaps: [gapOf('aggTrade', 3.1, 3.2)],
    invalid: [{ fromMs: 3_000, toMs: 3_400, reason: 'crossed' }],
  });
  assert.match(book?.why ?? '', /^The order book is not valid: its best bid was not below/);
  assert.match(at(5)?.why ?? '', /^Nothing came that it is made of/);
  assert.equal(at(5)?.labels, ['b']);
  assert.equal(at(1, { gaps: [gapOf('depth', 1.2, 1.3)], invalid: [] })?.labels, [], 'a gap that all have outlived');
});

test('channels are those of the inputs, each once', () => {
  assert.equal(channelsOf(['bar', 'barBreak', 'sample']), ['aggTrade', 'trade']);
  assert.equal(channelsOf(['topOfBook', 'markPrice']), ['depth', 'depthSnapshot', 'markPrice']);
  assert.equal(channelsOf(['gap']), []);
});

test.run();
