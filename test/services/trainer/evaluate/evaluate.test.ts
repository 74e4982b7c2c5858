import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { dataOver } from '../../../../services/trainer/evaluate/altered-data.ts';
import { evaluateConfig } from '../../../../services/trainer/evaluate/evaluate.ts';
import { evaluatePolicies } from '../../../../services/trainer/evaluate/evaluate-policies.ts';
import { evaluationText } from '../../../../services/trainer/evaluate/evaluation-text.ts';
import { foldsOf } from '../../../../services/trainer/evaluate/folds.ts';
import { evaluateSpan } from '../../../../services/trainer/evaluate/span-evaluation.ts';
import { trainAndJudge } from '../../../../services/trainer/run/train-run.ts';
import { testBackend } from '../../../support/test-backend.ts';
import { madeMarket, withForeknowledge } from './made-market.ts';

// Markets whose edge is known: what is said of an agent can be held against it.

const test = suite('services/trainer/evaluate');
const backend = await testBackend();

test('an edge that is there is found, by everything that is looked at', async () => {
  const data = madeMarket({ persistence: 0.95, move: 0.001, steps: 8_000, seeds: [1, 2] });
  const done: string[] = [];
  const report = await evaluateConfig(data, backend, { folds: 2, onProgress: ({ what }) => done.push(what) });
  const [whole, ...lines] = report.verdict.split('\n');
  assert.match(whole!, /^Better than flat, holding, trend, random, both in the walk-forward and on the untouched/);
  assert.not.match(report.verdict, /LEAK|no better/i);
  assert.match(lines.join('\n'), /at other times gained as much or more in 0 of 20 tries\./);
  const { walkForward, leakage } = report;
  for (const { is } of walkForward.comparisons) assert.is(is, 'better');
  assert.ok(walkForward.luck.deflatedSharpe! > 0.99);
  assert.equal([walkForward.luck.counted.trials, walkForward.luck.counted.own], [2, 2]);
  // Later it knows less, and a day later nothing.
  const [one, day] = walkForward.delays;
  const { costless } = walkForward.average;
  assert.ok(costless.sharpe! > one!.costless.sharpe! && one!.costless.sharpe! > 3 * Math.abs(day!.costless.sharpe!));
  assert.ok((leakage.labels.shuffled.sharpe ?? 0) < leakage.labels.real.sharpeInterval!.low);
  assert.equal(
    done,
    ['fold 1 of 2', 'fold 2 of 2', 'shuffled', 'test span'].flatMap((what) => [1, 2].map((n) => `${what}, seed ${n}`)),
  );
  const text = evaluationText(data, report);
  for (const part of [report.verdict, 'WALK-FORWARD, OUT OF SAMPLE', 'UNTOUCHED TEST SPAN', '(NO RESULT)', 'average'])
    assert.ok(text.includes(part), part);
});

test('where there is no edge it is said, with what it is no better than', async () => {
  const data = madeMarket({ persistence: 0.5, move: 0.001, steps: 1_500, seeds: [2] });
  const report = await evaluateConfig(data, backend, { folds: 2 });
  const [whole] = report.verdict.split('\n');
  assert.match(whole!, /^No edge was found: no better than flat, holding,/);
  assert.match(report.verdict, /There is no gain, even before costs, that could come from the features/);
  assert.ok(report.walkForward.average.filled > 0, 'it trades');
  assert.ok(report.walkForward.luck.deflatedSharpe! < 0.95);
});

test('a feature that contains the next candle is found out, however good the figures are', async () => {
  const data = withForeknowledge(madeMarket({ persistence: 0.5, move: 0.003, steps: 12_000 }));
  const report = await evaluateConfig(data, backend, { folds: 1, turns: 3 });
  assert.ok(report.test.average.costed.sharpe! > 100, 'it looks good');
  assert.match(report.verdict, /^Do not trust these figures: they rest on what cannot be known live\./);
  assert.match(report.verdict, /\nLEAK: planted cannot be computed from the candles up to/);
  assert.match(report.verdict, /\nLEAK: planted correlates with the next candle’s return by 1\.00/);
  assert.match(report.verdict, /\nLEAK\? With features one candle late nothing is left of the gain before costs/);
});

test('policies that were trained elsewhere are judged without training, as they were with it', async () => {
  const data = madeMarket({ persistence: 0.95, move: 0.001, steps: 6_000 });
  const { final } = foldsOf(data, { folds: 2 });
  const onFinal = dataOver(data, final);
  const { runs } = await trainAndJudge(onFinal, backend);
  const policies = runs.map(({ seed, policy }) => ({ name: `seed ${seed}`, policy }));
  const { verdict, span } = evaluatePolicies(onFinal, final.test, policies, { tried: 6 });
  assert.match(verdict, /^Better than flat, holding, trend, random, out of sample\./);
  assert.is(span.luck.counted.trials, 7);
  assert.is(span.agents[0]!.costed.total.toFixed(9), runs[0]!.tested.total.toFixed(9));
  assert.is(span.agents[0]!.filled, runs[0]!.tested.filled);
  // Agents that decide alike do so at other times too: else their average would be steadier there.
  const [{ policy }] = policies as [(typeof policies)[0]];
  const twins = ['one', 'other'].map((name) => ({ name, policy }));
  const [one, other] = evaluateSpan(onFinal, final.test, twins, { turns: 3, delays: [] }).agents;
  assert.equal(one!.turned, other!.turned);
  assert.is.not(JSON.stringify(one!.turned[0]), JSON.stringify(one!.turned[1]));
});

test.run();
