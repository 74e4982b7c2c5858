import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { until } from '../../../support/until.ts';
import { answered, codeOf, e8, trader } from '../private/trader.ts';
import { captureText, FRAMES, isDone, withCapture } from './capture-files.ts';

const SYMBOL = 'BTCUSDT';

test('the SDK trades against a recording: passive orders by its trades, others by its book', () =>
  withCapture({ 'a.txt': captureText(FRAMES) }, {}, async (venue) => {
    const { rest, events, listen, close } = trader(venue);
    try {
      await listen();
      const passive = { symbol: SYMBOL, side: 'SELL', type: 'LIMIT', timeInForce: 'GTC', quantity: 1 } as const;
      await answered(rest.submitNewOrder({ ...passive, price: 100.5, newClientOrderId: 'sell' }));
      await answered(rest.submitNewOrder({ ...passive, price: 101, newClientOrderId: 'behind' }));
      const market = { symbol: SYMBOL, side: 'BUY', type: 'MARKET' } as const;
      assert.is(await codeOf(rest.submitNewOrder({ ...market, quantity: 1 })), -4131, 'no book is known yet');
      venue.source.play();
      await until('the end of the recording', () => isDone(venue));
      const sold = await answered(rest.getOrder({ symbol: SYMBOL, origClientOrderId: 'sell' }));
      assert.equal([sold.status, Number(sold.avgPrice)], ['FILLED', 100.5], 'a trade at 101.00 went through 100.50');
      const behind = await answered(rest.getOrder({ symbol: SYMBOL, origClientOrderId: 'behind' }));
      assert.is(behind.status, 'NEW', '3 stood in front of it at 101.00, and 0.25 traded');
      const take = { ...market, quantity: 3.5, newOrderRespType: 'RESULT', newClientOrderId: 'buy' } as const;
      assert.is((await answered(rest.submitNewOrder(take))).status, 'FILLED');
      await until('the fill', () => events.some(({ o }) => o?.['c'] === 'buy' && o['X'] === 'FILLED'));
      const trades = await answered(rest.getAccountTrades({ symbol: SYMBOL }));
      assert.equal(
        trades.map(({ price, qty, maker }) => [Number(price), Number(qty), maker]),
        [
          [100.5, 1, true],
          [101, 3, false],
          [101.5, 0.5, false],
        ],
      );
      const account = await answered(rest.getAccountInformationV3());
      const paid = trades.reduce((sum, each) => sum + e8(each.realizedPnl) - e8(each.commission), 0n);
      assert.is(e8(account.totalWalletBalance), e8('10000') + paid);
      const [risk] = await answered(rest.getPositionsV3({ symbol: SYMBOL }));
      assert.equal([Number(risk!.positionAmt), Number(risk!.markPrice)], [2.5, 100.7]);
    } finally {
      close();
    }
  }));

test.run();
