import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { FeatureInput } from '../../operators/features/feature-input.ts';
import { featureSet } from '../../operators/features/feature-set.ts';
import { resolveFeatureSet } from '../../operators/features/resolve-feature-set.ts';
import { SMA } from '../../operators/features/technical/moving-averages.ts';
import { klineBars } from '../../operators/kline-bars.ts';
import type { Kline } from '../../streams/events/kline.ts';
import { testProjectionContract } from '../support/projection-contract.ts';
import { gap, instrument, trade } from './market-events.ts';

const test = suite('operators/kline-bars');

const FIVE_MS = 300_000;
const candle = (n: number, close: number, more: Partial<Kline> = {}): Kline => ({
  type: 'kline',
  interval: '5m',
  openTimeMs: n * FIVE_MS,
  open: 100,
  high: 110.3,
  low: 90.1,
  close,
  volume: 1.5,
  quoteVolume: null,
  buyVolume: null,
  trades: null,
  isClosed: true,
  ...more,
});

const SET = resolveFeatureSet({
  name: 'candles',
  version: 1,
  says: 'a set of a test',
  clock: { kind: 'kline', interval: '5m' },
  sampling: 'bars',
  features: [{ feature: SMA, column: 'mean', parameters: { period: 2 } }],
});

/** Close time in candles, and the mean of two closes in ticks of 0.10. */
function rows(inputs: readonly FeatureInput[]): (number | null)[][] {
  const { initialState, evolve, project } = featureSet(SET);
  let state = initialState();
  return inputs.flatMap((input) => {
    state = evolve(state, input);
    const vector = project(state, input);
    return vector === undefined ? [] : [[vector.timeMs / FIVE_MS, vector.values[0]!]];
  });
}

test('bars are the closed candles of the interval, in ticks and steps', () => {
  const { initialState, evolve, project } = klineBars('5m');
  const event = candle(3, 100.2);
  const state = evolve(evolve(initialState(), instrument()), event);
  assert.equal(project(state, event), {
    type: 'bar',
    openTimeMs: 3 * FIVE_MS,
    closeTimeMs: 4 * FIVE_MS,
    open: 1_000,
    high: 1_103,
    low: 901,
    close: 1_002,
    volume: 1_500,
  });
});

test('open ones, other intervals, repeated and late ones, and trades change nothing', () => {
  const plain = [instrument(), candle(1, 100), candle(2, 101), candle(3, 103)];
  const expected = [
    [2, null],
    [3, 1_005],
    [4, 1_020],
  ];
  assert.equal(rows(plain), expected);
  const disturbed = [
    candle(0, 55),
    instrument(),
    candle(1, 100),
    candle(1, 99),
    candle(2, 77, { isClosed: false }),
    trade(FIVE_MS, 5, 5),
    candle(2, 101),
    candle(1, 42),
    candle(2, 66, { interval: '15m' }),
    gap('aggTrade'),
    gap('kline_1m'),
    candle(3, 103),
  ];
  assert.equal(rows(disturbed), expected);
});

test('a hole between two, or a gap of their channel, breaks them', () => {
  const holed = [instrument(), candle(1, 100), candle(2, 101), candle(4, 103), candle(5, 104), candle(6, 105)];
  assert.equal(rows(holed), [
    [2, null],
    [3, 1_005],
    [6, null],
    [7, 1_045],
  ]);
  const lost = [instrument(), candle(1, 100), gap('kline_5m'), candle(2, 101), candle(3, 103)];
  assert.equal(rows(lost), [
    [2, null],
    [3, null],
    [4, 1_020],
  ]);
});

test('a volume that is not said is none', () => {
  const { initialState, evolve, project } = klineBars('5m');
  const event = candle(3, 100.2, { volume: null });
  const bar = project(evolve(evolve(initialState(), instrument()), event), event);
  assert.is(bar?.type === 'bar' && bar.volume, 0);
});

testProjectionContract(test, 'klineBars', {
  projection: {
    ...klineBars('5m'),
    initialState: () => klineBars('5m').evolve(klineBars('5m').initialState(), instrument()),
  },
  events: () => [candle(1, 100), candle(2, 101), gap('kline_5m'), candle(3, 103), candle(5, 104), candle(6, 105)],
  firstOutput: 0,
});

test('an interval that there is not is refused by name', () => {
  assert.throws(
    () =>
      resolveFeatureSet({
        ...SET,
        name: 'x',
        version: 1,
        says: '',
        features: [],
        clock: { kind: 'kline', interval: '7m' as '5m' },
      }),
    /feature set x, clock, interval: expected one of 1s, 1m, .*found 7m/,
  );
});

test.run();
