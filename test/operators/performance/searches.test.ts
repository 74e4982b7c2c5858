import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { backtestOverfitting } from '../../../operators/performance/backtest-overfitting.ts';
import { realityCheck } from '../../../operators/performance/reality-check.ts';
import { sharpeRatio } from '../../../operators/performance/sharpe-ratio.ts';
import { random } from '../../../operators/random.ts';
import { near } from './near.ts';

const test = suite('operators/performance/searches');

/** Strategies of luck only; the one named has some skill. */
function returnsOf(strategies: number, count: number, seed: number, skill = 0): number[][] {
  const { normal } = random(seed);
  return Array.from({ length: strategies }, (_, k) =>
    Array.from({ length: count }, () => normal() + (k === 3 ? skill : 0)),
  );
}

test('the reality check rejects luck in about 5 of 100 searches at 5 %', () => {
  const { uniform } = random(9);
  let rejected = 0;
  for (let run = 0; run < 200; run++) {
    const { pValue } = realityCheck(returnsOf(8, 60, 500 + run), { samples: 200, blockLength: 1, uniform });
    if (pValue! <= 0.05) rejected++;
  }
  assert.ok(rejected <= 22, `${rejected} of 200`);
  assert.ok(rejected >= 2, `${rejected} of 200: it would never reject`);
});

test('the reality check finds skill, and names who has it', () => {
  const { uniform } = random(9);
  const { pValue, best, bestMean } = realityCheck(returnsOf(20, 400, 1, 0.3), {
    samples: 300,
    blockLength: 2,
    uniform,
  });
  assert.is(best, 3);
  assert.ok(bestMean > 0.15);
  assert.ok(pValue! < 0.01, `p ${pValue}`);
});

test('one strategy beside many bad ones is not helped by them', () => {
  const { uniform } = random(9);
  const bad = returnsOf(10, 100, 4).map((list) => list.map((value) => value - 1));
  assert.ok(realityCheck(bad, { samples: 200, blockLength: 1, uniform }).pValue! > 0.9);
});

test('without returns there is nothing to check', () => {
  const options = { samples: 10, blockLength: 1, uniform: () => 0.5 };
  assert.equal(realityCheck([], options), { pValue: null, best: -1, bestMean: 0 });
  assert.is(realityCheck([[0.1]], options).pValue, null);
});

test('a search among luck is overfitted about as often as not, one with skill never', () => {
  let sum = 0;
  for (let seed = 0; seed < 12; seed++) sum += backtestOverfitting(returnsOf(10, 160, 100 + seed), 8)!.probability;
  near(sum / 12, 0.5, 0.15, 'luck');
  const skilled = backtestOverfitting(returnsOf(10, 160, 7, 1), 8)!;
  assert.is(skilled.probability, 0);
  assert.is(skilled.lossProbability, 0);
  assert.is(skilled.logits.length, 70, 'the halves of 8 blocks');
});

test('is what splitting the returns by hand gives', () => {
  const returns = returnsOf(5, 42, 12);
  const size = 10;
  const block = (list: number[], n: number) => list.slice(n * size, (n + 1) * size);
  const logits: number[] = [];
  for (const inside of [
    [0, 1],
    [0, 2],
    [1, 2],
    [0, 3],
    [1, 3],
    [2, 3],
  ]) {
    const outside = [0, 1, 2, 3].filter((n) => !inside.includes(n));
    const ratios = (blocks: number[]) => returns.map((list) => sharpeRatio(blocks.flatMap((n) => block(list, n)))!);
    const [own, other] = [ratios(inside), ratios(outside)];
    const best = own.indexOf(Math.max(...own));
    const rank = other.filter((ratio) => ratio <= other[best]!).length;
    logits.push(Math.log(rank / 6 / (1 - rank / 6)));
  }
  const found = backtestOverfitting(returns, 4)!;
  for (const [n, logit] of logits.entries()) near(found.logits[n], logit, 1e-9);
  near(found.probability, logits.filter((logit) => logit <= 0).length / 6);
});

test('has no answer for one strategy or too few returns, and takes flat ones', () => {
  assert.is(backtestOverfitting(returnsOf(1, 100, 1)), null);
  assert.is(backtestOverfitting(returnsOf(5, 20, 1)), null);
  assert.throws(() => backtestOverfitting(returnsOf(5, 100, 1), 3), /even/);
  const flat = backtestOverfitting([new Array<number>(40).fill(0.1), new Array<number>(40).fill(0.1)], 4)!;
  assert.is(flat.degradation, null);
  assert.ok(
    flat.logits.every((logit) => logit === 0),
    'equal ranks are in the middle',
  );
});

test.run();
