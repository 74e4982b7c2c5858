import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { random } from '../../../../operators/random.ts';
import { averageOf, comparisonWith } from '../../../../services/trainer/evaluate/figures.ts';
import { type Look, trialOf } from '../../../../services/trainer/evaluate/look.ts';
import { lookedAt } from '../../../../services/trainer/evaluate/looked-at.ts';
import { luckOf } from '../../../../services/trainer/evaluate/luck.ts';

const test = suite('services/trainer/evaluate/luck');
const DAY_MS = 86_400_000;

function returns(seed: number, mean: number, count = 240): number[] {
  const { normal } = random(seed);
  return Array.from({ length: count }, () => mean + 0.01 * normal());
}

/** Of agents over as many days. @param looks of others @param tried configurations beside these */
function luck(lists: readonly (readonly number[])[], looks: readonly Look[] = [], tried = 0) {
  const periods = lists[0]!.length;
  const span = { fromMs: 0, toMs: periods * DAY_MS, periodMs: DAY_MS, periods, agents: lists.length };
  return luckOf(lists, lookedAt(span, { looks, unfinished: [], elsewhere: [], unread: 0 }, tried));
}

test('the best of many without skill is no find, and the more were tried the less', () => {
  const lists = Array.from({ length: 20 }, (_, n) => returns(n + 1, 0));
  const { deflatedSharpe, realityCheck, counted, best } = luck(lists);
  assert.is(counted.trials, 20);
  const totals = lists.map((list) => list.reduce((sum, value) => sum + value, 0));
  assert.is(totals[best], Math.max(...totals));
  assert.ok(deflatedSharpe! < 0.95, `${deflatedSharpe}`);
  assert.ok(realityCheck! > 0.05, `${realityCheck}`);
  assert.ok(luck(lists, [], 49).deflatedSharpe! < deflatedSharpe!);
  assert.ok(luck([lists[best]!]).deflatedSharpe! > 0.95, 'by itself it looks like one');
});

test('seeds that are nearly the same do not make many trials cheap', () => {
  const one = returns(3, 0.0015);
  const alike = [1, 2, 3].map((n) => one.map((value) => value + n * 1e-9));
  const few = luck(alike).deflatedSharpe!;
  assert.ok(luck(alike, [], 999).deflatedSharpe! < few - 0.1, `${few}`);
});

test('a seed with skill stays the best, one of many without does not', () => {
  const lists = Array.from({ length: 6 }, (_, n) => returns(n + 1, 0));
  assert.is(luck([...lists, returns(9, 0.01)]).overfitting, 0);
  assert.ok(luck(lists).overfitting! > 0.2);
  const nothing = [[0, 0, 0, 0]];
  const { counted, ...rest } = luck(nothing);
  assert.is(counted.trials, 1);
  assert.equal(rest, { best: 0, deflatedSharpe: null, overfitting: null, realityCheck: null });
});

/** A run of one policy over so many days from the beginning on. */
function looked(id: string, list: readonly number[], days = list.length, by: Look['by'] = 'run'): Look {
  const returns = () => [{ periodMs: DAY_MS, returns: list }];
  return { id, by, fromMs: 0, toMs: days * DAY_MS, trials: [trialOf({ id }, 1)], returns };
}

test('what others looked at on the span counts, and is compared where it is just this span', () => {
  const own = returns(0, 0.0015);
  const others = Array.from({ length: 30 }, (_, n) => looked(`run ${n}`, returns(n + 1, 0)));
  const alone = luck([own]);
  assert.is(alone.overfitting, null, 'alone there is no choice');
  const among = luck([own], others);
  assert.equal([among.counted.trials, among.counted.runs, among.counted.compared], [31, 30, 30]);
  assert.ok(among.deflatedSharpe! < alone.deflatedSharpe! - 0.1, `${among.deflatedSharpe} ${alone.deflatedSharpe}`);
  // The same again, told once more by an evaluation, is nothing more.
  assert.equal(luck([own], [...others, ...others]), among);
  // Over more days, or fewer, it is a trial, but its days are not these.
  const half = luck([own], [looked('half', returns(1, 0, 120))]);
  assert.equal([half.counted.trials, half.counted.compared, half.overfitting], [2, 0, null]);
  // A few days more or less are left out of what is compared.
  const most = luck(
    [own],
    [
      looked('most', returns(1, 0, 230)),
      { ...looked('more', returns(2, 0, 250)), fromMs: -5 * DAY_MS, toMs: 245 * DAY_MS },
    ],
  );
  assert.equal([most.counted.trials, most.counted.compared], [3, 2]);
  const cut = lookedAt(
    { fromMs: 0, toMs: 240 * DAY_MS, periodMs: DAY_MS, periods: 240, agents: 1 },
    {
      looks: [{ ...looked('more', returns(2, 0, 250)), fromMs: -5 * DAY_MS, toMs: 245 * DAY_MS }],
      unfinished: [],
      elsewhere: [],
      unread: 0,
    },
  );
  assert.equal([cut.shared, cut.returns], [[0, 240], [returns(2, 0, 250).slice(5, 245)]]);
  // Folds that end within a day have a period more each: the same folds of another are the same periods.
  const folds = looked('folds', returns(2, 0, 242), 240);
  const walked = lookedAt(
    { fromMs: 0, toMs: 240 * DAY_MS, periodMs: DAY_MS, periods: 242, agents: 1 },
    { looks: [folds], unfinished: [], elsewhere: [], unread: 0 },
  );
  assert.equal([walked.shared, walked.returns], [[0, 242], [returns(2, 0, 242)]]);
  const before = { ...looked('before', returns(1, 0)), fromMs: -9 * DAY_MS, toMs: 0 };
  assert.equal([luck([own], [before]).counted.trials, luck([own], [before]).counted.runs], [1, 0]);
  assert.is(luck([own], [], 9).counted.trials, 10);
});

test('among many configurations without skill the best is luck; one with an edge stays', () => {
  const means = (edge: number) => {
    let [overfitting, deflated] = [0, 0];
    for (let market = 0; market < 6; market++) {
      const others = Array.from({ length: 40 }, (_, n) => looked(`${n}`, returns(1_000 * market + n + 1, 0)));
      // What is judged is the best of all, as it would be picked.
      const lists = others.map((look) => look.returns()[0]!.returns);
      const sums = lists.map((list) => list.reduce((sum, value) => sum + value, 0));
      const best = edge > 0 ? returns(1_000 * market + 999, edge) : lists[sums.indexOf(Math.max(...sums))]!;
      const found = luck(
        [best],
        others.filter((look) => look.returns()[0]!.returns !== best),
      );
      overfitting += found.overfitting! / 6;
      deflated += found.deflatedSharpe! / 6;
    }
    return { overfitting, deflated };
  };
  const without = means(0);
  assert.ok(without.overfitting > 0.4, `${without.overfitting}`);
  assert.ok(without.deflated < 0.8, `${without.deflated}`);
  const skilled = means(0.004);
  assert.ok(skilled.overfitting < 0.05, `${skilled.overfitting}`);
  assert.ok(skilled.deflated > 0.95, `${skilled.deflated}`);
});

test('a trial is the same whatever the order of its settings, its other seeds and the study that it is from', () => {
  const config = { interval: '5m', ppo: { gamma: 0.9, epochs: 3 }, seeds: [1, 2], study: null };
  const same = { study: { trials: 9 }, ppo: { epochs: 3, gamma: 0.9 }, seeds: [7], interval: '5m' };
  assert.is(trialOf(config, 1), trialOf(same, 1));
  assert.is.not(trialOf(config, 1), trialOf(config, 2));
  assert.is.not(trialOf(config, 1), trialOf({ ...config, ppo: { gamma: 0.8, epochs: 3 } }, 1));
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
