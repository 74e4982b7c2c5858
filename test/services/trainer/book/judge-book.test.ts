import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { random } from '../../../../operators/random.ts';
import { bookRules, passOfRule, turnedPasses } from '../../../../services/trainer/book/book-baselines.ts';
import { passOverBook } from '../../../../services/trainer/book/book-pass.ts';
import { bookVerdict } from '../../../../services/trainer/book/book-text.ts';
import { compareOnBook, type JudgedOnBook } from '../../../../services/trainer/book/judge-book.ts';
import type { TestedFigures } from '../../../../services/trainer/model/model.ts';
import type { Judgement } from '../../../../services/trainer/run/judge.ts';
import type { BookOutcome } from '../../../../services/trainer/run/run-report.ts';
import { dataOf, QUOTING } from './made-book-run.ts';

const test = suite('services/trainer/book/judge-book');

test('the market maker quotes both sides all the time, and is filled on both', () => {
  const data = dataOf(QUOTING);
  const rules = bookRules(data.config);
  assert.equal(
    rules.map(({ name }) => name),
    ['flat', 'holding', 'market maker'],
  );
  const pass = passOfRule(data, rules[2]!);
  const moves = pass.position.slice(1).map((held, n) => held - pass.position[n]!);
  const [up, down] = [moves.filter((move) => move > 0).length, moves.filter((move) => move < 0).length];
  assert.ok(pass.filled > 20 && up > 5 && down > 5, `${pass.filled} fills, ${up} up, ${down} down`);
  assert.ok(Math.max(...pass.position.map(Math.abs)) <= 4);
  assert.ok(pass.fees > 0);
});

test('flat never trades; holding buys as much as an agent may, once', () => {
  const data = dataOf(QUOTING);
  const [flat, holding] = bookRules(data.config).map((rule) => passOfRule(data, rule));
  assert.is(flat!.filled, 0);
  assert.ok(flat!.equity.every((value) => value === 1_000_000));
  assert.is(holding!.position.at(-1), 4);
  assert.ok(holding!.position.slice(3).every((held) => held === 4));
  const byShare = dataOf();
  const [, held] = bookRules(byShare.config).map((rule) => passOfRule(byShare, rule));
  assert.ok(Math.abs(held!.position.at(-1)! * held!.price[0]! - 1_000_000) < 5_000);
  assert.is(bookRules(byShare.config).length, 2);
});

test('decisions at other times trade as much', () => {
  const data = dataOf({ size: { qty: 1 } });
  let n = 0;
  // Long, flat and short in turn, each for 30 decisions.
  const pass = passOverBook(data, data.test, () => Math.floor(n++ / 30) % 3);
  const turned = turnedPasses(data, pass, 4);
  assert.ok(pass.filled > 8);
  for (const other of turned) {
    assert.ok(Math.abs(other.filled - pass.filled) <= 2, `${other.filled} fills of ${pass.filled}`);
    assert.ok(Math.abs(other.fees / pass.fees - 1) < 0.2);
    assert.is(other.actions.length, pass.actions.length);
    assert.not.equal(other.actions, pass.actions);
  }
});

test('the decisions of all seeds are tried at the same other times', () => {
  const data = dataOf({ size: { qty: 1 } });
  /** By how many decisions each try begins later. */
  const shiftsOf = (seed: number): number[] => {
    const drawn = random(seed);
    const pass = passOverBook(data, data.test, () => drawn.below(3));
    const { actions } = pass;
    return turnedPasses(data, pass, 3).map((other) =>
      actions.findIndex((_, by) => other.actions.every((action, n) => action === actions[(n + by) % actions.length])),
    );
  };
  const shifts = shiftsOf(1);
  assert.equal(shiftsOf(2), shifts);
  assert.is(new Set(shifts).size, 3);
  assert.ok(shifts.every((by) => by > 0));
});

test('the row of random is the middle one of the tries, and what is compared is their mean', () => {
  const data = dataOf({ test: { share: 0.1 } });
  const judgedAs = (name: string, gain: number, fees: number): Judgement => ({
    ...figures({ name, fees }),
    total: gain,
    returns: [gain, 0, 0],
  });
  // By what they gain the tries are 0.1 apart, and the middle one is neither the first nor the last.
  const seed = (more: number): JudgedOnBook => ({
    trained: judgedAs('trained', 1, 1),
    tested: judgedAs('tested', 0.3 + more, 1),
    turned: [5, 0, 9, 2, 7, 1, 3, 8, 6, 4].map((n) => judgedAs('random', n / 10 + more, 10 * n)),
    validShare: 1,
  });
  const { baselines, book } = compareOnBook(data, [seed(0.01), seed(-0.01)]);
  const row = baselines.find(({ name }) => name === 'random')!;
  assert.equal([row.total.toFixed(9), row.fees, row.returns.length], [(0.5).toFixed(9), 50, 3]);
  assert.equal([book.average.total.toFixed(9), book.tries, book.asGood], [(0.3).toFixed(9), 10, 7]);
  const { mean } = book.comparisons.find(({ name }) => name === 'random')!;
  assert.is(mean.toFixed(9), ((0.3 - 0.45) / 3).toFixed(9));
  // Rules have more periods, in which the seeds gain nothing any more.
  const flat = book.comparisons.find(({ name }) => name === 'flat')!;
  const periods = baselines.find(({ name }) => name === 'flat')!.returns.length;
  assert.ok(periods > 3);
  assert.is(flat.mean.toFixed(9), (0.3 / periods).toFixed(9));
});

const figures = (more: Partial<TestedFigures>): TestedFigures => ({
  name: 'average',
  total: 0.01,
  sharpe: 1,
  sharpeInterval: { low: -1, high: 3, level: 0.95 },
  maxDrawdown: 0,
  aboveHolding: null,
  periodMs: 1_000,
  fees: 1,
  funding: 0,
  filled: 4,
  liquidations: 0,
  ...more,
});
const judgement = (average: TestedFigures, is: 'better' | 'worse' | 'not told'): BookOutcome => ({
  average,
  tries: 10,
  asGood: 3,
  comparisons: [
    { name: 'flat', mean: 0, interval: null, is },
    { name: 'holding', mean: 0, interval: null, is: 'better' },
  ],
  validShare: 1,
});
const over = (toMs: number) => ({ span: { fromMs: 0, toMs }, seeds: 2 });
const MINUTE = over(86_000);

test('the verdict says what it is no better than, and that minutes tell nothing of the long run', () => {
  const missed = bookVerdict(judgement(figures({}), 'not told'), MINUTE);
  assert.match(missed, /gained 1.00 % after costs: no better than flat; better than holding\./);
  assert.match(missed, /holds 0: it cannot be told from luck/);
  assert.match(missed, /as much or more in 3 of 10 tries/);
  assert.match(missed, /A test of 1 min 26 s can tell nothing about the long run/);
  const low = { low: -9, high: -1, level: 0.95 };
  const worse = bookVerdict(judgement(figures({ total: -0.02, sharpeInterval: low }), 'worse'), MINUTE);
  assert.match(
    worse,
    /lost 2.00 % after costs: no better than flat \(worse\); better than holding\. That is no bad luck/,
  );
  const better = bookVerdict(judgement(figures({}), 'better'), over(3 * 86_400_000));
  assert.match(better, /after costs: better than flat, holding\..*A test of 3 d can tell little/);
  assert.match(bookVerdict(judgement(figures({ filled: 0 }), 'not told'), MINUTE), /^It never traded, and so is no/);
  assert.not.match(bookVerdict(judgement(figures({}), 'better'), over(61 * 86_400_000)), /long run/);
});

test.run();
