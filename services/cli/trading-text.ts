import { styleText } from 'node:util';
import type { AccountStatus, SessionStatus } from '../trader/account-status.ts';
import { table } from './table.ts';

const MARKS = { running: 'green', halted: 'red', failed: 'red', waiting: 'yellow', stopped: 'dim' } as const;
const FILLS_SHOWN = 5;

/** How accounts stand, for people. */
export function tradingText(accounts: readonly AccountStatus[]): string {
  if (accounts.length === 0) return 'Nobody has traded yet: don trade start STRATEGY --instrument I';
  return accounts.map(accountText).join('\n\n');
}

function accountText({ account, state, reason, session }: AccountStatus): string {
  const why = reason === null ? '' : `: ${reason}`;
  const head = `${styleText(MARKS[state], '●', { stream: process.stdout })} ${account}  ${state}${why}`;
  return session === null ? head : [head, sessionLines(session)].join('\n');
}

function sessionLines(session: SessionStatus): string {
  const { instrument, strategy, mode, sinceMs, equity, initialBalance, position, markPrice, orders, fills } = session;
  const change = equity - initialBalance;
  const { sent, filled, cancelled, rejected, stopped } = session.counts;
  const lines = [
    `  ${modeText(mode)}  ${strategy} on ${instrument} since ${new Date(sinceMs).toISOString().slice(0, 19)}Z`,
    `  Equity      ${money(equity)}  (${signed(change)}; fees ${money(session.fees)}, funding ${signed(session.funding)})`,
    `  Position    ${position}${markPrice === null ? '' : ` at a mark price of ${markPrice}`}  (unrealised ${signed(session.unrealisedPnl)})`,
    `  Orders      ${orders.length} open; ${sent} sent, ${filled} filled, ${cancelled} cancelled${counts('refused', rejected)}${counts('stopped', stopped)}`,
  ];
  if (fills.length === 0) return lines.join('\n');
  const rows = fills
    .slice(0, FILLS_SHOWN)
    .map(({ timeMs, side, price, qty, outcome, fee }) => [
      `  ${new Date(timeMs).toISOString().slice(11, 23)}`,
      side,
      String(price),
      String(qty),
      outcome,
      fee.toFixed(6),
    ]);
  lines.push(table(['  LAST FILLS', 'SIDE', 'PRICE', 'QTY', 'OUTCOME', 'FEE'], rows, ['PRICE', 'QTY', 'FEE']));
  return lines.join('\n');
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

const money = (value: number): string => value.toFixed(4);
const signed = (value: number): string => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(4)}`;
