import { openTapeReader, type TapeReader } from '../../streams/tape/read-tape.ts';
import type { Tape } from '../../streams/tape/tape.ts';

/** Readers of tapes, one for each: both clocks of a run read the same ones, mostly the same one again and again. */
export function createTapeReaders(): (tape: Tape) => TapeReader {
  const readers = new WeakMap<Tape, TapeReader>();
  let [last, reader]: [Tape | undefined, TapeReader | undefined] = [undefined, undefined];
  return (tape) => {
    if (tape !== last) {
      reader = readers.get(tape) ?? openTapeReader(tape);
      readers.set(tape, reader);
      last = tape;
    }
    return reader!;
  };
}
