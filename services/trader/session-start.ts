import type { Redis } from 'ioredis';
import { LIVE_SWITCH } from '../../infra/config.ts';
import { BadInput } from '../../infra/setup-error.ts';
import type { SessionOpened, SessionSettings, StartCommand } from '../../operators/ledger/ledger-event.ts';
import { compareEntryIds, parseEntryId } from '../../streams/id.ts';
import { LIVE, rawKey } from '../../streams/keys.ts';
import { streamBounds } from '../../streams/stream-bounds.ts';
import { SIMULATOR } from '../backtest/finish-result.ts';
import type { LoadedStrategy } from '../backtest/load-strategy.ts';
import type { WaitingCommand } from './account-ledger.ts';

/** A live session begins while whoever started it looks on, or not at all. */
const LIVE_START_MS = 60_000;

/** Why a session cannot be run again from its beginning; undefined: it can. */
export async function obstacleTo(
  redis: Redis,
  { settings, fromEntryId, strategyHash, simulator }: SessionOpened,
  { hash }: LoadedStrategy,
): Promise<string | undefined> {
  if (hash !== strategyHash) return 'the strategy’s file has changed';
  if (simulator !== SIMULATOR) return 'the simulator has changed';
  const { firstId } = await streamBounds(redis, rawKey(settings.instrument, LIVE));
  const isThere = firstId !== undefined && compareEntryIds(firstId, fromEntryId) <= 0;
  return isThere ? undefined : 'the log no longer holds where the session began';
}

/** The entry behind which reading begins, so that it begins with this one. */
export function justBefore(entryId: string): string {
  const { ms, n } = parseEntryId(entryId);
  return n > 0 ? `${ms}-${n - 1}` : `${ms - 1}-${Number.MAX_SAFE_INTEGER}`;
}

/** Why it waits, which begins with one. */
export function noBookOf({ instrument }: SessionSettings): string {
  return `no snapshot of the book of ${instrument} is recorded yet`;
}

/** Whether what was told later makes a start void. */
export function isToldOtherwise(commands: readonly WaitingCommand[]): boolean {
  return commands.some(({ command: { type } }) => type === 'start' || type === 'stop');
}

/**
 * @param seenMs when a trader saw it first
 * @throws BadInput where a live session was not confirmed, or nobody looks on any more, or live trading is off
 */
export function checkLiveStart(
  { confirms, settings, timeMs }: StartCommand,
  { account, live, seenMs }: { readonly account: string; readonly live: object | undefined; readonly seenMs: number },
): void {
  if (seenMs - timeMs > LIVE_START_MS)
    throw new BadInput(`start: expected a trader within ${LIVE_START_MS / 1_000} s of it; say it again`);
  if (confirms !== account)
    throw new BadInput(`confirm: expected the account’s name ${account}, found ${confirms ?? 'nothing'}`);
  if (live === undefined)
    throw new BadInput(`DON_LIVE: expected ${LIVE_SWITCH} for a live session in ${settings.instrument}, found it off`);
}
