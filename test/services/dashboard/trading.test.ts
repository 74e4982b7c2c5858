import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  assetsOf,
  positionText,
  readAccount,
  stateChanges,
  type TradingAccount,
} from '../../../services/dashboard/src/market/trading.ts';
import { createFixtureTrading } from '../../support/dashboard-trading.ts';

const [PAPER, STOPPED] = createFixtureTrading(1_000_000).list(1_000_000) as [object, object];

test('an account is read with what stopped its orders, but for its only watching at first, or being halted', () => {
  const { account, state, session } = readAccount(PAPER);
  assert.equal([account, state], ['paper', 'running']);
  assert.equal(session!.stopped, [['position', 12]]);
  assert.is(session!.parameters, 'everyMs 500, halfSpreadBps 1, skewBps 1, qty 0.01, maxQty 0.1');
  assert.equal([session!.sent, session!.orders.length, session!.fills.length], [1_204, 2, 3]);
  assert.equal(session!.waiting, [{ orderId: 90, side: 'buy', type: 'stop market', trigger: 97_900.5, qty: null }]);
  const stopped = readAccount(STOPPED);
  assert.equal([stopped.session, stopped.ended], [null, { instrument: 'simulated:ETHUSDT', equity: 9_871.25 }]);
  assert.is(readAccount(PAPER).ended, null);
});

test('what changed of the states is said, with the reason', () => {
  const account = (name: string, state: TradingAccount['state'], reason: string | null = null): TradingAccount => ({
    account: name,
    timeMs: 1,
    state,
    reason,
    session: null,
    ended: null,
  });
  const before = [account('a', 'running'), account('b', 'halted', 'enough'), account('c', 'waiting')];
  const now = [
    account('a', 'halted', 'too wide'),
    account('b', 'running', ''),
    account('c', 'waiting', 'for the market'),
    account('d', 'running'),
  ];
  assert.equal(stateChanges(before, now), ['a is halted: too wide', 'b is running']);
});

test('a position is said by its side, in the base asset', () => {
  const text = (position: number) => positionText({ position, instrument: 'simulated:BTCUSDT' });
  assert.equal([0.02, -0.01, 0].map(text), ['long 0.02 BTC', 'short 0.01 BTC', 'flat']);
  assert.is(positionText({ position: 1, instrument: 'other:XYZ' }), 'long 1');
});

test('assets are those of the symbol, and none where it does not tell', () => {
  assert.equal(assetsOf('binance-usdm:1000PEPEUSDC'), { base: '1000PEPE', quote: 'USDC' });
  assert.equal(assetsOf('simulated:ETHBTC'), { base: 'ETH', quote: 'BTC' });
  assert.equal(assetsOf('other:USDT'), { base: '', quote: '' });
});

test('a field that is not as expected is named', () => {
  assert.throws(() => readAccount({ ...PAPER, state: 'asleep' }), /trading\/state: expected one of .*, was asleep/);
  const { session } = PAPER as { session: object };
  assert.throws(() => readAccount({ ...PAPER, session: { ...session, equity: 'x' } }), /trading\/session\/equity/);
  assert.throws(() => readAccount({ ...PAPER, session: { ...session, counts: null } }), /trading\/session\/counts/);
});

test.run();
