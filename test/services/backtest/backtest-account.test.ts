import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { OrderRequest } from '../../../operators/matching/order.ts';
import { type BacktestAccount, createBacktestAccount } from '../../../services/backtest/backtest-account.ts';
import type { MarkPrice } from '../../../streams/events/mark-price.ts';
import { createScale } from '../../../streams/events/scale.ts';
import { diff, seededRandom, trade as traded } from '../../operators/market-events.ts';
import { atTimes, runWithAccount } from '../../pipelines/simulation/run-account.ts';
import { handWritten, tapesOf } from '../../pipelines/simulation/small-tapes.ts';

const test = suite('services/backtest/backtest-account');

const HOUR_MS = 3_600_000;

function accountOf(balance: number, leverage: number, liquidated: string[] = []): BacktestAccount {
  return createBacktestAccount({
    instrument: 'simulated:XUSDT',
    scale: createScale('0.10', '0.001'),
    balance,
    leverage,
    feeTier: 0,
    sampleMs: 1_000,
    onLiquidation: (side, qtySteps, priceTicks) => liquidated.push(`${side} ${qtySteps} at ${priceTicks}`),
  });
}

const order = (orderId: number, side: 'buy' | 'sell', qtySteps: number): OrderRequest => ({
  orderId,
  side,
  type: 'MARKET',
  timeInForce: 'IOC',
  priceTicks: Number.NaN,
  qtySteps,
  isReduceOnly: false,
});

/** Taken at once, at 1,000 ticks a hundred quote. */
function trade(
  account: BacktestAccount,
  orderId: number,
  side: 'buy' | 'sell',
  qtySteps: number,
  priceTicks: number,
): void {
  account.onSend!(order(orderId, side, qtySteps), priceTicks, 1_000_000);
  account.onFill!({ orderId, side, priceTicks, qtySteps, kind: 'taker', timeUs: 1_000_000, midTicks: priceTicks });
}

const sold = (atMs: number, priceTicks: number, others = {}) =>
  traded(atMs, priceTicks, 1, { aggressorSide: 'sell', ...others });

const marked = (timeMs: number, markPrice: number, fundingRate = 0.0001): MarkPrice => ({
  type: 'markPrice',
  eventTimeMs: timeMs,
  markPrice,
  indexPrice: markPrice,
  settlePrice: null,
  fundingRate,
  nextFundingTimeMs: (Math.floor(timeMs / (8 * HOUR_MS)) + 1) * 8 * HOUR_MS,
});

test('a fill costs its fee, and what closes a position realises', () => {
  const account = accountOf(1_000, 5);
  trade(account, 1, 'buy', 2_000, 1_000);
  trade(account, 2, 'sell', 2_000, 1_010);
  assert.equal(
    account.fills.map(({ fee, realisedPnl, isMaker }) => [fee, realisedPnl, isMaker]),
    [
      [0.1, 0, false],
      [0.101, 2, false],
    ],
  );
  assert.is(account.state.walletE8, Math.round((1_000 + 2 - 0.201) * 1e8));
});

test('funding is settled when it is due, at the rate that was told before', () => {
  const account = accountOf(1_000, 5);
  trade(account, 1, 'buy', 2_000, 1_000);
  for (const [timeMs, rate] of [
    [8 * HOUR_MS - 2_000, 0.001],
    [8 * HOUR_MS - 1_000, 0.002],
    [8 * HOUR_MS + 500, 0.009],
    [8 * HOUR_MS + 1_500, 0.009],
  ] as const)
    account.onExchangeEvent!(marked(timeMs, 100, rate), timeMs * 1_000, 1_000);
  assert.equal(account.funding, [{ timeMs: 8 * HOUR_MS, rate: 0.002, amount: -0.4 }]);
});

test('a position whose margin is gone is closed by the exchange, and nothing below zero is left', () => {
  const liquidated: string[] = [];
  const account = accountOf(25, 20, liquidated);
  trade(account, 1, 'buy', 4_000, 1_000);
  account.onExchangeEvent!(marked(2_000, 99), 2_000_000, 990);
  account.onExchangeEvent!(sold(2_500, 930), 2_500_000, 930);
  assert.equal([account.hasMarkPrices, ...liquidated], [true]);
  account.onExchangeEvent!(marked(3_000, 93), 3_000_000, 930);
  assert.equal(liquidated, ['sell 4000 at 930']);
  assert.is(account.liquidations, 1);
  const { outcome, side, qty, price } = account.fills.at(-1)!;
  assert.equal([outcome, side, qty, price], ['liquidation', 'sell', 4, 93]);
  assert.is(account.curve().position.at(-1), 0);
  assert.ok(account.state.walletE8 >= 0);
});

test('without mark prices the last trade’s price is the mark, and before the first one the middle of the book', () => {
  const liquidated: string[] = [];
  const account = accountOf(25, 20, liquidated);
  const depth = diff([1, 2]);
  assert.is(account.hasMarkPrices, false);
  trade(account, 1, 'buy', 4_000, 1_000);
  account.onExchangeEvent!(depth, 2_000_000, 950);
  account.onExchangeEvent!(sold(2_000, 945), 2_000_100, 930);
  account.onExchangeEvent!(depth, 2_000_200, 930);
  account.onExchangeEvent!(sold(2_000, 930, { isMarket: false }), 2_000_300, 930);
  assert.equal(liquidated, [], 'a position of 100 a unit has 1 left at 94.4');
  account.onExchangeEvent!(sold(2_001, 938), 2_000_400, 990);
  assert.equal(liquidated, ['sell 4000 at 938']);
  const early = accountOf(25, 20, liquidated);
  trade(early, 1, 'buy', 4_000, 1_000);
  early.onExchangeEvent!(depth, 2_000_000, 990);
  early.onExchangeEvent!(depth, 2_000_100, 930.5);
  assert.equal(liquidated.slice(1), ['sell 4000 at 931']);
});

test('what is liquidated does not hang on how often the account is sampled', () => {
  const strategy = atTimes({ 1100: (market) => market.placeMarket('buy', 4_000) });
  let liquidations = 0;
  for (let seed = 1; seed <= 20; seed++) {
    const random = seededRandom(seed);
    const log = handWritten().depth(1_050, 1_050, [], [[1_002, 10_000]]);
    for (let ms = 1_500; ms < 9_000; ms += 37) {
      log.trade(ms, ms, 960 - Math.floor(random() ** 200 * 30), 1, true);
      log.depth(ms + 5, ms + 5, [[990, 1 + Math.floor(random() * 9)]]);
    }
    const of = (sampleMs: number) =>
      runWithAccount(tapesOf(log.events), { strategy, sampleMs, balance: 25, leverage: 20 });
    const often = of(50);
    liquidations += often.account.liquidations;
    for (const sampleMs of [1_000, Number.POSITIVE_INFINITY]) {
      const seldom = of(sampleMs);
      assert.equal(seldom.account.fills, often.account.fills);
      assert.equal(seldom.accountEvents, often.accountEvents);
    }
  }
  assert.ok(liquidations > 5 && liquidations < 20, `${liquidations} liquidations`);
});

test('what the margin does not allow is refused with the code of the venue', () => {
  const { exchange } = accountOf(10, 1);
  assert.is(exchange.refusal(order(1, 'buy', 50), 1_000), 0);
  assert.is(exchange.refusal(order(2, 'buy', 5_000), 1_000), -2019);
  assert.is(exchange.refusal({ ...order(3, 'sell', 50), isReduceOnly: true }, 1_000), -2022);
});

test('the account is sampled once a second, valued at the mark price', () => {
  const account = accountOf(1_000, 5);
  trade(account, 1, 'buy', 2_000, 1_000);
  for (const [timeMs, price] of [
    [5_000, 100],
    [5_400, 105],
    [6_100, 110],
  ] as const)
    account.onExchangeEvent!(marked(timeMs, price), timeMs * 1_000, price * 10);
  const { timesMs, equity, position, price } = account.curve();
  assert.equal(
    [[...timesMs], [...position], [...price]],
    [
      [5_000, 6_100],
      [2, 2],
      [100, 110],
    ],
  );
  assert.equal([...equity], [999.9, 1_019.9]);
});

test.run();
