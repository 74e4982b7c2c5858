import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { constantLatency } from '../../../operators/matching/latency.ts';
import { RISK_AVERSE } from '../../../operators/matching/queue-model.ts';
import { random } from '../../../operators/random.ts';
import { createSimulation } from '../../../pipelines/simulation/simulation.ts';
import type { Market } from '../../../pipelines/simulation/strategy.ts';
import { atTimes, runWithAccount } from './run-account.ts';
import { handWritten, tapesOf } from './small-tapes.ts';

const test = suite('pipelines/simulation/conditional');

/** Waiting and resting orders as the strategy sees them. */
const seen = ({ conditionalOrders, orders, positionSteps }: Market): string =>
  [
    ...conditionalOrders.map(({ type, triggerTicks, state }) => `${type} ${triggerTicks} ${state}`),
    ...orders.map(({ orderId, leftSteps, state }) => `order ${orderId} ${leftSteps} ${state}`),
    positionSteps,
  ].join(', ');

/** The price falls through 990 at 1,350 ms. */
const FALL = handWritten()
  .trade(1_010, 1_010, 1_001, 1, false)
  .trade(1_350, 1_360, 989, 1, true)
  .depth(1_900, 1_900, [[998, 1]]).events;

test('a stop takes its way, is seen as waiting, is triggered by the trade, and its fill is told of', () => {
  const told: string[] = [];
  const look = (market: Market): void => {
    told.push(`${market.timeUs / 1_000}: ${seen(market)}`);
  };
  const strategy = atTimes({
    1100: (market) => market.placeMarket('buy', 4),
    1200: (market) => {
      market.placeConditional('sell', { type: 'STOP_MARKET', triggerTicks: 990, qtySteps: 4, isReduceOnly: true });
      look(market);
    },
    1300: look,
    1400: look,
  });
  const { fills, simulation } = runWithAccount(tapesOf(FALL), { strategy });
  assert.equal(told, ['1200: STOP_MARKET 990 sent, 4', '1300: STOP_MARKET 990 open, 4', '1400: 0']);
  assert.equal(
    fills.map(({ orderId, side, qtySteps, priceTicks, timeUs }) => [
      orderId,
      side,
      qtySteps,
      priceTicks,
      timeUs / 1_000,
    ]),
    [
      [1, 'buy', 4, 1_002, 1_105],
      [2, 'sell', 4, 1_000, 1_350],
    ],
  );
  assert.equal(simulation.counts, { sent: 2, filled: 2, cancelled: 0, rejected: {}, stopped: {} });
});

test('while it waits it holds no margin, and when it is triggered the account is asked', () => {
  const held: number[] = [];
  const strategy = atTimes({
    1100: (market) =>
      market.placeConditional('sell', { type: 'STOP', triggerTicks: 990, priceTicks: 1_001, qtySteps: 50 }),
    1200: (market) => market.placeConditional('sell', { type: 'STOP_MARKET', triggerTicks: 990, qtySteps: 5_000_000 }),
  });
  const { ends, simulation } = runWithAccount(tapesOf(FALL), {
    strategy,
    onEvent: ({ account }) => held.push(account.state.books[0]!.both.askSteps),
  });
  assert.is(held.at(-3), 0);
  assert.is(held.at(-1), 50);
  assert.equal(ends, [[2, 'REJECTED', -2019, 1_350]]);
  assert.is(seen(simulation.market), 'order 1 50 open, 0');
});

test('of a stop and a target that close a position the other expires with it', () => {
  const strategy = atTimes({
    1100: (market) => market.placeMarket('buy', 4),
    1200: (market) => {
      market.placeConditional('sell', { type: 'STOP_MARKET', triggerTicks: 990, closesPosition: true });
      market.placeConditional('sell', { type: 'TAKE_PROFIT_MARKET', triggerTicks: 1_010, closesPosition: true });
    },
  });
  const { fills, ends, simulation } = runWithAccount(tapesOf(FALL), { strategy });
  assert.equal([fills.length, simulation.market.positionSteps], [2, 0]);
  assert.equal(ends, [[3, 'EXPIRED', 0, 1_350]]);
  assert.is(seen(simulation.market), '0');
});

test('a mark price triggers it when it was received', () => {
  const log = handWritten()
    .markPrice(1_300, 99.5)
    .markPrice(1_400, 98.9)
    .depth(1_900, 1_900, [[998, 1]]);
  const strategy = atTimes({
    1100: (market) =>
      market.placeConditional('sell', {
        type: 'STOP_MARKET',
        triggerTicks: 990,
        qtySteps: 4,
        workingType: 'MARK_PRICE',
      }),
  });
  const { fills } = runWithAccount(tapesOf(log.events), { strategy });
  assert.equal(
    fills.map(({ timeUs }) => timeUs / 1_000),
    [1_400],
  );
});

test('one that is cancelled in time is gone, one that would trigger at once is refused', () => {
  const strategy = atTimes({
    1100: (market) => {
      market.placeConditional('sell', { type: 'STOP_MARKET', triggerTicks: 990, qtySteps: 4 });
      market.placeConditional('sell', { type: 'STOP_MARKET', triggerTicks: 1_001, qtySteps: 4 });
    },
    1200: (market) => {
      for (const { orderId } of market.conditionalOrders) market.cancel(orderId);
    },
  });
  const { ends, fills, simulation } = runWithAccount(tapesOf(FALL), { strategy });
  assert.equal(ends, [
    [2, 'REJECTED', -2021, 1_105],
    [1, 'CANCELED', 0, 1_205],
  ]);
  assert.equal([fills.length, simulation.market.conditionalOrders.length], [0, 0]);
  assert.equal(simulation.counts.rejected, { '-2021': 1 });
});

test('a liquidation takes what waits with it', () => {
  const log = handWritten()
    .markPrice(1_050, 100)
    .markPrice(1_500, 70)
    .depth(1_900, 1_900, [[998, 1]]);
  const strategy = atTimes({
    1100: (market) => market.placeMarket('buy', 10),
    1200: (market) => market.placeConditional('sell', { type: 'STOP_MARKET', triggerTicks: 600, qtySteps: 10 }),
  });
  const run = runWithAccount(tapesOf(log.events), { strategy, balance: 0.3, leverage: 20 });
  assert.is(run.account.liquidations, 1);
  assert.equal(run.ends, [[2, 'CANCELED', 0, 1_500]]);
  assert.is(seen(run.simulation.market), '0');
});

test('where nobody else listens no trade that concerns it is passed over', () => {
  const run = (log: ReturnType<typeof handWritten>) => {
    const fills: number[] = [];
    const strategy = atTimes({
      1100: (market) => {
        market.placeConditional('buy', { type: 'STOP_MARKET', triggerTicks: 1_005, qtySteps: 4 });
        market.placeConditional('buy', { type: 'STOP_MARKET', triggerTicks: 1_002, qtySteps: 4 });
      },
    });
    const simulation = createSimulation({
      strategy,
      parameters: {},
      rules: { queue: RISK_AVERSE, fills: 'partial' },
      latency: constantLatency(5, 7),
      random: random(1),
      listener: { onFill: ({ orderId, timeUs }) => fills.push(orderId, timeUs / 1_000) },
    });
    for (const tape of tapesOf(log.events)) simulation.push(tape);
    simulation.end();
    return [fills, simulation.counts.rejected];
  };
  const end = [1_900, 1_900, [[998, 1]]] as const;
  assert.equal(
    run(
      handWritten()
        .trade(1_350, 1_360, 1_006, 1, false)
        .depth(...end),
    ),
    [[1, 1_350, 2, 1_350], {}],
  );
  // The last trade before it came is known, too.
  const traded = handWritten().trade(1_050, 1_050, 1_001, 1, false).trade(1_060, 1_060, 1_003, 1, false);
  assert.equal(run(traded.depth(...end)), [[], { '-2021': 1 }]);
});

test.run();
