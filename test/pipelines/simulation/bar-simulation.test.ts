import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { constantLatency, type LatencyModel } from '../../../operators/matching/latency.ts';
import type { Market, Strategy } from '../../../pipelines/simulation/strategy.ts';
import { minutes, runBars } from './run-bars.ts';
import { barsOf, type Candle, MINUTE_MS } from './small-bars.ts';

const test = suite('pipelines/simulation/bar-simulation');

/** Does this at the close of the n-th bar. */
function atBars(actions: Readonly<Record<number, (market: Market) => void>>, more: Strategy = {}): Strategy {
  let bar = 0;
  return { ...more, onBar: (_, market) => actions[++bar]?.(market) };
}

const FLAT: Candle = [1_000, 1_000, 1_000, 1_000];

test('an order that is sent at a close meets the next open, and its fill is told at the close after', () => {
  const told: string[] = [];
  const { log } = runBars(
    barsOf([FLAT, [1_000, 1_030, 990, 1_020], [1_020, 1_030, 1_000, 1_010]]),
    atBars(
      {
        1: (market) => void market.placeMarket('buy', 5),
        2: (market) => void told.push(`bar, ${market.positionSteps}`),
      },
      { onFill: ({ qtySteps }, { timeUs }) => void told.push(`fill of ${qtySteps} at ${minutes(timeUs)}`) },
    ),
  );
  assert.equal(log, ['0 price 1000', 'sent 1 buy at 1000', '1.01 price 1000', '1.01 1 taker 5 at 1002 (1000)']);
  assert.equal(told, ['fill of 5 at 2', 'bar, 5']);
});

test('what arrives in the second half of a candle, or behind it, meets an open after that', () => {
  for (const [latencyMs, filledAt] of [
    [29_999, 1.5],
    [30_000, 2],
    [60_000, 2],
    [89_000, 2.483],
    [95_000, 3],
  ] as const) {
    const candles: Candle[] = [FLAT, FLAT, FLAT, FLAT];
    const { log } = runBars(barsOf(candles), atBars({ 1: (market) => void market.placeMarket('buy', 5) }), {
      latency: constantLatency(latencyMs, 0),
    });
    assert.equal(log.slice(2), [`${filledAt} price 1000`, `${filledAt} 1 taker 5 at 1002 (1000)`]);
  }
});

test('what rests is filled half-way through the candle that goes through it, and cancelled in time', () => {
  const { log, simulation } = runBars(
    barsOf([FLAT, [1_000, 1_005, 995, 1_000], [1_000, 1_001, 994, 1_000], [1_000, 1_000, 900, 950]]),
    atBars({
      1: (market) => {
        market.placeLimit('buy', 995, 5);
        market.placeLimit('buy', 990, 5);
      },
      3: (market) => market.cancel(market.orders[0]!.orderId),
    }),
  );
  assert.equal(log.slice(3), [
    '1.01 price 1000',
    '1.01 1 rests 5 at 995',
    '1.01 2 rests 5 at 990',
    '2.5 1 through 5 at 995 (995)',
    '3.01 price 1000',
    '3.01 2 CANCELED 0',
  ]);
  assert.equal(simulation.counts, { sent: 2, filled: 1, cancelled: 1, rejected: {}, stopped: {} });
});

test('an open beyond an order fills it at its own price, before its cancellation can come', () => {
  const { log } = runBars(
    barsOf([FLAT, FLAT, [980, 985, 970, 975]]),
    atBars({ 1: (market) => void market.placeLimit('buy', 990, 5), 2: (market) => market.cancel(1) }),
  );
  assert.equal(log.slice(3), ['1.01 1 rests 5 at 990', '2 1 through 5 at 990 (990)', '2.01 price 980']);
});

/** Buys at the second candle's open, and has its target in the third. */
const WITH_TARGET = (): Strategy =>
  atBars({
    1: (market) => void market.placeMarket('buy', 5),
    2: (market) => void market.placeLimit('sell', 1_050, 5, { isReduceOnly: true }),
  });

test('a position is tried against the worst of a candle before its target can be filled', () => {
  const candles: Candle[] = [FLAT, FLAT, [1_000, 1_060, 900, 1_055], FLAT];
  const calm = runBars(barsOf(candles), WITH_TARGET(), { safeUpToTicks: () => 899 });
  assert.equal(calm.log.slice(5), ['2.01 price 1000', '2.01 2 rests 5 at 1050', '2.5 2 through 5 at 1050 (1050)']);
  const heard: string[] = [];
  const liquidated = runBars(
    barsOf(candles),
    {
      ...WITH_TARGET(),
      onFill: ({ kind, priceTicks }, market) => heard.push(`${kind} ${priceTicks}, ${market.positionSteps}`),
    },
    { safeUpToTicks: () => 900 },
    (price, simulation) => price === 900 && simulation.liquidate('sell', 5, 900),
  );
  assert.equal(liquidated.log.slice(5), [
    '2.01 price 1000',
    '2.01 2 rests 5 at 1050',
    '2.5 price 900',
    '2.5 2 CANCELED 0',
  ]);
  assert.equal(heard, ['taker 1002, 5', 'liquidation 900, 0']);
});

test('a short is tried against the high, and a position that is filled within a candle against what is worse for it', () => {
  const { log } = runBars(
    barsOf([FLAT, [1_000, 1_060, 990, 1_000], FLAT]),
    atBars({ 1: (market) => void market.placeLimit('sell', 1_050, 5) }),
    { safeUpToTicks: () => 1_055 },
  );
  assert.equal(log.slice(3), ['1.01 1 rests 5 at 1050', '1.5 1 through 5 at 1050 (1050)', '1.5 price 1060']);
});

test('a position that is closed at the open is not tried against the rest of the candle', () => {
  const { log } = runBars(
    barsOf([FLAT, FLAT, [1_000, 1_000, 100, 1_000]]),
    atBars({
      1: (market) => void market.placeMarket('buy', 5),
      2: (market) => void market.placeMarket('sell', 5),
    }),
    { safeUpToTicks: () => 500 },
  );
  assert.equal(log.slice(5), ['2.01 price 1000', '2.01 2 taker 5 at 998 (1000)']);
});

test('funding is settled at its time by the price that is known, before orders of the same instant', () => {
  const { log } = runBars(
    barsOf(
      [FLAT, [1_001, 1_002, 1_000, 1_002], undefined, undefined, [1_010, 1_010, 1_005, 1_005], FLAT],
      [
        [-MINUTE_MS, 0.5],
        [MINUTE_MS + 600, 0.1],
        [MINUTE_MS + 30_000, 0.15],
        [MINUTE_MS + 40_000, 0.2],
        [2 * MINUTE_MS + 1, 0.3],
        [3 * MINUTE_MS, 0.4],
        [5 * MINUTE_MS, 0.6],
      ],
    ),
    atBars({ 1: (market) => void market.placeMarket('buy', 5) }),
  );
  assert.equal(log, [
    '0 price 1000, 0.1 in 60600 ms',
    'sent 1 buy at 1000',
    '1.01 price 1001, 0.15 in 90000 ms',
    '1.01 price 1001, 0.15 in 90000 ms',
    '1.01 1 taker 5 at 1004 (1001)',
    '1.5 price 1001, 0.2 in 100000 ms',
    '1.667 price 1002, 0.3 in 120001 ms',
    '2 price 1002, 0.4 in 180000 ms',
    '3 price 1002, 0.6 in 300000 ms',
    '5 price 1005',
  ]);
});

test('bars of several candles are told when they are whole, and timers at their multiples', () => {
  const told: string[] = [];
  runBars(
    barsOf([
      [1, 5, 1, 2, 10],
      [2, 3, 1, 3, 20],
      [3, 9, 2, 4, Number.NaN],
      [4, 4, 4, 4],
      undefined,
      [5, 5, 5, 5],
      [6, 8, 6, 7, 1],
      [7, 7, 5, 6, 2],
      [6, 6, 6, 6, 3],
      [6, 6, 6, 6, 3],
    ]),
    {
      onBar: ({ openTimeMs, closeTimeMs, open, high, low, close, volume }, { timeUs, bidTicks, askTicks }) =>
        told.push(
          `${[openTimeMs, closeTimeMs].map((ms) => minutes(ms * 1_000))} ${[open, high, low, close, volume]} at ${minutes(timeUs)}, ${bidTicks} to ${askTicks}`,
        ),
      onEvent: (_, { timeUs }) => told.push(`timer ${minutes(timeUs)}`),
    },
    { barMs: 3 * MINUTE_MS, everyMs: 2 * MINUTE_MS },
  );
  assert.equal(told, [
    'timer 2',
    '0,3 1,9,1,4,30 at 3, 3 to 5',
    'timer 4',
    'timer 6',
    'timer 8',
    '6,9 6,8,5,6,6 at 9, 5 to 7',
    'timer 10',
  ]);
});

test('the account is sampled at the first open, at closes, and at the end', () => {
  const samples: string[] = [];
  const onSample = (timeMs: number, ticks: number) => void samples.push(`${minutes(timeMs * 1_000)} ${ticks}`);
  const rising: Candle[] = [1, 2, 3, 4, 5, 6, 7].map((open) => [open, open + 1, open, open + 1]);
  runBars(barsOf(rising), {}, { sampleMs: 3 * MINUTE_MS, onSample });
  assert.equal(samples, ['0 1', '3 4', '6 7', '7 8']);
});

test('changes of orders are refused', () => {
  const { simulation } = runBars(
    barsOf([FLAT, FLAT, FLAT]),
    atBars({
      1: (market) => {
        market.placeLimit('buy', 995, 5);
        market.amend(1, { priceTicks: 996 });
      },
    }),
  );
  assert.equal(simulation.counts.rejected, { '-1020': 1 });
  assert.is(simulation.market.orders[0]!.priceTicks, 995);
});

test('an order for a side of a hedge is refused, whatever its kind', () => {
  const { log, simulation } = runBars(
    barsOf([FLAT, FLAT, FLAT]),
    atBars({
      1: (market) => {
        market.placeLimit('buy', 995, 5, { positionSide: 'LONG' });
        market.placeMarket('sell', 5, { positionSide: 'SHORT' });
        const stop = { type: 'STOP_MARKET', triggerTicks: 990, qtySteps: 5 } as const;
        market.placeConditional('sell', { ...stop, positionSide: 'LONG' });
      },
    }),
  );
  assert.equal(
    log.filter((line) => line.includes('REJECTED')),
    [1, 2, 3].map((orderId) => `1.01 ${orderId} REJECTED -4061`),
  );
  assert.is(simulation.counts.rejected['-4061'], 3);
});

/** One that takes this long, one after the other, ms. */
function latencies(entryMs: readonly number[], responseMs: readonly number[]): LatencyModel {
  const [entries, responses] = [[...entryMs], [...responseMs]];
  const next = (list: number[]): number => (list.shift() ?? 0) * 1_000;
  return { name: '', says: '', entryUs: () => next(entries), responseUs: () => next(responses) };
}

test('no message overtakes another, and no answer: a cancellation finds its order', () => {
  const told: string[] = [];
  const { log } = runBars(
    barsOf([FLAT, [1_000, 1_000, 990, 1_000], FLAT, FLAT, FLAT, FLAT]),
    atBars(
      {
        1: (market) => {
          market.placeLimit('buy', 995, 5);
          market.placeMarket('buy', 6);
        },
        2: (market) => market.cancel(1),
        3: (market) => void market.placeLimit('buy', 980, 7),
        4: (market) => market.cancel(3),
      },
      {
        onFill: ({ qtySteps, kind }, market) =>
          told.push(`${minutes(market.timeUs)} ${kind} ${qtySteps}, ${market.orders.length} open`),
      },
    ),
    { latency: latencies([10, 10, 10, 70_000, 0], [0, 0, 100_000, 0]) },
  );
  // The fill of 6 was told after 100 s, and so that of 5 not before.
  assert.equal(told, ['3 taker 6, 1 open', '3 through 5, 0 open']);
  assert.equal(
    log.filter((line) => line.startsWith('4.167 3')),
    ['4.167 3 rests 7 at 980', '4.167 3 CANCELED 0'],
  );
});

test.run();
