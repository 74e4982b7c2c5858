import { createFieldScanner } from './field-scanner.ts';

/** Why events are missing. */
export const GAP_REASONS = [
  'sequence',
  'silence',
  'disconnected',
  'restart',
  'refill-too-old',
  'refill-failed',
  'dead-letter',
  'trimmed',
] as const;

export type GapReason = (typeof GAP_REASONS)[number];

/** Events of one channel are missing between the event before this one and the next of that channel. */
export interface Gap {
  readonly type: 'gap';
  /** The channel that has the gap. */
  readonly channel: string;
  /** Source sequence that should have come; null where the channel has none. */
  readonly expected: string | null;
  /** Source sequence that came instead; null where the channel has none. */
  readonly found: string | null;
  readonly reason: GapReason;
}

/** Decoder of our own `gap` payloads. */
export function createGapDecoder(): (payload: Uint8Array) => Gap {
  const fields = createFieldScanner('gap', ['channel', 'expected', 'found', 'reason']);
  const { channel, expected, found, reason } = fields.slots;
  return (payload) => {
    fields.scan(payload);
    return {
      type: 'gap',
      channel: fields.text(channel),
      expected: fields.textOrNull(expected),
      found: fields.textOrNull(found),
      reason: fields.oneOf(reason, GAP_REASONS),
    };
  };
}
