import type { Redis } from 'ioredis';
import { FIRST_ENTRY_ID, parseEntryId } from './id.ts';
import { LIVE, rawKey } from './keys.ts';
import { listRecordings, type Recording } from './recordings.ts';
import { streamBounds } from './stream-bounds.ts';

/** A span of time, and the recording that stands for it. */
export interface SelectedSpan {
  readonly recording: string;
  /** µs since the epoch, both included. */
  readonly fromUs: number;
  readonly toUs: number;
  /** Recordings of the same span that were not taken. */
  readonly insteadOf: readonly string[];
}

interface Candidate {
  readonly recording: string;
  readonly fromUs: number;
  readonly toUs: number;
  readonly gaps: number;
}

/**
 * Which recordings tell an instrument's story between two times, in order of time, each span once: where several cover
 * it, the preferred one, else the one with the fewest gaps, as far as they are counted, else the live one.
 */
export async function selectRecordings(
  redis: Redis,
  instrument: string,
  fromUs: number,
  toUs: number,
  preferred?: string,
): Promise<SelectedSpan[]> {
  const recordings = await listRecordings(redis, instrument);
  const found = await Promise.all(recordings.map((recording) => candidateOf(redis, instrument, recording)));
  const candidates = found.filter((candidate) => candidate !== undefined);
  const rank = (candidate: Candidate): number => (candidate.recording === preferred ? -1 : candidate.gaps);
  // Sorting is stable, and the live recording comes first in the list.
  candidates.sort((one, other) => rank(one) - rank(other) || 0);

  const starts = candidates.flatMap((candidate) => [candidate.fromUs, candidate.toUs + 1]);
  const bounds = [...new Set([fromUs, ...starts, toUs + 1])]
    .filter((us) => us >= fromUs && us <= toUs + 1)
    .sort((one, other) => one - other);
  const spans: SelectedSpan[] = [];
  for (let i = 0; i + 1 < bounds.length; i++) {
    const [start, end] = [bounds[i]!, bounds[i + 1]! - 1];
    const [chosen, ...others] = candidates.filter((candidate) => candidate.fromUs <= start && candidate.toUs >= end);
    if (chosen === undefined) continue;
    const insteadOf = others.map((candidate) => candidate.recording);
    const before = spans.at(-1);
    if (before?.recording === chosen.recording)
      spans[spans.length - 1] = { ...before, toUs: end, insteadOf: [...new Set([...before.insteadOf, ...insteadOf])] };
    else spans.push({ recording: chosen.recording, fromUs: start, toUs: end, insteadOf });
  }
  return spans;
}

/** A recording that is still written, or does not say its times, spans what its stream holds; undefined: nothing. */
async function candidateOf(redis: Redis, instrument: string, known: Recording): Promise<Candidate | undefined> {
  const { recording, counts } = known;
  const gaps = counts === undefined ? Number.POSITIVE_INFINITY : (counts['gap'] ?? 0);
  const isFinal = recording !== LIVE && known.fromUs !== undefined && known.toUs !== undefined;
  if (isFinal) return { recording, fromUs: known.fromUs!, toUs: known.toUs!, gaps };
  const { firstId = FIRST_ENTRY_ID, lastId } = await streamBounds(redis, rawKey(instrument, recording));
  if (firstId === FIRST_ENTRY_ID) return undefined;
  // An id tells the millisecond; all of its last one belongs to the span.
  return { recording, fromUs: parseEntryId(firstId).ms * 1_000, toUs: parseEntryId(lastId).ms * 1_000 + 999, gaps };
}
