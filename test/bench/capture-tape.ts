import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { decodeOrGap } from '../../streams/events/decode-or-gap.ts';
import { createDecoder } from '../../streams/events/decoder.ts';
import type { Tape } from '../../streams/tape/tape.ts';
import { createTapeBuilder } from '../../streams/tape/tape-builder.ts';
import type { BenchContext } from './bench.ts';
import { benchPayloads } from './bench-payloads.ts';
import { CAPTURE } from './capture-payloads.ts';

/** A capture as a tape, with the times at which it was received. */
export interface CaptureTape {
  readonly tape: Tape;
  /** Said with the result where it is no capture. */
  readonly note: string | undefined;
}

/** The BTCUSDT capture, or a made one, whose diffs come each 100 ms. */
export function captureTape(context: BenchContext): CaptureTape {
  const builder = createTapeBuilder();
  const decoder = createDecoder();
  let events = 0;
  const push = (channel: string, payload: Buffer, receiveTimeUs: number): void =>
    builder.push(decodeOrGap(decoder, channel, payload), { entryId: `${++events}-0`, index: 0, receiveTimeUs });
  const path = context.captures === undefined ? undefined : join(context.captures, CAPTURE);
  const { payloads, note } = benchPayloads(context);
  const [, instrument] = payloads.find(([channel]) => channel === 'instrument')!;
  if (path === undefined || !existsSync(path)) {
    for (const [channel, payload] of payloads) push(channel, payload, 1_723_161_256_300_000 + events * 100_000);
    return { tape: builder.take(), note };
  }
  for (const line of gunzipSync(readFileSync(path)).toString().split('\n')) {
    const space = line.indexOf(' ');
    // Nanoseconds, of which a double holds the microseconds.
    const receiveTimeUs = Number(line.slice(0, space - 3));
    const frame = line.slice(space + 1);
    if (events === 0) push('instrument', instrument, receiveTimeUs);
    const channel = /^\{"stream":"[^@"]+@(\w+)[^"]*","data":/.exec(frame);
    if (channel !== null) push(channel[1]!, Buffer.from(frame.slice(channel[0].length, -1)), receiveTimeUs);
    else if (frame.startsWith('{"lastUpdateId"')) push('depthSnapshot', Buffer.from(frame), receiveTimeUs);
  }
  return { tape: builder.take(), note };
}
