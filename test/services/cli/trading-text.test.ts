import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { tradingText } from '../../../services/cli/trading-text.ts';
import type { AccountStatus, SessionStatus } from '../../../services/trader/account-status.ts';

const test = suite('services/cli/trading-text');

const SESSION: SessionStatus = {
  session: '0123456789ab',
  mode: 'paper',
  instrument: 'binance-usdm:BTCUSDT',
  strategy: 'market-maker',
  parameters: {},
  sinceMs: 0,
  fromEntryId: '1-0',
  lastEntryId: '2-0',
  initialBalance: 10_000,
  walletBalance: 9_990,
  unrealisedPnl: -0.004_26,
  equity: 12_345.678,
  realisedPnl: 0,
  fees: 1_234.5,
  funding: -2,
  position: -0.02,
  markPrice: 64_321.5,
  liquidations: 0,
  orders: [{ orderId: 7, side: 'buy', price: 64_000.1, qty: 1_000, state: 'open' }],
  waiting: [{ orderId: 8, side: 'sell', type: 'STOP_MARKET', trigger: 63_000, price: null, qty: null, state: 'open' }],
  fills: [
    { timeMs: 0, orderId: 6, side: 'sell', price: 64_100, qty: 0.02, outcome: 'queue', fee: 0.2564, realisedPnl: 0 },
  ],
  counts: { sent: 3, filled: 1, cancelled: 0, rejected: {}, stopped: {} },
};

const account = (changes: Partial<AccountStatus>): AccountStatus => ({
  account: 'mm',
  timeMs: 0,
  state: 'running',
  reason: null,
  session: SESSION,
  ended: null,
  ...changes,
});

test('amounts have thousands separators and their assets', () => {
  const text = tradingText([account({})]);
  for (const line of [
    'Equity      12,345.68 USDT  (+2,345.68 USDT; fees 1,234.50 USDT, funding −2.00 USDT)',
    'Position    −0.02 BTC at a mark price of 64,321.5 USDT  (unrealised −0.00426 USDT)',
    'OPEN ORDERS   SIDE   PRICE USDT   LEFT BTC   STATE',
    '7             buy      64,000.1      1,000   open',
    'WAITING   SIDE   TYPE          TRIGGER USDT    QTY BTC   STATE',
    '8         sell   STOP_MARKET         63,000   position   open',
    'LAST FILLS     SIDE   PRICE USDT   QTY BTC   OUTCOME   FEE USDT',
    '00:00:00.000   sell       64,100      0.02   queue         0.26',
  ])
    assert.ok(text.includes(`\n  ${line}`), `${line} in\n${text}`);
});

test('what an account waits for is said, and of one that has ended what it was worth', () => {
  const reason = 'its features are not valid yet: return_60';
  assert.match(tradingText([account({ state: 'waiting', reason })]), /mm {2}waiting: its features .*: return_60\n/);
  const ended = { instrument: 'binance-usdm:BTCUSDT', equity: 9_876.5 };
  assert.match(
    tradingText([account({ state: 'stopped', reason: 'stopped', session: null, ended })]),
    /mm {2}stopped\n {2}Equity {6}9,876\.50 USDT when its last session ended$/,
  );
});

test.run();
