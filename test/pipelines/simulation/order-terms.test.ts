import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { DEFAULT_RISK_LIMITS } from '../../../operators/risk/risk-limits.ts';
import { createRiskGuard } from '../../../pipelines/simulation/risk-guard.ts';
import type { Market } from '../../../pipelines/simulation/strategy.ts';
import { atTimes, runWithAccount } from './run-account.ts';
import { handWritten, tapesOf } from './small-tapes.ts';

const test = suite('pipelines/simulation/order-terms');

const QUIET = handWritten().depth(1_900, 1_900, [[998, 1]]).events;

const resting = ({ orders }: Market): unknown => orders.map(({ priceTicks, leftSteps }) => [priceTicks, leftSteps]);

test('a change is seen when its answer has come, and the account holds what the order is then', () => {
  const told: unknown[] = [];
  const strategy = atTimes({
    1100: (market) => market.placeLimit('buy', 999, 4),
    1200: (market) => {
      market.amend(1, { priceTicks: 998, qtySteps: 6 });
      told.push(resting(market));
    },
    1300: (market) => {
      told.push(resting(market));
      market.amend(1, { qtySteps: 6 });
      market.amend(7, { qtySteps: 6 });
    },
  });
  const { account, accountEvents, simulation } = runWithAccount(tapesOf(QUIET), { strategy });
  assert.equal(told, [[[999, 4]], [[998, 6]]]);
  const { bidSteps, bidTickSteps } = account.state.books[0]!.both;
  assert.equal([bidSteps, bidTickSteps], [6, 6 * 998]);
  assert.equal(
    accountEvents.slice(-3).map(({ type, timeMs }) => [type, timeMs]),
    [
      ['orderOpened', 1_105],
      ['orderEnded', 1_205],
      ['orderOpened', 1_205],
    ],
  );
  assert.equal(simulation.counts.rejected, { '-5027': 1 });
});

test('limits look at a change as at a new order, and at what it may become while it is on its way', () => {
  const sent: unknown[] = [];
  const guard = createRiskGuard({
    limits: { ...DEFAULT_RISK_LIMITS, maxOrderNotional: 1, maxPosition: 0.015 },
    equity: () => 1_000,
  });
  const strategy = atTimes({
    1100: (market) => market.placeLimit('buy', 999, 4),
    1200: (market) => {
      // 11 × 0.001 at 99.9 are more than 1.
      market.amend(1, { qtySteps: 11 });
      market.amend(1, { qtySteps: 9 });
      sent.push(market.placeLimit('buy', 999, 7), market.placeLimit('buy', 999, 6));
    },
    // Answered: 9 and 6 are all that there may be.
    1300: (market) => {
      market.amend(1, { qtySteps: 10 });
      market.amend(1, { qtySteps: 3 });
      sent.push(market.placeLimit('buy', 999, 6));
    },
    1400: (market) => {
      market.amend(1, { qtySteps: 3 });
      sent.push(market.placeLimit('buy', 999, 6));
    },
    1500: (market) => sent.push(market.placeLimit('buy', 999, 1), market.placeLimit('buy', 999, 6)),
  });
  const { simulation } = runWithAccount(tapesOf(QUIET), { strategy, guard: guard.check });
  assert.equal(sent, [0, 2, 0, 3, 0, 0]);
  assert.equal(simulation.counts.stopped, { 'order-notional': 1, position: 5 });
  assert.equal(simulation.counts.rejected, { '-5027': 1 });
});

test('a change that was refused is on its way no more', () => {
  const sent: number[] = [];
  const guard = createRiskGuard({ limits: { ...DEFAULT_RISK_LIMITS, maxPosition: 0.01 }, equity: () => 1_000 });
  const strategy = atTimes({
    1100: (market) => market.placeLimit('buy', 999, 4),
    1200: (market) => market.amend(1, { qtySteps: 4 }),
    1300: (market) => market.amend(1, { qtySteps: 9 }),
    1400: (market) => market.amend(1, { qtySteps: 2 }),
    1500: (market) => sent.push(market.placeLimit('buy', 999, 9), market.placeLimit('buy', 999, 8)),
  });
  const { simulation } = runWithAccount(tapesOf(QUIET), { strategy, guard: guard.check });
  assert.equal([sent, simulation.counts.rejected], [[0, 2], { '-5027': 1 }]);
});

test('a change that crosses takes, and the account keeps to it', () => {
  const strategy = atTimes({
    1100: (market) => market.placeLimit('buy', 999, 4),
    1200: (market) => market.amend(1, { priceTicks: 1_002, qtySteps: 14 }),
    1400: (market) => market.cancel(1),
  });
  const { account, simulation, fills } = runWithAccount(tapesOf(QUIET), { strategy });
  assert.equal(
    fills.map(({ qtySteps, kind }) => [qtySteps, kind]),
    [[10, 'taker']],
  );
  const { both } = account.state.books[0]!;
  assert.equal([both.steps, both.bidSteps, simulation.market.positionSteps], [10, 0, 10]);
  assert.is(simulation.counts.cancelled, 1);
});

test('an order that rests up to a time expires at it, by whole seconds; one less than ten minutes off is refused', () => {
  const log = handWritten()
    .depth(1_500, 1_500, [[998, 1]])
    .depth(700_000, 700_000, [[998, 2]]);
  const strategy = atTimes({
    1100: (market) => {
      market.placeLimit('buy', 999, 4, { timeInForce: 'GTD', goodTillMs: 610_900 });
      market.placeLimit('buy', 999, 4, { timeInForce: 'GTD', goodTillMs: 601_000 });
      market.placeLimit('buy', 999, 4, { timeInForce: 'GTD', goodTillMs: 610_000 });
    },
    1300: (market) => market.cancel(3),
  });
  const { ends } = runWithAccount(tapesOf(log.events), { strategy });
  assert.equal(ends, [
    [2, 'REJECTED', -5040, 1_105],
    [3, 'CANCELED', 0, 1_305],
    [1, 'EXPIRED', 0, 610_000],
  ]);
});

test('of two own orders that would trade the one that rests ends, where that is said', () => {
  const strategy = atTimes({
    1100: (market) => market.placeLimit('sell', 1_002, 4),
    1200: (market) => market.placeMarket('buy', 4, { selfTrade: 'EXPIRE_MAKER' }),
  });
  const { ends, fills } = runWithAccount(tapesOf(QUIET), { strategy });
  assert.equal(ends, [[1, 'EXPIRED_IN_MATCH', 0, 1_205]]);
  assert.is(fills.length, 1);
});

test('a reduce-only order for more than there is to reduce ends with what it could, and is seen no more', () => {
  const strategy = atTimes({
    1100: (market) => market.placeMarket('buy', 4),
    1200: (market) => market.placeMarket('sell', 9, { isReduceOnly: true }),
  });
  const { ends, simulation } = runWithAccount(tapesOf(QUIET), { strategy });
  assert.equal(ends, [[2, 'EXPIRED', 0, 1_205]]);
  assert.equal([simulation.market.orders.length, simulation.market.positionSteps], [0, 0]);
});

test.run();
