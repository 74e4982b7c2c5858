import { decodeOrGap } from '../../streams/events/decode-or-gap.ts';
import { createDecoder } from '../../streams/events/decoder.ts';
import type { Tape } from '../../streams/tape/tape.ts';
import { createTapeBuilder } from '../../streams/tape/tape-builder.ts';
import type { CapturedPayload } from './capture-payloads.ts';

/** Decodes payloads into one tape. */
export function tapeOf(payloads: readonly CapturedPayload[]): Tape {
  const builder = createTapeBuilder();
  const decoder = createDecoder();
  for (let n = 0; n < payloads.length; n++) {
    const [channel, payload] = payloads[n]!;
    builder.push(decodeOrGap(decoder, channel, payload), { entryId: `${n + 1}-0`, index: 0, receiveTimeUs: n });
  }
  return builder.take();
}
