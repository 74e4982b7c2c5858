import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { defineStrategy, type Market } from '../../../../pipelines/simulation/strategy.ts';
import { type BarData, barData, environmentOf } from '../../../../services/trainer/run/bar-data.ts';
import { strategyDemonstrations } from '../../../../services/trainer/run/strategy-demonstrations.ts';
import { strategyTargets } from '../../../../services/trainer/run/strategy-targets.ts';
import { checkTrainConfig } from '../../../../services/trainer/run/train-config.ts';
import { barsOf, type Candle, SCALE } from '../../../pipelines/simulation/small-bars.ts';

const test = suite('services/trainer/run/strategy-demonstrations');

/** Prices stay where they are, but for one candle that falls for a moment; the last fifth is tested. */
const candles = (count: number) =>
  Array.from({ length: count }, (_, n): Candle => [1_000, 1_000, n === 10 ? 890 : 1_000, 1_000, 10_000]);

/** What is done at the close of a candle, by its number. */
type Deeds = Readonly<Record<number, (market: Market) => void>>;

const doing = (deeds: Deeds) =>
  defineStrategy({
    name: 'doing',
    title: 'Doing',
    says: 'what it is told',
    parameters: {},
    events: [],
    barMs: () => 60_000,
    create() {
      let n = 0;
      return { onBar: (_, market) => deeds[n++]?.(market) };
    },
  });

const loaded = (deeds: Deeds) => ({ definition: doing(deeds), hash: '', parameters: {} });

function dataOf(more: object = {}, count = 20): BarData {
  const bars = barsOf(candles(count));
  const config = checkTrainConfig({
    instrument: 'simulated:TEST',
    interval: '1m',
    features: [{ feature: 'rate_of_change', parameters: { period: 1 } }],
    actions: { type: 'targets', targets: [-1, -0.5, 0, 0.5, 1] },
    ...more,
  });
  return barData(config, { bars, scale: SCALE, funding: { funding: bars.funding, recording: undefined } });
}

/** 10 000 at a price of 1 000: the target 1 is 10 at first, 9 once fees are paid, and 10 again after what is bought at 900. */
const DEEDS: Deeds = {
  3: (market) => market.placeMarket('buy', 10),
  6: (market) => market.placeMarket('sell', 15),
  // Rests until the candle that falls, in which it is filled.
  8: (market) => market.placeLimit('buy', 900, 5),
  // Rests, and is never filled.
  11: (market) => market.placeLimit('sell', 1_040, 5),
  // Takes at once.
  12: (market) => market.placeLimit('buy', 1_010, 4),
  17: (market) => market.placeMarket('buy', 9),
};

test('what is wanted is what is held and what takes, in parts of what could be held when it changed', () => {
  const data = dataOf();
  const { targets, greatest, total } = strategyTargets(data, data.train, loaded(DEEDS), null);
  const [n, half, last] = [Number.NaN, -5 / 9, 4 / 10];
  assert.equal(Array.from(targets), [
    0,
    0,
    0,
    1,
    1,
    1,
    half,
    half,
    half,
    half,
    0,
    0,
    last,
    last,
    last,
    last,
    n,
    n,
    n,
    n,
  ]);
  assert.is(greatest, 1);
  // 5 sold short at 1 000 and bought at 900, less fees and slippage.
  assert.ok(total > 0.045 && total < 0.05, `${total}`);
  const small = strategyTargets(data, data.train, loaded(DEEDS), 20).targets;
  assert.equal([small[3], small[6], small[12]], [0.5, -0.25, 0.2], 'in parts of a position that is said');
});

test('the nearest actions are written down, beside what an agent sees that takes them', () => {
  const data = dataOf();
  const shown = strategyTargets(data, data.train, loaded(DEEDS), null);
  const { bars, actions, observations, observationSize } = strategyDemonstrations(data, data.train, shown, 0);
  // The feature is valid from the second candle on; at the last one nothing is decided.
  assert.equal(Array.from(bars), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14]);
  assert.equal(Array.from(actions), [2, 2, 4, 4, 4, 1, 1, 1, 1, 2, 2, 3, 3, 3]);
  const { observationNames } = environmentOf(data, { begin: 'first' }, 1);
  const at = observationNames.indexOf('position');
  const held = Array.from(bars, (_, row) => Math.sign(observations[row * observationSize + at]!));
  assert.equal(held, [0, 0, 0, 1, 1, 1, -1, -1, -1, -1, 0, 0, 1, 1], 'a candle later it is held');
});

/** What was shown, and on which side of the market an agent was then. */
function rowsOf(data: BarData, deeds: Deeds, noise: number) {
  const at = environmentOf(data, { begin: 'first' }, 1).observationNames.indexOf('position');
  const shown = strategyTargets(data, data.train, loaded(deeds), null);
  const { bars, actions, observations, observationSize } = strategyDemonstrations(data, data.train, shown, noise);
  const held = Array.from(bars, (_, row) => Math.sign(observations[row * observationSize + at]!));
  return { bars: Array.from(bars), actions: Array.from(actions), held };
}

test('episodes are as long as in training', () => {
  const { bars, held } = rowsOf(dataOf({ episodeSteps: 4 }), DEEDS, 0);
  assert.equal(bars, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14]);
  // A new one begins with nothing held, at candles 5, 9 and 13.
  assert.equal(held, [0, 0, 0, 1, 0, 1, -1, -1, 0, -1, 0, 0, 0, 1]);
});

test('with noise what is held differs, and what is written down does not', () => {
  const data = dataOf({}, 1_000);
  const turning = Object.fromEntries(
    Array.from({ length: 30 }, (_, n) => [
      n * 25,
      ({ positionSteps, placeMarket }: Market) =>
        placeMarket(n % 2 === 0 ? 'buy' : 'sell', n % 2 === 0 ? 5 - positionSteps : 5 + positionSteps),
    ]),
  );
  const [own, half, all] = [0, 0.5, 1].map((noise) => rowsOf(data, turning, noise));
  for (const other of [half!, all!]) assert.equal([other.bars, other.actions], [own!.bars, own!.actions]);
  const differing = ({ held }: typeof own & object): number =>
    held.filter((side, row) => side !== own!.held[row]).length / held.length;
  assert.ok(differing(half!) > 0.15 && differing(half!) < differing(all!), `${differing(half!)} ${differing(all!)}`);
});

test('only candles that are learned of are looked at', () => {
  const data = dataOf();
  let seen = 0;
  const watching = { ...DEEDS, 15: () => seen++, 16: () => seen++ };
  strategyTargets(data, data.train, loaded(watching), null);
  assert.is(seen, 1);
});

test('a strategy that does not trade, or comes to one action, is refused', () => {
  const data = dataOf();
  const shown = (deeds: Deeds) => strategyTargets(data, data.train, loaded(deeds), null);
  assert.throws(
    () => shown({ 17: DEEDS[17]! }),
    /^warmStart\/strategy: expected one that trades in what is learned of, found no trade of doing from 1970-01-02/,
  );
  const one = shown({ 3: (market) => market.placeMarket('buy', 1) });
  assert.throws(
    () => strategyDemonstrations(data, data.train, one, 0),
    /^warmStart\/strategy: expected positions that several actions are near to, found at most 0.1 of the greatest one/,
  );
  assert.throws(
    () => strategyTargets(data, data.train, loaded(DEEDS), 0.2),
    /^warmStart\/fullPosition: size, qty: expected a quantity of at least 1, found 0.2$/,
  );
});

test.run();
