import { DEPTH_SNAPSHOT, DEPTH_UPDATE, type Tape } from '../../streams/tape/tape.ts';

/** Diffs before a snapshot that it may be carried on with. */
const DIFFS_KEPT = 512;

/** Of each tape, once. */
const kept = new WeakMap<Tape, Uint8Array>();

/** Whether the book is to keep its diffs at an event: a snapshot is not far, or may be, as at the end of a part. */
export function keepsDiffs(tape: Tape, n: number): boolean {
  let keeps = kept.get(tape);
  if (keeps === undefined) {
    keeps = new Uint8Array(tape.events);
    keepBefore(tape, keeps, DIFFS_KEPT);
    kept.set(tape, keeps);
  }
  return keeps[n] === 1;
}

/** Says of all parts of a recording, that no others follow: fewer diffs are kept. */
export function areAllParts(parts: readonly Tape[]): void {
  let left = 0;
  for (const tape of [...parts].reverse()) {
    const keeps = new Uint8Array(tape.events);
    left = keepBefore(tape, keeps, left);
    kept.set(tape, keeps);
  }
}

/** @param left diffs to be kept before what follows the tape. @returns those to be kept before the tape */
function keepBefore({ events, kinds }: Tape, keeps: Uint8Array, left: number): number {
  for (let n = events - 1; n >= 0; n--) {
    if (kinds[n] === DEPTH_SNAPSHOT) left = DIFFS_KEPT;
    else if (kinds[n] === DEPTH_UPDATE && left > 0) {
      left--;
      keeps[n] = 1;
    }
  }
  return left;
}
