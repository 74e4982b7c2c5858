import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { random } from '../../../../operators/random.ts';
import { averageOf, comparisonWith } from '../../../../services/trainer/evaluate/figures.ts';
import { luckOf } from '../../../../services/trainer/evaluate/luck.ts';

const test = suite('services/trainer/evaluate/luck');
const DAY_MS = 86_400_000;

function returns(seed: number, mean: number, count = 240): number[] {
  const { normal } = random(seed);
  return Array.from({ length: count }, () => mean + 0.01 * normal());
}

test('the best of many without skill is no find, and the more were tried the less', () => {
  const lists = Array.from({ length: 20 }, (_, n) => returns(n + 1, 0));
  const { deflatedSharpe, realityCheck, trials, best } = luckOf(lists, 1);
  assert.is(trials, 20);
  const totals = lists.map((list) => list.reduce((sum, value) => sum + value, 0));
  assert.is(totals[best], Math.max(...totals));
  assert.ok(deflatedSharpe! < 0.95, `${deflatedSharpe}`);
  assert.ok(realityCheck! > 0.05, `${realityCheck}`);
  assert.ok(luckOf(lists, 50).deflatedSharpe! < deflatedSharpe!);
  assert.ok(luckOf([lists[best]!], 1).deflatedSharpe! > 0.95, 'by itself it looks like one');
});

test('seeds that are nearly the same do not make many trials cheap', () => {
  const one = returns(3, 0.0015);
  const alike = [1, 2, 3].map((n) => one.map((value) => value + n * 1e-9));
  const few = luckOf(alike, 1).deflatedSharpe!;
  assert.ok(luckOf(alike, 1_000).deflatedSharpe! < few - 0.1, `${few}`);
});

test('a seed with skill stays the best, one of many without does not', () => {
  const lists = Array.from({ length: 6 }, (_, n) => returns(n + 1, 0));
  assert.is(luckOf([...lists, returns(9, 0.01)], 1).overfitting, 0);
  assert.ok(luckOf(lists, 1).overfitting! > 0.2);
  const nothing = [[0, 0, 0, 0]];
  assert.equal(luckOf(nothing, 1), { best: 0, trials: 1, deflatedSharpe: null, overfitting: null, realityCheck: null });
});

test('better is what is so in all of the interval, period by period', () => {
  const market = returns(1, 0, 240);
  const own = market.map((value, n) => value + 0.001 + (n % 2) * 0.0001);
  assert.is(comparisonWith('holding', own, market, DAY_MS).is, 'better');
  assert.is(comparisonWith('holding', market, own, DAY_MS).is, 'worse');
  assert.is(
    comparisonWith(
      'flat',
      returns(2, 0),
      own.map(() => 0),
      DAY_MS,
    ).is,
    'not told',
  );
  assert.is(comparisonWith('flat', [0.1, 0.1], [0, 0], DAY_MS).is, 'not told');
  assert.equal(
    averageOf([
      [1, 2],
      [3, 6],
    ]),
    [2, 4],
  );
});

test.run();
