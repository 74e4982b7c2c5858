/** A part of a recording that one worker goes through, by the times of its entries, ms since the epoch. */
export interface Chunk {
  /** Where reading begins, so that what looks back over a window is warm at the chunk's beginning. */
  readonly warmFromMs: number;
  readonly fromMs: number;
  /** Not included. */
  readonly toMs: number;
  /** How far it goes on behind its end, to be compared with how the next chunk begins. Not included. */
  readonly comparedToMs: number;
}

/**
 * Cuts a span into chunks.
 * @param overlapMs read before each chunk, and compared behind it
 */
export function planChunks(fromMs: number, toMs: number, chunkMs: number, overlapMs: number): Chunk[] {
  const chunks: Chunk[] = [];
  for (let start = fromMs; start < toMs; start += chunkMs) {
    const end = Math.min(start + chunkMs, toMs);
    chunks.push({
      warmFromMs: Math.max(fromMs, start - overlapMs),
      fromMs: start,
      toMs: end,
      comparedToMs: Math.min(end + overlapMs, toMs),
    });
  }
  return chunks;
}
