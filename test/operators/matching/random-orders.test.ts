import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { PositionMode, PositionSide } from '../../../operators/account/account-event.ts';
import { positionOf } from '../../../operators/account/account-state.ts';
import { bestTick } from '../../../operators/book/ladder.ts';
import { amendOrder } from '../../../operators/matching/amend-order.ts';
import type { ConditionalRequest } from '../../../operators/matching/conditional-order.ts';
import type { ExchangeListener, OrderRequest } from '../../../operators/matching/order.ts';
import { placeOrder } from '../../../operators/matching/place-order.ts';
import { QUEUE_MODELS } from '../../../operators/matching/queue-model.ts';
import {
  cancelOrder,
  createRecordedExchange,
  type ExchangeRules,
  exchangeEvent,
  placeConditionalOrder,
  settle,
} from '../../../operators/matching/recorded-exchange.ts';
import { createBacktestAccount } from '../../../services/backtest/backtest-account.ts';
import { createScale } from '../../../streams/events/scale.ts';
import { readTape } from '../../../streams/tape/read-tape.ts';
import { madeMarket } from '../../pipelines/made-market.ts';
import { tapesOf } from '../../pipelines/simulation/small-tapes.ts';
import { filtersOf, seededRandom } from '../market-events.ts';

const test = suite('operators/matching/random-orders');

const SIDES: Readonly<Record<PositionMode, readonly PositionSide[]>> = { oneWay: ['BOTH'], hedge: ['LONG', 'SHORT'] };

/** Orders of all kinds at random against a made market, with what must hold after each event. */
function trade(seed: number, positionMode: PositionMode): Readonly<Record<string, number>> {
  const random = seededRandom(seed);
  const pick = <Of>(list: readonly Of[]): Of => list[Math.floor(random() * list.length)]!;
  const between = (least: number, most: number): number => least + Math.floor(random() * (most - least + 1));
  const account = createBacktestAccount({
    instrument: 'simulated:XUSDT',
    scale: createScale('0.10', '0.001'),
    balance: 3_000,
    leverage: 10,
    feeTier: 0,
    positionMode,
    sampleMs: 1_000,
    onLiquidation: () => assert.unreachable('no liquidation in so small a market'),
  });
  const exchange = createRecordedExchange();
  const rules: ExchangeRules = {
    queue: QUEUE_MODELS['probability-square']!,
    fills: 'partial',
    account: account.exchange,
    positionMode,
  };
  const filled: Record<PositionSide, number> = { BOTH: 0, LONG: 0, SHORT: 0 };
  const counts: Record<string, number> = {};
  const count = (what: string): void => {
    counts[what] = (counts[what] ?? 0) + 1;
  };
  let [orders, ended] = [0, new Set<number>()];
  const listener: ExchangeListener = {
    onAccepted: () => {},
    onRest: (orderId, priceTicks, leftSteps) => account.onRest!(orderId, priceTicks, leftSteps, 0),
    onFill({ orderId, side, positionSide = 'BOTH' }, priceTicks, qtySteps, kind, isLast) {
      assert.ok(Number.isSafeInteger(qtySteps) && qtySteps > 0, `${orderId} filled ${qtySteps}`);
      assert.not(ended.has(orderId), `${orderId} filled behind its end`);
      filled[positionSide] += side === 'buy' ? qtySteps : -qtySteps;
      account.onFill!({ orderId, side, priceTicks, qtySteps, kind, timeUs: 0, midTicks: priceTicks });
      if (isLast) ended.add(orderId);
      count(kind);
    },
    onEnd(orderId, end, code) {
      assert.not(ended.has(orderId), `${orderId} ended twice`);
      ended.add(orderId);
      account.onEnd!(orderId, end, code, 0);
      count(code === 0 ? end : String(code));
    },
    onUnknown: () => count('unknown'),
    onTriggered(request) {
      account.onSend!(request, Number.NaN, 0);
      count('triggered');
    },
    onAmended(orderId, _, leftSteps) {
      account.onAmended!(orderId, leftSteps, 0);
      count('amended');
    },
    onAmendRejected: (_, code) => count(`amend ${code}`),
  };

  function near(): number {
    const best = bestTick(exchange.book.bids);
    return Number.isFinite(best) ? best + between(-6, 7) : 618_000;
  }

  function place(): void {
    const isMarket = random() < 0.2;
    const request: OrderRequest = {
      orderId: ++orders,
      side: pick(['buy', 'sell']),
      type: isMarket ? 'MARKET' : 'LIMIT',
      timeInForce: pick(['GTC', 'GTC', 'GTX', 'IOC', 'FOK']),
      priceTicks: isMarket ? Number.NaN : near(),
      qtySteps: between(1, 40),
      isReduceOnly: positionMode === 'oneWay' && random() < 0.3,
      positionSide: pick(SIDES[positionMode]),
      selfTrade: pick(['NONE', 'EXPIRE_TAKER', 'EXPIRE_MAKER', 'EXPIRE_BOTH']),
    };
    account.onSend!(request, Number.NaN, 0);
    placeOrder(exchange, rules, request, listener);
  }

  function placeWaiting(): void {
    const type = pick(['STOP', 'STOP_MARKET', 'TAKE_PROFIT', 'TAKE_PROFIT_MARKET', 'TRAILING_STOP_MARKET'] as const);
    const closesPosition = (type === 'STOP_MARKET' || type === 'TAKE_PROFIT_MARKET') && random() < 0.5;
    const request: ConditionalRequest = {
      orderId: ++orders,
      side: pick(['buy', 'sell']),
      positionSide: pick(SIDES[positionMode]),
      type,
      triggerTicks: type === 'TRAILING_STOP_MARKET' ? Number.NaN : near(),
      priceTicks: near(),
      timeInForce: 'GTC',
      qtySteps: closesPosition ? 0 : between(1, 40),
      callbackRate: 0.1,
      workingType: pick(['CONTRACT_PRICE', 'MARK_PRICE']),
      closesPosition,
      isReduceOnly: positionMode === 'oneWay' && !closesPosition && random() < 0.5,
      isPriceProtected: random() < 0.3,
      selfTrade: 'NONE',
    };
    placeConditionalOrder(exchange, rules, request, listener);
  }

  function act(): void {
    const resting = pick(exchange.orders);
    const what = random();
    if (what < 0.5) place();
    else if (what < 0.75) placeWaiting();
    else if (what < 0.9 && resting !== undefined)
      amendOrder(exchange, rules, { orderId: resting.orderId, priceTicks: near(), qtySteps: between(1, 60) }, listener);
    else cancelOrder(exchange, resting?.orderId ?? orders, listener);
    settle(exchange, rules, listener);
  }

  function check(): void {
    const state = account.state.books[0]!;
    for (const side of ['BOTH', 'LONG', 'SHORT'] as const) {
      const position = positionOf(state, side);
      assert.is(position.steps, filled[side], 'the position is what was filled');
      const sums = { bid: 0, ask: 0, reduceOnly: 0 };
      for (const order of exchange.orders) {
        if (order.positionSide !== side) continue;
        assert.ok(
          Number.isSafeInteger(order.leftSteps) && order.leftSteps > 0,
          `${order.orderId} has ${order.leftSteps}`,
        );
        const isReduceOnly = order.isReduceOnly && side === 'BOTH';
        sums[isReduceOnly ? 'reduceOnly' : order.side === 'buy' ? 'bid' : 'ask'] += order.leftSteps;
      }
      assert.equal([position.bidSteps, position.askSteps, position.reduceOnlySteps], Object.values(sums));
    }
    assert.ok(state.long.steps >= 0 && state.short.steps <= 0, 'no side of a hedge turns round');
    for (const { orderId } of [...exchange.orders, ...exchange.conditional.waiting])
      assert.not(ended.has(orderId), `${orderId} is there behind its end`);
  }

  const [tape] = tapesOf(madeMarket({ seed, events: 6_000, snapshotEvery: 60 }));
  readTape(tape!, (event) => {
    exchangeEvent(exchange, rules, event, listener);
    account.onExchangeEvent!(event, 0, Number.NaN);
    if (event.type === 'instrument')
      exchange.filters = filtersOf({ minNotionalTickSteps: 618_000 * 3, multiplierUp: 1.5, triggerProtect: 0.05 });
    if (random() < 0.4) act();
    check();
  });
  return counts;
}

for (const positionMode of ['oneWay', 'hedge'] as const)
  test(`whatever is sent in ${positionMode} mode, positions are what was filled, and the account holds what rests`, () => {
    const seen = new Set<string>();
    for (const seed of [3, 4, 5]) for (const what of Object.keys(trade(seed, positionMode))) seen.add(what);
    const expected = ['queue', 'through', 'taker', 'triggered', 'amended', 'CANCELED', 'EXPIRED', 'EXPIRED_IN_MATCH'];
    for (const what of [...expected, '-2021', '-2022', '-4164', '-4509', '-5022', '-5021', 'amend -5029'])
      assert.ok(seen.has(what), `${what} among ${[...seen].join(', ')}`);
  });

test.run();
