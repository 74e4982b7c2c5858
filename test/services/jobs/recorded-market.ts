import type { Redis } from 'ioredis';
import { type Entry, encodeEntry } from '../../../streams/entry.ts';
import { LIVE, rawKey } from '../../../streams/keys.ts';
import { registerRecording } from '../../../streams/recordings.ts';
import { entriesOf } from '../../pipelines/derive.ts';
import { madeMarket } from '../../pipelines/made-market.ts';
import { testInstrument } from '../../support/servers.ts';

/** An entry an event, of a market so slow that a backfill cuts it into a chunk for each ten thousand. */
export function slowMarket(events: number): Entry[] {
  return entriesOf(madeMarket({ seed: 70, events, pace: 600, snapshotEvery: 300 }), [1]);
}

const ENTRIES_A_PIPELINE = 1_000;

/** Writes them to the live log of an instrument that no other test has. @returns its name */
export async function record(redis: Redis, entries: readonly Entry[]): Promise<string> {
  const instrument = testInstrument();
  await registerRecording(redis, instrument, { recording: LIVE, kind: 'live' });
  for (let at = 0; at < entries.length; at += ENTRIES_A_PIPELINE) {
    const pipeline = redis.pipeline();
    for (const { entryId, events } of entries.slice(at, at + ENTRIES_A_PIPELINE)) {
      const texts = events.map((event) => ({ ...event, payload: event.payload.toString() }));
      pipeline.xadd(rawKey(instrument, LIVE), entryId, ...encodeEntry(texts));
    }
    await pipeline.exec();
  }
  return instrument;
}
