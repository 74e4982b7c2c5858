import { DecodeError } from './decode-error.ts';
import type { Decoder, MarketEvent } from './decoder.ts';

/** Decodes a payload; one that is not what its channel promises is a gap of the channel, as in the derivation. */
export function decodeOrGap(decoder: Decoder, channel: string, payload: Uint8Array): MarketEvent {
  try {
    return decoder.decode(channel, payload);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return { type: 'gap', channel, expected: null, found: null, reason: 'dead-letter' };
  }
}
