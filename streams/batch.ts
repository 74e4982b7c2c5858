import { isAscii } from 'node:buffer';
import { hash } from 'node:crypto';
import { checkChannel, type EventToAppend } from './entry.ts';
import type { SequenceRule } from './instrument.ts';
import { type Sequence, sequenceKind, sequenceOf } from './sequence.ts';

/** Where a batch touches what its channel has in the log. */
export interface Join {
  readonly channel: string;
  readonly kind: string;
  /** Sequence that the log must end with; null where the channel is not chained. */
  readonly predecessor: number | null;
  readonly first: number;
  last: number;
}

/** What the append function must know of a batch. */
export interface CheckedBatch {
  /** As text wherever that is exact: the client writes text twice as fast as buffers. */
  readonly payloads: readonly (string | Buffer)[];
  /** No event of the batch breaks its channel's sequence inside the batch, and none needs a look of its own. */
  readonly isContinuous: boolean;
  readonly joins: readonly Join[];
  /** Of each event: `kind,predecessor,sequence,deltaUs,digest;`. */
  readonly facts: string;
  /** Digests of the events that their sequence alone does not identify. */
  readonly members: readonly string[];
}

/** Keeps an entry, and the function's work on it, small: one call blocks Redis for about a millisecond. */
export const BATCH_EVENTS_MAX = 512;

/** Checks the continuity inside a batch, so that the append function only checks where it joins the log. */
export function checkBatch(events: readonly EventToAppend[], rule: SequenceRule): CheckedBatch {
  const first = events[0];
  if (first === undefined || events.length > BATCH_EVENTS_MAX)
    throw new Error(`batch: expected 1 to ${BATCH_EVENTS_MAX} events, found ${events.length}`);
  const joins = new Map<string, Join>();
  const payloads: (string | Buffer)[] = [];
  const members: string[] = [];
  let facts = '';
  let isContinuous = true;
  for (const { channel, payload: given, receiveTimeUs } of events) {
    if (!Number.isSafeInteger(receiveTimeUs) || receiveTimeUs < 0)
      throw new Error(`${channel}/receiveTimeUs: expected integer µs since the epoch, found ${receiveTimeUs}`);
    const payload = typeof given !== 'string' && isAscii(given) ? given.toString('latin1') : given;
    payloads.push(payload);
    const deltaUs = receiveTimeUs - first.receiveTimeUs;
    const kind = sequenceKind(channel, rule);
    const sequence = sequenceOf(channel, payload, rule);
    if (sequence !== null) {
      const member = kind === 'time' || kind === 'snapshot' ? `${channel}:${hash('sha1', payload)}` : '';
      if (member !== '') members.push(member);
      facts += `${kind},${sequence.predecessor ?? ''},${sequence.last},${deltaUs},${member};`;
      if (!join(joins, channel, kind, sequence)) isContinuous = false;
      continue;
    }
    checkChannel(channel);
    if (kind !== 'own') {
      const isChained = kind === 'linked' || kind === 'counted' || kind === 'snapshot';
      facts += `${isChained ? 'unreadable-chained' : 'unreadable'},,,${deltaUs},${channel}:${hash('sha1', payload)};`;
      isContinuous = false;
      continue;
    }
    const member = `${channel}:${receiveTimeUs}:${hash('sha1', payload)}`;
    const gap = channel === 'gap' ? chainedGap(payload, rule) : undefined;
    if (gap === undefined) facts += `own,,,${deltaUs},${member};`;
    else facts += `gap,${gap.channel},${gap.predecessor ?? ''},${deltaUs},${member};`;
    if (gap !== undefined) isContinuous = false;
    members.push(member);
  }
  if (new Set(members).size < members.length) isContinuous = false;
  return { payloads, isContinuous, joins: [...joins.values()], facts, members };
}

/** Whether the event follows the batch's event before it of the same channel. */
function join(joins: Map<string, Join>, channel: string, kind: string, sequence: Sequence): boolean {
  const known = joins.get(channel);
  if (known === undefined) {
    checkChannel(channel);
    const { predecessor, first: covered, last } = sequence;
    joins.set(channel, { channel, kind, predecessor, first: predecessor === null ? covered : last, last });
    return true;
  }
  const { predecessor, last } = sequence;
  const follows = predecessor === null ? last > known.last : predecessor === known.last;
  known.last = last;
  return follows;
}

/** A gap in a chained channel, and the sequence that the channel's next event must follow, where it says so. */
function chainedGap(
  payload: string | Buffer,
  rule: SequenceRule,
): { readonly channel: string; readonly predecessor: number | undefined } | undefined {
  const { channel, found } = readGap(payload);
  const kind = sequenceKind(channel, rule);
  if (kind !== 'linked' && kind !== 'counted') return undefined;
  const sequence = found === null ? Number.NaN : Number(found);
  if (!Number.isSafeInteger(sequence)) return { channel, predecessor: undefined };
  return { channel, predecessor: kind === 'counted' ? sequence - 1 : sequence };
}

function readGap(payload: string | Buffer): { readonly channel: string; readonly found: string | null } {
  const text = payload.toString();
  try {
    const { channel, found } = JSON.parse(text) as { channel?: unknown; found?: unknown };
    if (typeof channel === 'string' && (typeof found === 'string' || found === null)) return { channel, found };
  } catch {
    // Not JSON: as bad as JSON without the fields.
  }
  throw new Error(`gap: expected an object with a channel, and found as text or null, found ${text.slice(0, 120)}`);
}
