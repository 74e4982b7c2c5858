import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import type { LedgerEvent } from '../../../operators/ledger/ledger-event.ts';
import { type Entry, encodeEntry } from '../../../streams/entry.ts';
import { LIVE, rawKey } from '../../../streams/keys.ts';
import { readLedger } from '../../../streams/ledger.ts';
import { registerRecording } from '../../../streams/recordings.ts';

/** Writes entries into the live log, each event as it was received. */
export async function writeLog(redis: Redis, instrument: string, entries: readonly Entry[]): Promise<void> {
  await registerRecording(redis, instrument, { recording: LIVE, kind: 'live' });
  for (const { entryId, events } of entries)
    await redis.xadd(rawKey(instrument, LIVE), entryId, ...encodeEntry(events));
}

/** Writes entries into the live log within about so long. */
export async function growLog(redis: Redis, instrument: string, entries: readonly Entry[], withinMs: number) {
  const part = Math.max(1, Math.ceil(entries.length / (withinMs / 20)));
  for (let at = 0; at < entries.length; at += part) {
    await writeLog(redis, instrument, entries.slice(at, at + part));
    await sleep(20);
  }
}

/** All that the ledger holds: numbered ones are the trader's own. */
export async function ledgerOf(
  redis: Redis,
  account: string,
): Promise<{ readonly n: number | undefined; readonly text: string; readonly event: LedgerEvent }[]> {
  const found = [];
  for await (const page of readLedger(redis, account))
    for (const { n, text } of page) found.push({ n, text, event: JSON.parse(text) as LedgerEvent });
  return found;
}
