import type { Redis } from 'ioredis';
import { bookAt, scaleBefore } from '../../pipelines/book-at.ts';
import { decodeOrGap } from '../../streams/events/decode-or-gap.ts';
import { createDecoder } from '../../streams/events/decoder.ts';
import { parseEntryId } from '../../streams/id.ts';
import { LIVE, rawKey } from '../../streams/keys.ts';
import { replay } from '../../streams/replay.ts';
import { streamBounds } from '../../streams/stream-bounds.ts';

/** A venue tells its mark price each few seconds; one that was told longer before the log's end is none of its own. */
const SPAN_MS = 60_000;

/**
 * By which a position is valued where the log ends: the last mark price, or, where the venue tells none, the midprice.
 * undefined: the log holds neither.
 */
export async function lastPrice(redis: Redis, instrument: string): Promise<number | undefined> {
  const key = rawKey(instrument, LIVE);
  const { lastId: last } = await streamBounds(redis, key);
  const decoder = createDecoder(await scaleBefore(redis, key, last));
  const from = Math.max(0, parseEntryId(last).ms - SPAN_MS);
  let found: number | undefined;
  for await (const entries of replay({ redis, instrument, from, to: last }))
    for (const { events } of entries)
      for (const { channel, payload } of events) {
        if (channel !== 'markPrice') continue;
        const event = decodeOrGap(decoder, channel, payload);
        if (event.type === 'markPrice' && event.markPrice > 0) found = event.markPrice;
      }
  return found ?? midAt(redis, instrument, last);
}

async function midAt(redis: Redis, instrument: string, at: string): Promise<number | undefined> {
  const { levels, scale } = await bookAt({ redis, instrument, at, levels: 1 });
  const [bid, ask] = [levels.bidTicks[0], levels.askTicks[0]];
  if (bid === undefined || ask === undefined || scale === undefined) return undefined;
  return ((bid + ask) / 2) * scale.price.toNumber(1);
}
