import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { fillMarks, ownTrading } from '../../../services/dashboard/src/market/own-trading.ts';
import { readAccount, type TradingFill } from '../../../services/dashboard/src/market/trading.ts';
import { createFixtureTrading } from '../../support/dashboard-trading.ts';

const ACCOUNTS = createFixtureTrading(1_000_000).list(1_000_000).map(readAccount);
const FILL: TradingFill = ACCOUNTS[0]!.session!.fills[0]!;
const fill = (timeMs: number, side: string, price: number, qty: number) => ({ ...FILL, timeMs, side, price, qty });

test('what is done in an instrument is shown at that one only', () => {
  const own = ownTrading(ACCOUNTS, 'simulated:BTCUSDT');
  assert.equal([own.fills.length, own.orders.length], [3, 2]);
  assert.equal(ownTrading(ACCOUNTS, 'simulated:ETHUSDT'), { fills: [], orders: [] });
});

test('fills of one side within a bar are one mark at their mean price, in order of time', () => {
  const fills = [fill(125_000, 'sell', 103, 1), fill(61_000, 'buy', 100, 1), fill(119_999, 'buy', 104, 3)];
  assert.equal(fillMarks(fills, { stepS: 60, fromS: 0 }), [
    { timeS: 60, side: 'buy', price: 103 },
    { timeS: 120, side: 'sell', price: 103 },
  ]);
  assert.is(fillMarks(fills, { stepS: 1, fromS: 0 }).length, 3);
});

test('what lies before the first bar has no mark', () => {
  const fills = [fill(59_999, 'buy', 100, 1), fill(60_000, 'buy', 100, 1)];
  assert.equal(
    fillMarks(fills, { stepS: 60, fromS: 60 }).map(({ timeS }) => timeS),
    [60],
  );
});

test.run();
