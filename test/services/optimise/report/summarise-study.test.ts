import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { studyHtml } from '../../../../services/optimise/report/page/study-html.ts';
import { studyText } from '../../../../services/optimise/report/study-text.ts';
import { summariseStudy } from '../../../../services/optimise/report/summarise-study.ts';
import type { WindowOutcome } from '../../../../services/optimise/run-study.ts';
import { failedTrial } from '../../../../services/optimise/trial-outcome.ts';
import { type MadeStudy, madeStudy } from './made-outcomes.ts';

const test = suite('services/optimise/report/summarise-study');

function report(made: MadeStudy, change: (outcome: WindowOutcome, n: number) => WindowOutcome = (outcome) => outcome) {
  const { study, outcomes } = madeStudy(made);
  return summariseStudy(study, outcomes.map(change));
}

const median = (values: readonly (number | null)[]): number =>
  values.map((value) => value!).sort((one, other) => one - other)[values.length >> 1]!;

test('an edge that is there is found, and said to be no luck', () => {
  const { verdict, result, inSample } = report({ windows: 12, edge: 0.002 });
  assert.match(verdict, /^Out of sample it gained .* \(12 test spans\)\. Better than flat, and unlikely to be luck/);
  assert.match(verdict, /Within training spans the search picks what stays good more often than not/);
  assert.match(verdict, /Holding BTCUSDT (gained|lost) .*; the strategy did better\.$/);
  assert.ok(result.intervals.meanReturn!.low > 0);
  assert.ok(median(inSample.windows.map(({ deflatedSharpe }) => deflatedSharpe)) > 0.95);
  assert.ok(median(inSample.windows.map(({ realityCheck }) => realityCheck)) < 0.05);
  assert.ok(median(inSample.windows.map(({ overfitting }) => overfitting)) < 0.25);
  const [{ median: value, spread }] = inSample.stability as [(typeof inSample.stability)[number]];
  assert.ok(Math.abs(value - 10) <= 3 && spread < 0.2, `${value}, ${spread}`);
});

test('where there is none, the best of the training spans is said to be luck', () => {
  const verdicts = [1, 2, 3, 4, 5, 6].map((seed) => {
    const { verdict, inSample } = report({ windows: 12, edge: 0, seed });
    // In sample the best looks good: that is what it was chosen by.
    assert.ok(median(inSample.windows.map(({ chosen }) => chosen.objectives['return']!)) > 0.03);
    assert.ok(median(inSample.windows.map(({ deflatedSharpe }) => deflatedSharpe)) < 0.8);
    assert.ok(median(inSample.windows.map(({ realityCheck }) => realityCheck)) > 0.2);
    assert.ok(median(inSample.windows.map(({ overfitting }) => overfitting)) > 0.3);
    return /No better than flat|Not distinguishable from luck|Worse than flat/.test(verdict);
  });
  assert.ok(verdicts.filter(Boolean).length >= 5, verdicts.join());
});

test('the result is the chain of the test spans, and of nothing else', () => {
  const { study, outcomes } = madeStudy({ windows: 3, edge: 0.001 });
  const { result } = summariseStudy(study, outcomes);
  const gains = outcomes.flatMap(({ test: { returns } }) => returns);
  assert.is(result.periods, 72);
  const expected = gains.reduce((product, gain) => product * (1 + gain), 1) - 1;
  assert.ok(Math.abs(result.total - expected) < 1e-12);
  const held = outcomes.flatMap((outcome) => outcome.test.held).reduce((product, gain) => product * (1 + gain), 1) - 1;
  assert.ok(Math.abs(result.holding! - held) < 1e-12);
  // Training spans made a thousand times better change no figure of it.
  const better = outcomes.map((outcome) => ({
    ...outcome,
    trials: outcome.trials.map((trial) => ({
      ...trial,
      outcome: { ...trial.outcome, returns: trial.outcome.returns.map((gain) => 1_000 + gain) },
    })),
  }));
  assert.equal(summariseStudy(study, better).result, result);
});

test('a test span on which the strategy failed counts as nothing, and is told', () => {
  const { result, notes } = report({ windows: 3, edge: 0.001 }, (outcome, n) =>
    n === 1 ? { ...outcome, test: failedTrial('it broke') } : outcome,
  );
  assert.equal([result.periods, result.spans[1]!.failure, result.holding], [72, 'it broke', null]);
  assert.is(result.growth.own[23], result.growth.own[47]);
  assert.ok(notes.some((note) => note.endsWith('counts as no gain and no loss: it broke')));
});

test('without a fill there is no result, only that', () => {
  const { verdict } = report({ windows: 3, edge: 0 }, (outcome) => ({
    ...outcome,
    test: {
      ...outcome.test,
      returns: outcome.test.returns.map(() => 0),
      figures: { ...outcome.test.figures!, fills: 0 },
    },
  }));
  assert.match(verdict, /^Out of sample no order was filled, .*: there is no result\. No better than flat\./);
});

test('neighbours, refusals, ends of ranges and data that are left over are told', () => {
  const { study, outcomes } = madeStudy({ windows: 3, edge: 0.002 });
  const refusing = outcomes.map((outcome) => ({
    ...outcome,
    chosen: outcome.trials[0]!,
    test: { ...outcome.test, refused: { '-2019': 30 } },
  }));
  const { notes, inSample } = summariseStudy({ ...study, leftOverMs: 3_600_000 }, refusing);
  for (const said of [
    /Nothing is left out between training and test/,
    /The last 1 h of the data are less than a test span/,
    /value was chosen at an end of its range \(0 to 20\) in most windows/,
    /90 orders of the test spans were refused .*\(-2019: 90\)/,
    /3 test spans say little/,
  ])
    assert.ok(
      notes.some((note) => said.test(note)),
      `${said} in ${notes.join('\n')}`,
    );
  for (const { beside } of inSample.windows) assert.ok(beside!.worst! <= beside!.median!);
});

test('text and page say the verdict, mark what is in-sample, and are the same each time', () => {
  const made = report({ windows: 12, edge: 0.002 });
  const [text, page] = [studyText(made), studyHtml(made)];
  assert.is(page, studyHtml(report({ windows: 12, edge: 0.002 })));
  for (const written of [text, page]) {
    assert.ok(written.includes(made.verdict.slice(0, 60)));
    const result = written.search(/out of sample, 19/i);
    const warned = written.indexOf('In-sample: of the spans that the parameters were chosen on');
    assert.ok(result > 0 && warned > result, `${result}, ${warned}`);
    // The best figure of a training span stands behind the words that it is none.
    const best = made.inSample.windows[0]!.chosen.objectives['return']!;
    assert.ok(written.indexOf(`${(best * 100).toFixed(2)} %`) > warned);
  }
  assert.match(page, /^<!doctype html>/);
  assert.not.match(page, /NaN|undefined|Infinity|<script/);
  assert.not.match(text, /NaN|undefined|Infinity/);
});

test.run();
