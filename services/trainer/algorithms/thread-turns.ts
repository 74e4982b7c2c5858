/** What threads do in a turn. */
export const WORK = { begin: 1, step: 2, close: 3 } as const;
export type Work = (typeof WORK)[keyof typeof WORK];

/** Shared words by which one thread gives turns to others and waits for them. */
export type TurnWords = Int32Array<SharedArrayBuffer>;

/** Places in the words. `LEFT` counts the threads that have yet to do the turn; far below 0: one of them is gone. */
const [TURN, LEFT, WORKED_ON, AT] = [0, 1, 2, 3];
const GONE = -(2 ** 30);
/** Where a thread is at no environment. */
export const NOWHERE = -1;

export function createTurnWords(threads: number): TurnWords {
  const words = new Int32Array(new SharedArrayBuffer(4 * (AT + threads)));
  words.fill(NOWHERE, AT);
  return words;
}

/** Gives every thread a turn, and goes on. */
export function giveTurn(words: TurnWords, work: Work): void {
  words[WORKED_ON] = work;
  Atomics.add(words, LEFT, words.length - AT);
  Atomics.add(words, TURN, 1);
  Atomics.notify(words, TURN);
}

/** Blocks until all threads have done their turn. @returns false: one of them is gone, or silent for too long */
export function awaitTurn(words: TurnWords, patienceMs = Number.POSITIVE_INFINITY): boolean {
  let left = Atomics.load(words, LEFT);
  for (; left > 0; left = Atomics.load(words, LEFT))
    if (Atomics.wait(words, LEFT, left, patienceMs) === 'timed-out') return false;
  return left === 0;
}

/** Takes turns until one is to close. */
export function takeTurns(words: TurnWords, perform: (work: Work) => void): void {
  for (let turn = 0, work: Work = WORK.begin; work !== WORK.close; ) {
    // Who was quick enough has done a turn before the call that wakes for it comes.
    while (Atomics.load(words, TURN) === turn) Atomics.wait(words, TURN, turn);
    turn = Atomics.load(words, TURN);
    work = words[WORKED_ON] as Work;
    perform(work);
    if (Atomics.sub(words, LEFT, 1) === 1) Atomics.notify(words, LEFT);
  }
}

/** Says that a thread takes no turn any more: who waits for it is woken. */
export function markGone(words: TurnWords): void {
  Atomics.store(words, LEFT, GONE);
  Atomics.notify(words, LEFT);
}

/** Says which environment a thread is at: if it ends there, that one is named. */
export function setPlace(words: TurnWords, thread: number, environment: number): void {
  words[AT + thread] = environment;
}

export function placeOf(words: TurnWords, thread: number): number {
  return words[AT + thread]!;
}
