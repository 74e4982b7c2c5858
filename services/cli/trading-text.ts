import { styleText } from 'node:util';
import { assetsOf } from '../backtest/finish-result.ts';
import { amount, counted, exact, signed } from '../backtest/report/numbers.ts';
import type { AccountStatus, SessionStatus } from '../trader/account-status.ts';
import type { SessionVerification } from '../trader/verify-session.ts';
import { table } from './table.ts';

const MARKS = { running: 'green', halted: 'red', failed: 'red', waiting: 'yellow', stopped: 'dim' } as const;
const FILLS_SHOWN = 5;
const ORDERS_SHOWN = 20;

/** How accounts stand, for people. */
export function tradingText(accounts: readonly AccountStatus[]): string {
  if (accounts.length === 0) return 'Nobody has traded yet: don trade start STRATEGY --instrument I';
  return accounts.map(accountText).join('\n\n');
}

/** What came of running a session again, for people. */
export function verificationText(verification: SessionVerification): string {
  const { session, events, decisions, difference, obstacle, refused } = verification;
  const start = refused === null ? [] : [`The last start was refused: ${refused}`];
  const count = counted(events, 'event');
  if (session === null) return [...start, 'There is no session to run again.'].join('\n');
  if (obstacle !== null) return [...start, `Session ${session} cannot be run again: ${obstacle}.`].join('\n');
  const found =
    difference === null
      ? `${count} of the ledger${decisions === 0 ? '' : `, ${counted(decisions, 'decision')} among them,`} come out the same from the log.`
      : `after ${counted(events, 'equal event')}: ${difference}`;
  return [...start, `Session ${session}: ${found}`].join('\n');
}

function accountText({ account, state, reason, session, ended }: AccountStatus): string {
  const why = reason === null || reason === state ? '' : `: ${reason}`;
  const head = `${styleText(MARKS[state], '●', { stream: process.stdout })} ${account}  ${state}${why}`;
  if (session !== null) return [head, sessionLines(session)].join('\n');
  // A trader of an earlier version has told nothing of it.
  if (ended == null) return head;
  return `${head}\n  Equity      ${money(ended.equity, assetsOf(ended.instrument).quote)} when its last session ended`;
}

function sessionLines(session: SessionStatus): string {
  const { instrument, strategy, mode, sinceMs, equity, initialBalance, position, markPrice } = session;
  const { orders, waiting, fills } = session;
  const change = equity - initialBalance;
  const { sent, filled, cancelled, rejected, stopped } = session.counts;
  const { base, quote } = assetsOf(instrument);
  const gain = (value: number): string => money(value, quote, signed);
  const mark = markPrice === null ? '' : ` at a mark price of ${exact(markPrice)} ${quote}`;
  const lines = [
    `  ${modeText(mode)}  ${strategy} on ${instrument} since ${new Date(sinceMs).toISOString().slice(0, 19)}Z`,
    `  Equity      ${money(equity, quote)}  (${gain(change)}; fees ${money(session.fees, quote)}, funding ${gain(session.funding)})`,
    `  Position    ${exact(position)} ${base}${mark}  (unrealised ${gain(session.unrealisedPnl)})`,
    `  Orders      ${orders.length} open${waiting.length === 0 ? '' : `, ${waiting.length} waiting`}; ${sent} sent, ${filled} filled, ${cancelled} cancelled${counts('refused', rejected)}${counts('stopped', stopped)}`,
  ];
  if (orders.length > 0) lines.push(ordersText(orders, base, quote));
  if (waiting.length > 0) lines.push(waitingText(waiting, base, quote));
  if (fills.length > 0) lines.push(fillsText(fills, base, quote));
  return lines.join('\n');
}

function ordersText(orders: SessionStatus['orders'], base: string, quote: string): string {
  const rows = orders
    .slice(0, ORDERS_SHOWN)
    .map(({ orderId, side, price, qty, state }) => [
      `  ${orderId}`,
      side,
      price === null ? 'any' : exact(price),
      exact(qty),
      state,
    ]);
  const right = [`PRICE ${quote}`, `LEFT ${base}`];
  const shown = table(['  OPEN ORDERS', 'SIDE', ...right, 'STATE'], rows, right);
  return withRest(shown, orders.length - rows.length);
}

function waitingText(waiting: SessionStatus['waiting'], base: string, quote: string): string {
  const rows = waiting
    .slice(0, ORDERS_SHOWN)
    .map(({ orderId, side, type, trigger, qty, state }) => [
      `  ${orderId}`,
      side,
      type,
      trigger === null ? 'trails' : exact(trigger),
      qty === null ? 'position' : exact(qty),
      state,
    ]);
  const right = [`TRIGGER ${quote}`, `QTY ${base}`];
  const shown = table(['  WAITING', 'SIDE', 'TYPE', ...right, 'STATE'], rows, right);
  return withRest(shown, waiting.length - rows.length);
}

function withRest(shown: string, left: number): string {
  return left === 0 ? shown : `${shown}\n  and ${left} more; --json tells all`;
}

function fillsText(fills: SessionStatus['fills'], base: string, quote: string): string {
  const rows = fills
    .slice(0, FILLS_SHOWN)
    .map(({ timeMs, side, price, qty, outcome, fee }) => [
      `  ${new Date(timeMs).toISOString().slice(11, 23)}`,
      side,
      exact(price),
      exact(qty),
      outcome,
      amount(fee),
    ]);
  const [price, qty, fee] = [`PRICE ${quote}`, `QTY ${base}`, `FEE ${quote}`];
  return table(['  LAST FILLS', 'SIDE', price, qty, 'OUTCOME', fee], rows, [price, qty, fee]);
}

/** Real money is not to be overlooked. */
function modeText(mode: SessionStatus['mode']): string {
  return mode === 'live' ? styleText(['bold', 'red'], 'LIVE', { stream: process.stdout }) : 'PAPER';
}

function counts(what: string, found: Readonly<Record<string, number>>): string {
  const texts = Object.entries(found)
    .filter(([name]) => name !== 'warm-up')
    .map(([name, count]) => `${count} by ${name}`);
  return texts.length === 0 ? '' : `, ${what}: ${texts.join(', ')}`;
}

function money(value: number, quote: string, write: (text: string) => string = (text) => text): string {
  return `${write(amount(value))} ${quote}`;
}
