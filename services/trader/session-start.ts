import type { Redis } from 'ioredis';
import type { SessionOpened } from '../../operators/ledger/ledger-event.ts';
import { compareEntryIds, parseEntryId } from '../../streams/id.ts';
import { LIVE, rawKey } from '../../streams/keys.ts';
import { streamBounds } from '../../streams/stream-bounds.ts';
import { SIMULATOR } from '../backtest/finish-result.ts';
import type { LoadedStrategy } from '../backtest/load-strategy.ts';

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
