import type { Redis } from 'ioredis';
import { BadInput, SetupError } from '../../infra/setup-error.ts';
import { equityE8 } from '../../operators/account/valuation.ts';
import { QUEUE_MODELS } from '../../operators/matching/queue-model.ts';
import { riskLimits } from '../../operators/risk/risk-limits.ts';
import { LIVE, rawKey } from '../../streams/keys.ts';
import { streamBounds } from '../../streams/stream-bounds.ts';
import type { BacktestResult, EquityCurve } from '../backtest/backtest-result.ts';
import { latencyOf } from '../backtest/latency-of.ts';
import { loadStrategy } from '../backtest/load-strategy.ts';
import { marketResult } from '../backtest/market-result.ts';
import type { MarketRun } from '../backtest/market-run.ts';
import { openPaperSession } from './paper-session.ts';
import { runAgain } from './run-again.ts';
import { obstacleTo } from './session-start.ts';
import { commandsTaken, lastSession, type StoredSession } from './stored-session.ts';
import { paperAgain } from './verify-session.ts';

/**
 * What the account's last paper session has done, up to its end or to that of the log, as a backtest tells it: it is run
 * again from the log, and must say what the ledger has.
 * @throws BadInput where there is none, it is live, or it cannot be run again; SetupError where it says otherwise
 */
export async function sessionResult(redis: Redis, account: string): Promise<BacktestResult> {
  const { last } = await lastSession(redis, account);
  if (last === undefined) throw new BadInput(`--account: expected one that has traded, found ${account}`);
  const { session, settings } = last.opened;
  if (settings.mode === 'live')
    throw new BadInput(
      `session ${session}: expected a paper session, found a live one; don export ledger has what it did`,
    );
  const found = await resultOf(redis, last);
  if (found.obstacle !== null) throw new BadInput(`session ${session} cannot be run again: ${found.obstacle}`);
  return found.result;
}

/** What a paper session came to, run again. */
export type SessionResult =
  | { readonly obstacle: null; readonly result: BacktestResult; readonly decisions: number }
  /** Why it cannot be. */
  | { readonly obstacle: string };

/** The same of any paper session. @throws SetupError where it says otherwise than the ledger */
export async function resultOf(redis: Redis, stored: StoredSession): Promise<SessionResult> {
  const { opened, closed } = stored;
  const { session, settings, fromEntryId, tradesFromUs, skewUs } = opened;
  const strategy = await loadStrategy(settings.strategy);
  const obstacle = await obstacleTo(redis, opened, strategy);
  if (obstacle !== undefined) return { obstacle };
  const to = closed?.toEntryId ?? (await streamBounds(redis, rawKey(settings.instrument, LIVE))).lastId;
  const paper = openPaperSession(opened, strategy);
  // Entry by entry, so that it ends where the session did.
  const { difference, decisions } = await runAgain({ redis, session: stored, again: paperAgain(paper), to, part: 1 });
  if (difference !== null) throw new SetupError(`session ${session} says otherwise than the ledger: ${difference}`);
  const of = {
    ...settings,
    strategy,
    recording: LIVE,
    queue: QUEUE_MODELS[settings.queue]!,
    latency: latencyOf(settings.latency)!,
    limits: riskLimits(settings.limits),
    tradesFromUs,
    skewUs,
    fromEntryId,
    toEntryId: paper.lastEntryId,
    warnings: toldWarnings(stored),
  };
  const { account: traded } = paper.run;
  const result = marketResult(of, { ...paper.run, account: { ...traded, curve: () => curveToEnd(paper.run) } });
  return { obstacle: null, result, decisions };
}

/** The account's samples, and how it stood when the run ended, which is what the ledger says it was worth. */
function curveToEnd({ account, simulation: { market } }: MarketRun): EquityCurve {
  const { timesMs, equity, position, price } = account.curve();
  const [book] = account.state.books;
  const add = (column: Float64Array, value: number): Float64Array => Float64Array.from([...column, value]);
  const endMs = market.timeUs / 1_000;
  if (!(endMs > timesMs.at(-1)!)) return { timesMs, equity, position, price };
  return {
    timesMs: add(timesMs, endMs),
    equity: add(equity, equityE8(account.state) / 1e8),
    position: add(position, book!.both.steps * market.stepSize),
    price: add(price, book!.isMarked ? book!.markPriceE8 / 1e8 : price.at(-1)!),
  };
}

/** Where it was told to halt, no figure is the strategy's alone. */
function toldWarnings(session: StoredSession): string[] {
  const told = [...commandsTaken(session)].flatMap(({ command }) => (command === 'stop' ? [] : [command]));
  return told.length === 0 ? [] : [`It was told while it ran: ${told.join(', ')}. The ledger has by whom and when.`];
}
