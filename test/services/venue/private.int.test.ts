import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { startVenue, type Venue } from '../../../services/venue/venue.ts';
import { until } from '../../support/until.ts';
import { pause } from './client.ts';
import { answered, codeOf, e8, type Trader, trader, type UserEvent, useClockOf } from './private/trader.ts';

const SYMBOL = 'BTCUSDT';

function ofOrder(events: readonly UserEvent[], clientOrderId: string): string[] {
  return events
    .filter(({ e, o }) => e === 'ORDER_TRADE_UPDATE' && o['c'] === clientOrderId)
    .map(({ o }) => `${o['x']} ${o['X']}`);
}

/** Sums over the events that were heard, apart from all that the venue sums itself. */
function summed(events: readonly UserEvent[]): { profit: bigint; fees: bigint; steps: bigint } {
  let [profit, fees, steps] = [0n, 0n, 0n];
  for (const { e, o } of events) {
    if (e !== 'ORDER_TRADE_UPDATE' || o['x'] !== 'TRADE') continue;
    profit += e8(o['rp']);
    fees += e8(o['n']);
    steps += o['S'] === 'BUY' ? e8(o['l']) : -e8(o['l']);
  }
  return { profit, fees, steps };
}

test('the real SDK trades, and everything that it is told agrees to the last unit', async () => {
  // Far from a funding time.
  const venue = await startVenue({ symbols: [SYMBOL, 'ETHUSDT'], pace: 4, anchorMs: Date.UTC(2026, 10, 27, 12) });
  const { rest, events, exceptions, listen, close } = trader(venue);
  try {
    await listen();
    await useClockOf(rest);
    assert.is((await answered(rest.setLeverage({ symbol: SYMBOL, leverage: 10 }))).leverage, 10);
    const book = await answered(rest.getOrderBook({ symbol: SYMBOL, limit: 5 }));
    const [bid, ask] = [Number(book.bids[0]![0]), Number(book.asks[0]![0])];
    const limit = { symbol: SYMBOL, side: 'BUY', type: 'LIMIT', quantity: 0.01 } as const;

    const resting = await answered(
      rest.submitNewOrder({ ...limit, timeInForce: 'GTC', price: round(bid - 60), newClientOrderId: 'rest' }),
    );
    assert.is(resting.status, 'NEW');
    const levels = await answered(rest.getOrderBook({ symbol: SYMBOL, limit: 1000 }));
    assert.ok(
      levels.bids.some(([price]) => Number(price) === round(bid - 60)),
      'the public book shows it',
    );
    const change = { symbol: SYMBOL, side: 'BUY', origClientOrderId: 'rest', quantity: 0.02 } as const;
    const changed = await answered(rest.modifyOrder({ ...change, price: round(bid - 300) }));
    assert.equal([changed.origQty, changed.price], ['0.020', (bid - 300).toFixed(2)]);
    const same = { ...limit, timeInForce: 'GTC', price: round(bid - 300), newClientOrderId: 'rest' } as const;
    assert.is(await codeOf(rest.submitNewOrder(same)), -4116, 'its id is taken as long as it is open');

    const taking = { ...limit, timeInForce: 'GTX', price: round(ask + 200), newClientOrderId: 'post' } as const;
    assert.is(await codeOf(rest.submitNewOrder(taking)), -5022, 'post only');
    await answered(
      rest.submitNewOrder({ symbol: SYMBOL, side: 'BUY', type: 'MARKET', quantity: 0.3, newClientOrderId: 'take' }),
    );
    // A passive order at the best price is filled by the flow in the end.
    const isMade = (): boolean => events.some(({ o }) => o?.['x'] === 'TRADE' && o['m'] === true);
    for (let n = 0; n < 240 && !isMade(); n++) {
      const { asks } = await answered(rest.getOrderBook({ symbol: SYMBOL, limit: 5 }));
      const ticket = { symbol: SYMBOL, side: 'SELL', type: 'LIMIT', timeInForce: 'GTX', quantity: 0.002 } as const;
      const order = { ...ticket, price: Number(asks[0]![0]), newClientOrderId: `make-${n}` };
      if ((await codeOf(rest.submitNewOrder(order))) !== 0) continue;
      await pause(250);
      await codeOf(rest.cancelOrder({ symbol: SYMBOL, origClientOrderId: `make-${n}` }));
    }
    assert.ok(isMade(), 'a passive fill');

    const stop = { algoType: 'CONDITIONAL', symbol: SYMBOL, side: 'SELL', type: 'STOP_MARKET' } as const;
    const far = String(round(bid - 2000));
    await answered(
      rest.submitNewAlgoOrder({ ...stop, triggerPrice: far, closePosition: 'true', clientAlgoId: 'guard' }),
    );
    const near = { ...stop, triggerPrice: String(round(bid + 2000)), quantity: '0.1', clientAlgoId: 'near' };
    assert.is(await codeOf(rest.submitNewAlgoOrder(near)), -2021, 'would trigger at once');
    await answered(
      rest.submitNewAlgoOrder({
        ...stop,
        type: 'TRAILING_STOP_MARKET',
        callbackRate: '5',
        quantity: '0.1',
        clientAlgoId: 'trail',
      }),
    );
    assert.is((await answered(rest.getOpenAlgoOrders({ symbol: SYMBOL }))).length, 2);
    await answered(rest.cancelAlgoOrder({ clientAlgoId: 'trail' }));

    // The countdown cancels what a trader that has fallen silent leaves behind.
    await answered(rest.setCancelOrdersOnTimeout({ symbol: SYMBOL, countdownTime: 200 }));
    await until('the countdown', () => ofOrder(events, 'rest').at(-1) === 'CANCELED CANCELED');
    assert.equal(ofOrder(events, 'rest'), ['NEW NEW', 'AMENDMENT NEW', 'CANCELED CANCELED']);
    assert.is((await answered(rest.getAllOpenOrders({ symbol: SYMBOL }))).length, 0);

    const steps = summed(events).steps;
    await answered(
      rest.submitNewOrder({
        symbol: SYMBOL,
        side: 'SELL',
        type: 'MARKET',
        quantity: Number(steps) / 1e8,
        reduceOnly: 'true',
        newClientOrderId: 'flat',
      }),
    );
    await until('the fill', () => ofOrder(events, 'flat').at(-1) === 'TRADE FILLED');
    await until('the end of the stop', () =>
      events.some(({ e, o }) => e === 'ALGO_UPDATE' && o['caid'] === 'guard' && o['X'] === 'EXPIRED'),
    );

    const heard = summed(events);
    assert.is(heard.steps, 0n);
    const { fees, profit } = heard;
    const account = await answered(rest.getAccountInformationV3());
    const wallet = e8(account.totalWalletBalance);
    assert.is(wallet, e8('10000') + profit - fees, 'the account is the deposit and what was heard');
    const [balance] = await answered(rest.getBalanceV3());
    assert.is(e8(balance!.balance), wallet);
    const update = events.findLast(({ e }) => e === 'ACCOUNT_UPDATE') as unknown as { a: { B: { wb: string }[] } };
    assert.is(e8(update.a.B[0]!.wb), wallet, 'the last ACCOUNT_UPDATE');
    const income = await answered(rest.getIncomeHistory({ limit: 1000 }));
    assert.is(
      income.reduce((sum, each) => sum + e8(each.income), 0n),
      wallet,
      'the incomes are the balance',
    );
    const trades = await answered(rest.getAccountTrades({ symbol: SYMBOL, limit: 1000 }));
    assert.is(
      trades.reduce((sum, each) => sum + e8(each.commission), 0n),
      fees,
    );
    assert.is(
      trades.reduce((sum, each) => sum + e8(each.realizedPnl), 0n),
      profit,
    );
    assert.equal(await answered(rest.getPositionsV3({ symbol: SYMBOL })), [], 'flat, and no order');
    assert.is(e8(account.totalInitialMargin), 0n, 'no margin is held any more');
    assert.is(account.availableBalance, account.totalWalletBalance);
    assert.equal(exceptions, []);
  } finally {
    close();
    await venue.close();
  }
});

test('tells of an order in the order in which Binance does', async () => {
  const venue = await startVenue({ symbols: [SYMBOL] });
  const { rest, events, listen, close } = trader(venue);
  try {
    await listen();
    const ticket = { symbol: SYMBOL, side: 'BUY', type: 'MARKET', quantity: 0.001 } as const;
    const ack = await answered(rest.submitNewOrder({ ...ticket, newClientOrderId: 'one' }));
    assert.is(ack.status, 'NEW', 'an ACK tells of no fill');
    assert.not.ok('avgPrice' in ack);
    await until('the fill', () => ofOrder(events, 'one').at(-1) === 'TRADE FILLED');
    assert.equal(
      events.map(({ e }) => e),
      ['ORDER_TRADE_UPDATE', 'TRADE_LITE', 'ACCOUNT_UPDATE', 'ORDER_TRADE_UPDATE'],
    );
    const order = await answered(rest.getOrder({ symbol: SYMBOL, origClientOrderId: 'one' }));
    assert.equal([order.status, order.executedQty], ['FILLED', '0.001']);
    assert.is(Number(order.avgPrice), Number(events[3]!.o['ap']));
  } finally {
    close();
    await venue.close();
  }
});

test('funding is settled at its time, by the rate and the price that are published', async () => {
  const fundingMs = Date.UTC(2026, 10, 27, 8);
  const { venue, rest, events, close } = await shortBefore(fundingMs);
  try {
    const settled = await until('the funding', () =>
      events.find((event) => (event as unknown as { a?: { m: string } }).a?.m === 'FUNDING_FEE'),
    );
    const [rate] = await answered(rest.getFundingRateHistory({ symbol: SYMBOL, limit: 1 }));
    const { fundingTime, fundingRate, markPrice } = rate as unknown as Record<string, string>;
    assert.equal([Number(fundingTime), settled['T']], [fundingMs, fundingMs]);
    // 0.1 at the price, rounded, by the rate, rounded: half away from zero, in 1e-8.
    const value = (e8(markPrice) + 5n) / 10n;
    const [paid] = await answered(rest.getIncomeHistory({ incomeType: 'FUNDING_FEE' }));
    const exact = value * e8(fundingRate);
    assert.is(e8(paid!.income), (exact + (exact < 0n ? -50_000_000n : 50_000_000n)) / 100_000_000n);
  } finally {
    close();
    await venue.close();
  }
});

/** A venue at which an account had sold 0.1 before the time; a machine that is too slow for it gets more time. */
async function shortBefore(timeMs: number, leadMs = 1_500): Promise<Trader & { readonly venue: Venue }> {
  const venue = await startVenue({ symbols: [SYMBOL], anchorMs: timeMs - leadMs });
  const client = trader(venue);
  await client.listen();
  const order = { symbol: SYMBOL, side: 'SELL', type: 'MARKET', quantity: 0.1, newClientOrderId: 'short' } as const;
  await useClockOf(client.rest);
  await answered(client.rest.submitNewOrder(order));
  const filled = await until('the fill', () => client.events.find(({ o }) => o?.['X'] === 'FILLED'));
  if (Number(filled['T']) < timeMs) return { ...client, venue };
  client.close();
  await venue.close();
  assert.ok(leadMs < 60_000, `the order was filled ${Number(filled['T']) - timeMs} ms too late`);
  return shortBefore(timeMs, leadMs * 4);
}

/** On the tick of BTCUSDT. */
function round(price: number): number {
  return Math.round(price * 10) / 10;
}

test.run();
