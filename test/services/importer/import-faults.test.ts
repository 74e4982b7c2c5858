import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { at, COUNTS, changed, imported, LINES, payloadOf } from './imported.ts';
import { type CaptureLine, captureText } from './synthetic-capture.ts';

const test = suite('services/importer/import-faults');

const FAULTS: readonly {
  readonly what: string;
  readonly channel: CaptureLine['channel'];
  readonly change: (text: string) => string;
  readonly fault: readonly [channel: string | null, field: string, expected: RegExp, found: RegExp];
}[] = [
  {
    what: 'a truncated line',
    channel: 'depth',
    change: (text) => text.slice(0, -20),
    fault: ['depth', 'frame', /a whole JSON frame/, /…/],
  },
  { what: 'a line of nonsense', channel: 'depth', change: () => '%%%%', fault: [null, 'receive time', /ns/, /%%%%/] },
  {
    what: 'a price that is no number',
    channel: 'trade',
    change: (text) => text.replace(/"p":"3/, '"p":"x'),
    fault: ['trade', 'p', /a decimal/, /x0/],
  },
  {
    what: 'a negative quantity in a level',
    channel: 'depth',
    change: (text) => text.replace('"1.001"', '"-1.001"'),
    fault: ['depth', 'b[0][1]', /a decimal/, /-1\.001/],
  },
  {
    what: 'a missing field',
    channel: 'trade',
    change: (text) => text.replace(/"t":\d+,/, ''),
    fault: ['trade', 't', /an integer/, /nothing/],
  },
  {
    what: 'a missing predecessor',
    channel: 'depth',
    change: (text) => text.replace(/"pu":\d+,/, ''),
    fault: ['depth', 'pu', /update id of the event before/, /nothing/],
  },
  {
    what: 'a wrong symbol',
    channel: 'depth',
    change: (text) => text.replace('BTCUSDT', 'BTCUSDX'),
    fault: ['depth', 's', /BTCUSDT/, /BTCUSDX/],
  },
  {
    what: 'a receive time in another unit',
    channel: 'trade',
    change: (text) => text.replace(/^(\d{13})\d+/, '$1'),
    fault: [null, 'receive time', /a time in ns/, /^\d{13}$/],
  },
  {
    what: 'a receive time that goes back',
    channel: 'trade',
    change: (text) => text.replace(/^17/, '16'),
    fault: ['trade', 'receive time', /a time from/, /2020-/],
  },
  {
    what: 'a receive time that jumps ahead',
    channel: 'trade',
    change: (text) => text.replace(/^17/, '18'),
    fault: ['trade', 'receive time', /a time between/, /2027-/],
  },
  {
    what: 'an id beyond 2^53',
    channel: 'depth',
    change: (text) => text.replace(/"u":\d+/, '"u":99999999999999999'),
    fault: ['depth', 'u', /2\^53/, /9999/],
  },
];

for (const { what, channel, change, fault } of FAULTS)
  test(`refuses ${what}, names it, keeps it, and imports the rest`, async () => {
    const index = at(channel, 77);
    const { report, log, deadLetters } = await imported(changed(index, change));
    assert.is(report.refusedTotal, 1);
    const [line] = report.refused;
    const [faultChannel, field, expected, found] = fault;
    assert.is(line?.line, index + 1);
    assert.is(line?.channel, faultChannel);
    assert.is(line?.field, field);
    assert.match(line?.expected ?? '', expected);
    assert.match(line?.found ?? '', found);
    assert.is(report.events[channel], (COUNTS[channel] ?? 0) - 1);
    assert.equal(report.gaps, { [channel]: 1 }, 'and the chain shows the hole');
    assert.is(log.length, LINES.length + 1 - 1 + 1);
    assert.is(deadLetters.length, 1);
    assert.is(deadLetters[0]?.payload, change(LINES[index]!.text));
    assert.match(deadLetters[0]?.reason ?? '', `line ${index + 1}: ${field}: expected`);
  });

test('marks a refused event of a channel that has no chain', async () => {
  const index = at('bookTicker', 77);
  const { report, log } = await imported(changed(index, (text) => text.replace(/"B":"1/, '"B":"one')));
  assert.equal(report.gaps, { bookTicker: 1 });
  const gapAt = log.findIndex((event) => event.channel === 'gap');
  assert.equal(JSON.parse(log[gapAt]!.payload), {
    channel: 'bookTicker',
    expected: null,
    found: null,
    reason: 'dead-letter',
  });
  assert.is(log[gapAt + 1]?.payload, payloadOf(LINES[index + 1]!));
});

test('counts all refused lines, and names the first twenty of each kind', async () => {
  const bad = new Set(LINES.map((_, i) => i).filter((i) => LINES[i]!.channel === 'bookTicker' && i % 2 === 0));
  const text = captureText(LINES.map((line, i) => (bad.has(i) ? { ...line, text: line.text.slice(0, 60) } : line)));
  const { report, deadLetters } = await imported(text);
  assert.is(report.refusedTotal, bad.size);
  assert.equal(report.refusedKinds, [
    { channel: 'bookTicker', field: 'frame', expected: 'a whole JSON frame', count: bad.size },
  ]);
  assert.equal(
    report.refused.map(({ line }) => line - 1),
    [...bad].slice(0, 20),
  );
  assert.is(deadLetters.length, Math.min(100, bad.size));
});

test.run();
