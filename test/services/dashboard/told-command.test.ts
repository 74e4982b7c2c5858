import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { stillPending, type ToldCommand } from '../../../services/dashboard/src/market/told-command.ts';
import { readAccount, type TradingAccount } from '../../../services/dashboard/src/market/trading.ts';
import { createFixtureTrading } from '../../support/dashboard-trading.ts';

const PAPER = readAccount(createFixtureTrading(1_000_000).list(1_000_000)[0]);
const HALT: ToldCommand = { command: 'halt', flattens: false };
const CLOSE: ToldCommand = { command: 'halt', flattens: true };
const RESUME: ToldCommand = { command: 'resume', flattens: false };

function isPending(command: ToldCommand, change: Partial<TradingAccount>, position = -0.02): boolean {
  const session = { ...PAPER.session!, position };
  return stillPending(new Map([['paper', command]]), [{ ...PAPER, session, ...change }]).has('paper');
}

test('a halt is done when the account says that it is halted', () => {
  assert.ok(isPending(HALT, { state: 'running' }));
  assert.ok(isPending(HALT, { state: 'waiting' }));
  assert.not.ok(isPending(HALT, { state: 'halted' }));
});

test('one that closes the position is done when there is none any more', () => {
  assert.ok(isPending(CLOSE, { state: 'halted' }));
  assert.ok(isPending(CLOSE, { state: 'running' }, 0));
  assert.not.ok(isPending(CLOSE, { state: 'halted' }, 0));
});

test('a resume is done when the account is halted no longer', () => {
  assert.ok(isPending(RESUME, { state: 'halted' }));
  assert.not.ok(isPending(RESUME, { state: 'running' }));
});

test('an account says nothing of what another was told, and what has not changed is the same', () => {
  const told = new Map([['other', HALT]]);
  assert.is(stillPending(told, [{ ...PAPER, state: 'halted' }]), told);
});

test.run();
