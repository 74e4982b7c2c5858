import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ConditionalTerms } from '../../../pipelines/simulation/conditional-terms.ts';
import type { Market, Strategy } from '../../../pipelines/simulation/strategy.ts';
import { minutes, runBars } from './run-bars.ts';
import { barsOf, type Candle } from './small-bars.ts';

const test = suite('pipelines/simulation/bar-conditional');

const FLAT: Candle = [1_000, 1_000, 1_000, 1_000];
const STOP: ConditionalTerms = { type: 'STOP_MARKET', triggerTicks: 990, qtySteps: 5, isReduceOnly: true };

/** Buys 5 at the second candle's open, with these orders behind it; tells what it sees at each close. */
function longWith(conditional: readonly ConditionalTerms[], told: string[] = [], more: Strategy = {}): Strategy {
  let bar = 0;
  const state = ({ conditionalOrders, orders, positionSteps }: Market): string =>
    `${positionSteps} held, ${conditionalOrders.map((order) => order.state).join(' ') || 'none'} waiting, ${orders.length} open`;
  return {
    ...more,
    onBar(_, market) {
      told.push(state(market));
      if (++bar > 1) return;
      market.placeMarket('buy', 5);
      for (const terms of conditional) market.placeConditional('sell', terms);
    },
  };
}

test('a stop that is touched is filled half-way through the candle, and told at its close', () => {
  const told: string[] = [];
  const heard: string[] = [];
  const onFill: Strategy['onFill'] = ({ orderId, kind, priceTicks }, market) =>
    heard.push(`${minutes(market.timeUs)} ${orderId} ${kind} ${priceTicks}`);
  const { log, simulation } = runBars(
    barsOf([FLAT, FLAT, [1_000, 1_005, 989, 1_000], FLAT]),
    longWith([STOP], told, { onFill }),
  );
  assert.equal(log.slice(4), ['2.5 price 990', '2.5 2 taker 5 at 988 (990)']);
  assert.equal(told, [
    '0 held, none waiting, 0 open',
    '5 held, open waiting, 0 open',
    '0 held, none waiting, 0 open',
    '0 held, none waiting, 0 open',
  ]);
  assert.equal(heard, ['2 1 taker 1002', '3 2 taker 988']);
  assert.equal([simulation.counts.sent, simulation.counts.filled], [2, 2]);
});

test('an open beyond a stop fills it there, before its cancellation can come', () => {
  const strategy = longWith([STOP]);
  const { log } = runBars(barsOf([FLAT, FLAT, [980, 985, 970, 975], FLAT]), {
    onBar(bar, market) {
      strategy.onBar!(bar, market);
      if (market.positionSteps > 0) market.cancel(2);
    },
  });
  assert.equal(log.slice(4), ['2 price 980', '2 2 taker 5 at 978 (980)', '2.01 price 980']);
});

test('a stop that waits is cancelled in time, and a second one that closes the same is refused', () => {
  const closing: ConditionalTerms = { type: 'STOP_MARKET', triggerTicks: 990, closesPosition: true };
  const strategy = longWith([STOP, closing, closing]);
  const { log, simulation } = runBars(barsOf([FLAT, FLAT, [1_000, 1_000, 991, 1_000], [1_000, 1_000, 900, 950]]), {
    onBar(bar, market) {
      strategy.onBar!(bar, market);
      if (minutes(market.timeUs) === 3) for (const { orderId } of market.conditionalOrders) market.cancel(orderId);
    },
  });
  assert.equal(log.slice(4), ['1.01 4 REJECTED -4130', '3.01 price 1000', '3.01 2 CANCELED 0', '3.01 3 CANCELED 0']);
  assert.is(simulation.market.positionSteps, 5);
});

/** Liquidates a long where it is told of a price at or below 950. */
function liquidated(candle: Candle, terms: readonly ConditionalTerms[]): string[] {
  const run = runBars(
    barsOf([FLAT, FLAT, candle, FLAT]),
    longWith(terms),
    { safeUpToTicks: () => 950 },
    (price, simulation) => {
      if (price <= 950) simulation.liquidate('sell', 5, price);
    },
  );
  return run.log.slice(4);
}

test('a stop on the way to the price at which the position is liquidated comes first, where the price does not leap over both', () => {
  const wide: Candle = [1_000, 1_005, 900, 1_000];
  assert.equal(liquidated(wide, []), ['2.5 price 900']);
  assert.equal(liquidated(wide, [STOP]), ['2.5 price 990', '2.5 2 taker 5 at 988 (990)']);
  const late = { ...STOP, triggerTicks: 940 } as ConditionalTerms;
  assert.equal(liquidated(wide, [late]), ['2.5 price 940', '2.5 2 CANCELED 0']);
  assert.equal(liquidated([930, 1_000, 900, 1_000], [STOP]), ['2 price 930', '2 2 CANCELED 0']);
  // Of what it leaves the rest is tried against the low.
  const small = { ...STOP, qtySteps: 3 } as ConditionalTerms;
  assert.equal(liquidated(wide, [small]), ['2.5 price 990', '2.5 2 taker 3 at 988 (990)', '2.5 price 900']);
  // A limit that the price has passed at the open fills nothing on the way down.
  const limit = { type: 'STOP', triggerTicks: 990, priceTicks: 985, qtySteps: 5, isReduceOnly: true } as const;
  assert.equal(liquidated([970, 975, 900, 960], [limit]), [
    '2 price 970',
    '2 2 rests 5 at 985',
    '2.5 price 900',
    '2.5 2 CANCELED 0',
  ]);
});

test('a limit stops a conditional order before it is sent', () => {
  const { simulation } = runBars(barsOf([FLAT, FLAT]), longWith([STOP]), {
    guard: ({ type, priceTicks }) => (type === 'MARKET' && priceTicks === 990 ? 'no' : null),
  });
  assert.equal(simulation.counts.stopped, { no: 1 });
  assert.is(simulation.counts.sent, 1);
});

test.run();
