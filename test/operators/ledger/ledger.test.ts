import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createLedgerState, evolveLedger, type LedgerState } from '../../../operators/ledger/ledger.ts';
import type { LedgerEvent, SessionOpened } from '../../../operators/ledger/ledger-event.ts';

const OPENED = {
  type: 'sessionOpened',
  session: '0123456789ab',
  timeMs: 1,
  commandId: '1-0',
  isHalted: false,
  settings: { mode: 'paper', instrument: 'simulated:BTCUSDT', balance: 100 },
  strategyHash: '0',
  simulator: '',
  fromEntryId: '1-0',
  tradesFromUs: 1,
  skewUs: 0,
  tickSize: '0.10',
  stepSize: '0.001',
} as unknown as SessionOpened;
const CLOSED = {
  type: 'sessionClosed',
  session: OPENED.session,
  timeMs: 2,
  reason: 'stopped',
  toEntryId: '2-0',
} as const;
const REFUSED = { type: 'startRefused', commandId: '3-0', timeMs: 3, reason: 'nothing recorded' } as const;
const said = { by: 'test', timeMs: 4 } as const;

function foldOf(...events: LedgerEvent[]): LedgerState {
  const state = createLedgerState();
  for (const event of events) evolveLedger(state, event);
  return state;
}

test('a start that was refused is taken, and its reason told until another begins', () => {
  const state = foldOf(OPENED, { ...CLOSED, equity: 90 }, REFUSED);
  assert.is(state.session, null);
  assert.is(state.refused, 'nothing recorded');
  assert.equal(state.closed, { reason: 'stopped', equity: 90 });
  assert.equal([...state.taken], ['1-0', '3-0']);
  evolveLedger(state, { ...OPENED, commandId: '4-0' });
  assert.is(state.refused, null);
  assert.is(state.session?.commandId, '4-0');
});

test('a halt holds over sessions until it is resumed', () => {
  const halt = { type: 'halt', ...said, flattens: false, reason: 'enough' } as const;
  const state = foldOf(halt, OPENED, { ...CLOSED, equity: 90 }, OPENED);
  assert.equal([state.isHalted, state.haltReason], [true, 'enough']);
  evolveLedger(state, { type: 'resume', ...said });
  assert.equal([state.isHalted, state.haltReason], [false, null]);
});

test('the account is that of the session that runs', () => {
  const deposit = { type: 'account', event: { type: 'deposit', timeMs: 0, amountE8: 100e8 } } as const;
  const state = foldOf(OPENED, deposit);
  assert.is(state.account!.state.walletE8, 100e8);
  evolveLedger(state, { ...CLOSED, equity: 100 });
  assert.is(state.account!.state.walletE8, 100e8, 'and of the last one');
  evolveLedger(state, OPENED);
  assert.is(state.account!.state.walletE8, 0, 'each begins anew');
});

test.run();
