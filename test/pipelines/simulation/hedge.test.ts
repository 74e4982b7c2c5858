import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { atTimes, runWithAccount } from './run-account.ts';
import { handWritten, tapesOf } from './small-tapes.ts';

const test = suite('pipelines/simulation/hedge');

const QUIET = handWritten().depth(1_900, 1_900, [[998, 1]]).events;

test('both sides of a hedge are held at once, and each is closed by itself', () => {
  const told: number[][] = [];
  const strategy = atTimes({
    1100: (market) => {
      market.placeMarket('buy', 4, { positionSide: 'LONG' });
      market.placeMarket('sell', 3, { positionSide: 'SHORT' });
    },
    1200: (market) => {
      told.push([market.positionOf('LONG'), market.positionOf('SHORT'), market.positionSteps]);
      market.placeMarket('sell', 4, { positionSide: 'LONG' });
    },
    1300: (market) => told.push([market.positionOf('LONG'), market.positionOf('SHORT'), market.positionSteps]),
  });
  const { account, fills } = runWithAccount(tapesOf(QUIET), { strategy, positionMode: 'hedge' });
  assert.equal(told, [
    [4, -3, 1],
    [0, -3, -3],
  ]);
  const { both, long, short } = account.state.books[0]!;
  assert.equal([both.steps, long.steps, short.steps, fills.length], [0, 0, -3, 3]);
});

test('an order without its side is refused in hedge mode, one with a side in one-way mode, and reduce-only in a hedge', () => {
  const strategy = atTimes({
    1100: (market) => {
      market.placeMarket('buy', 4);
      market.placeMarket('buy', 4, { positionSide: 'LONG' });
      market.placeMarket('sell', 4, { positionSide: 'LONG', isReduceOnly: true });
      market.placeConditional('sell', { type: 'STOP_MARKET', triggerTicks: 990, qtySteps: 1, positionSide: 'BOTH' });
    },
  });
  const codes = (positionMode: 'hedge' | 'oneWay') =>
    runWithAccount(tapesOf(QUIET), { strategy, positionMode }).ends.map(([orderId, , code]) => [orderId, code]);
  assert.equal(codes('hedge'), [
    [1, -4061],
    [3, -1106],
    [4, -4061],
  ]);
  assert.equal(codes('oneWay'), [
    [2, -4061],
    [3, -4061],
  ]);
});

test('what closes a side is bounded by it, also when it rests, and one that closes it as a whole goes with it', () => {
  const log = handWritten()
    .trade(1_250, 1_250, 1_003, 9, false)
    .depth(1_900, 1_900, [[998, 1]]);
  const strategy = atTimes({
    1100: (market) => market.placeMarket('buy', 4, { positionSide: 'LONG' }),
    1200: (market) => {
      market.placeConditional('sell', {
        type: 'STOP_MARKET',
        triggerTicks: 990,
        closesPosition: true,
        positionSide: 'LONG',
      });
      market.placeLimit('sell', 1_002, 4, { positionSide: 'LONG' });
      market.placeMarket('sell', 1, { positionSide: 'LONG' });
      market.placeMarket('sell', 9, { positionSide: 'LONG' });
    },
  });
  const { account, ends, simulation } = runWithAccount(tapesOf(log.events), { strategy, positionMode: 'hedge' });
  assert.equal(
    ends.map(([orderId, end, code]) => [orderId, end, code]),
    [
      [5, 'REJECTED', -2022],
      [3, 'EXPIRED', 0],
      [2, 'EXPIRED', 0],
    ],
  );
  assert.equal([account.state.books[0]!.long.steps, simulation.market.positionOf('LONG')], [0, 0]);
  assert.is(account.state.books[0]!.long.askSteps, 0);
});

test('halted, every order goes and both sides are closed', () => {
  const strategy = atTimes({
    1100: (market) => {
      market.placeMarket('buy', 4, { positionSide: 'LONG' });
      market.placeMarket('sell', 3, { positionSide: 'SHORT' });
      market.placeConditional('sell', { type: 'STOP_MARKET', triggerTicks: 990, qtySteps: 4, positionSide: 'LONG' });
    },
  });
  let isHalted = false;
  const run = runWithAccount(
    tapesOf(
      handWritten()
        .depth(1_400, 1_400, [[998, 2]])
        .depth(1_900, 1_900, [[998, 1]]).events,
    ),
    {
      strategy,
      positionMode: 'hedge',
      onEvent({ simulation }) {
        if (isHalted || simulation.market.timeUs < 1_300_000) return;
        isHalted = true;
        simulation.halt(true);
      },
    },
  );
  const { long, short } = run.account.state.books[0]!;
  assert.equal([long.steps, short.steps, run.simulation.market.conditionalOrders.length], [0, 0, 0]);
});

test('a margin that is gone takes both sides', () => {
  const log = handWritten()
    .markPrice(1_050, 100)
    .markPrice(1_500, 60)
    .depth(1_900, 1_900, [[998, 1]]);
  const strategy = atTimes({
    1100: (market) => {
      market.placeMarket('buy', 10, { positionSide: 'LONG' });
      market.placeMarket('sell', 1, { positionSide: 'SHORT' });
    },
  });
  const run = runWithAccount(tapesOf(log.events), { strategy, positionMode: 'hedge', balance: 0.3, leverage: 20 });
  const { long, short } = run.account.state.books[0]!;
  assert.equal([run.account.liquidations, long.steps, short.steps], [2, 0, 0]);
  assert.equal([run.simulation.market.positionOf('LONG'), run.simulation.market.positionOf('SHORT')], [0, 0]);
  assert.ok(run.account.state.walletE8 >= 0);
});

test.run();
