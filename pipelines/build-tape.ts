import { hash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Redis } from 'ioredis';
import { decodeOrGap } from '../streams/events/decode-or-gap.ts';
import { createDecoder } from '../streams/events/decoder.ts';
import type { Scale } from '../streams/events/scale.ts';
import type { EntryId } from '../streams/id.ts';
import { LIVE, rawKey } from '../streams/keys.ts';
import { replay } from '../streams/replay.ts';
import { spanEnds } from '../streams/stream-bounds.ts';
import { createTapeBuilder } from '../streams/tape/tape-builder.ts';
import { writeTapeFile } from '../streams/tape/tape-file.ts';

/** Changes with any change of what a payload is decoded to, or of a tape's columns: tapes are then built anew. */
const DECODER_VERSION = 2;
/** Rows of a part, about: 16 MB of prices and quantities. */
const ROWS_A_PART = 1_000_000;

export interface TapeOptions {
  readonly redis: Redis;
  /** `venue:SYMBOL` */
  readonly instrument: string;
  /** `live` if not said. */
  readonly recording?: string;
  /** First and last entry, or their times in ms since the epoch; the whole recording if not said. */
  readonly from?: EntryId | number;
  readonly to?: EntryId | number;
  /** Scale to begin with, where the span lies behind the log's `instrument` event. */
  readonly scale?: Scale;
  /** Where tapes are kept. */
  readonly folder: string;
  readonly onProgress?: (events: number) => void;
}

/** The tape of a span, built where it is not there yet. @returns its file; undefined where the span is empty */
export async function ensureTape(options: TapeOptions): Promise<string | undefined> {
  const { redis, instrument, recording = LIVE, from, to, folder } = options;
  const ends = await spanEnds(redis, rawKey(instrument, recording), from, to);
  if (ends === undefined) return undefined;
  const { first, last } = ends;
  // A log is only ever added to: its first and last entry say which events a span has.
  const span = JSON.stringify([instrument, recording, first, last, DECODER_VERSION]);
  const path = join(folder, `${hash('sha256', span).slice(0, 32)}.tape`);
  if (!existsSync(path)) {
    await mkdir(folder, { recursive: true });
    await buildTape({ ...options, from: first, to: last }, path);
  }
  return path;
}

async function buildTape(options: TapeOptions, path: string): Promise<void> {
  const { redis, instrument, recording, from, to, scale, onProgress } = options;
  const writer = await writeTapeFile(path);
  const builder = createTapeBuilder();
  const decoder = createDecoder(scale);
  let events = 0;
  try {
    for await (const entries of replay({ redis, instrument, recording, from, to })) {
      for (const { entryId, events: logged } of entries) {
        for (const [index, { channel, payload, receiveTimeUs }] of logged.entries())
          builder.push(decodeOrGap(decoder, channel, payload), { entryId, index, receiveTimeUs });
        events += logged.length;
      }
      if (builder.rows >= ROWS_A_PART) await writer.write(builder.take());
      onProgress?.(events);
    }
    await writer.write(builder.take());
    await writer.close();
  } catch (error) {
    await writer.abandon();
    throw error;
  }
}
