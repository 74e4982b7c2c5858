import { hash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Redis } from 'ioredis';
import { KLINE_INTERVALS, type KlineInterval } from '../operators/kline-bars.ts';
import { decodeOrGap } from '../streams/events/decode-or-gap.ts';
import { createDecoder } from '../streams/events/decoder.ts';
import type { Scale } from '../streams/events/scale.ts';
import type { EntryId } from '../streams/id.ts';
import { rawKey } from '../streams/keys.ts';
import { replay } from '../streams/replay.ts';
import { spanEnds } from '../streams/stream-bounds.ts';
import type { BarTape } from '../streams/tape/bar-tape.ts';
import { createBarTapeBuilder } from '../streams/tape/bar-tape-builder.ts';
import { readBarTapeFile, writeBarTapeFile } from '../streams/tape/bar-tape-file.ts';

/** Changes with any change of what candles are decoded to, or of their columns: files are then built anew. */
const BARS_VERSION = 1;

export interface BarTapeOptions {
  readonly redis: Redis;
  /** `venue:SYMBOL` */
  readonly instrument: string;
  readonly recording: string;
  readonly interval: KlineInterval;
  /** First and last entry, or their times in ms since the epoch; the whole recording if not said. */
  readonly from?: EntryId | number | undefined;
  readonly to?: EntryId | number | undefined;
  /** Tick and step size that candles are counted in. */
  readonly scale: Scale;
  /** Where they are kept. */
  readonly folder: string;
  readonly onProgress?: ((events: number) => void) | undefined;
}

/** The closed candles of a span, and its funding, read from a file that is built where it is not there yet. @returns undefined where the span is empty */
export async function ensureBarTape(options: BarTapeOptions): Promise<BarTape | undefined> {
  const { redis, instrument, recording, interval, from, to, scale, folder } = options;
  const ends = await spanEnds(redis, rawKey(instrument, recording), from, to);
  if (ends === undefined) return undefined;
  const { first, last } = ends;
  const sizes = [scale.price.size, scale.qty.size];
  // A log is only ever added to: its first and last entry say which events a span has.
  const span = JSON.stringify([instrument, recording, interval, sizes, first, last, BARS_VERSION]);
  const path = join(folder, `${hash('sha256', span).slice(0, 32)}.bars`);
  if (existsSync(path)) return readBarTapeFile(path);
  const bars = await buildBarTape(options, first, last);
  await mkdir(folder, { recursive: true });
  await writeBarTapeFile(path, bars);
  return bars;
}

async function buildBarTape(options: BarTapeOptions, firstEntryId: EntryId, lastEntryId: EntryId): Promise<BarTape> {
  const { redis, instrument, recording, interval, scale, onProgress } = options;
  const builder = createBarTapeBuilder(interval, KLINE_INTERVALS[interval], scale);
  const decoder = createDecoder(scale);
  const channels = new Set([`kline_${interval}`, 'fundingRate']);
  let events = 0;
  for await (const entries of replay({ redis, instrument, recording, from: firstEntryId, to: lastEntryId })) {
    for (const { events: logged } of entries) {
      for (const { channel, payload } of logged)
        if (channels.has(channel)) builder.push(decodeOrGap(decoder, channel, payload));
      events += logged.length;
    }
    onProgress?.(events);
  }
  return builder.take({ firstEntryId, lastEntryId });
}
