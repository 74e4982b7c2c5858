import type { Redis } from 'ioredis';
import { BadInput } from '../../../infra/setup-error.ts';
import type { TraderEvent } from '../../../operators/ledger/ledger-event.ts';
import { resultOf } from '../../trader/session-result.ts';
import { allSessions, type StoredSession } from '../../trader/stored-session.ts';
import { MODEL_PREFIX } from '../model/model-strategy.ts';
import type { ForwardSession, ForwardTest } from './forward-test.ts';
import { haltedMs } from './halted-ms.ts';

export interface ForwardTestOptions {
  /** Id of the model; its file must be in the home (`ensureModelFile`). */
  readonly model: string;
  /** What it trades: sessions on another one are left out. */
  readonly instrument: string;
  /** When it came to paper: sessions that were begun before are left out. ms since the epoch; null: never, and none is. */
  readonly sinceMs: number | null;
}

/**
 * The forward test of a model: every paper session of an account in which it traded since it came to paper, each run again
 * from the log. One that cannot be run again is told with what the ledger says of it.
 * @throws BadInput where there is none; SetupError where one says otherwise than the ledger
 */
export async function forwardTestOf(
  redis: Redis,
  account: string,
  { model, instrument, sinceMs }: ForwardTestOptions,
): Promise<ForwardTest> {
  const strategy = `${MODEL_PREFIX}${model}`;
  const sessions: ForwardSession[] = [];
  const leftOut = { others: 0, earlier: 0, live: 0 };
  for await (const stored of allSessions(redis, account)) {
    const { settings, timeMs } = stored.opened;
    if (settings.strategy !== strategy || settings.instrument !== instrument) leftOut.others++;
    else if (settings.mode === 'live') leftOut.live++;
    else if (sinceMs !== null && timeMs < sinceMs) leftOut.earlier++;
    else sessions.push(await forwardSession(redis, stored));
  }
  const { others, earlier, live } = leftOut;
  if (sessions.length === 0)
    throw new BadInput(
      `--account: expected one with a paper session of ${strategy} on ${instrument}, begun since it came to paper, found ${account}, which has ${others} of something else, ${earlier} from before and ${live} with real money`,
    );
  return { account, strategy, instrument, sessions, leftOut };
}

async function forwardSession(redis: Redis, stored: StoredSession): Promise<ForwardSession> {
  const { session, tradesFromUs, settings } = stored.opened;
  // Before that it only watched.
  const fromMs = Math.floor(tradesFromUs / 1_000);
  const found = await resultOf(redis, stored);
  if (found.obstacle !== null) {
    const said = ledgerSays(stored);
    return { session, fromMs, haltedMs: haltedMs(stored, fromMs, said.toMs), ...said, obstacle: found.obstacle };
  }
  const { curve, fills, liquidations } = found.result;
  const toMs = Math.max(fromMs, Math.ceil(found.result.toMs));
  return {
    session,
    fromMs,
    toMs,
    haltedMs: haltedMs(stored, fromMs, toMs),
    decisions: found.decisions,
    differences: 0,
    initialEquity: settings.balance,
    equity: curve.equity.at(-1)!,
    fills: fills.length,
    liquidations,
    obstacle: null,
  };
}

/** Of one that cannot be run again: nothing is verified, and what it was worth last is what is written. */
function ledgerSays({
  opened: { settings, tradesFromUs },
  stored,
  closed,
}: StoredSession): Omit<ForwardSession, 'session' | 'fromMs' | 'haltedMs' | 'obstacle'> {
  let [equity, lastUs, fills, liquidations] = [settings.balance, tradesFromUs, 0, 0];
  for (const text of stored) {
    const event = JSON.parse(text) as TraderEvent;
    if (event.type === 'decided') [equity, lastUs] = [event.equity, Math.max(lastUs, event.timeUs)];
    if (event.type !== 'account') continue;
    if (event.event.type === 'fill') fills++;
    if (event.event.type === 'liquidation') liquidations++;
  }
  return {
    toMs: Math.ceil(lastUs / 1_000),
    decisions: 0,
    differences: 0,
    initialEquity: settings.balance,
    equity: closed?.equity ?? equity,
    fills,
    liquidations,
  };
}
