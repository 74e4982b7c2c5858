import { type Tape, TRADE } from '../../streams/tape/tape.ts';

/** Events of tapes in the order in which they were received, as the strategy hears of them. */
export interface ReceivedOrder {
  /** Takes the next part of a tape. */
  push(tape: Tape): void;
  /** When the next event was received, µs by the exchange's clock; Infinity where there is none. */
  readonly nextUs: number;
  /** Its tape, and its number there. */
  readonly tape: Tape | undefined;
  readonly index: number;
  advance(): void;
}

/** @param passesTrades trades are nothing to who listens */
export function createReceivedOrder(skewUs: number, passesTrades: boolean): ReceivedOrder {
  const tapes: Tape[] = [];

  function settle(): void {
    for (; tapes.length > 0; tapes.shift(), received.index = 0) {
      const tape = tapes[0]!;
      const { kinds, events, receiveTimesUs } = tape;
      while (passesTrades && received.index < events && kinds[received.index] === TRADE) received.index++;
      if (received.index === events) continue;
      received.tape = tape;
      received.nextUs = receiveTimesUs[received.index]! + skewUs;
      return;
    }
    received.tape = undefined;
    received.nextUs = Number.POSITIVE_INFINITY;
  }

  // Plain properties for what is looked at with every event.
  const received = {
    nextUs: Number.POSITIVE_INFINITY,
    tape: undefined as Tape | undefined,
    index: 0,
    push(tape: Tape): void {
      tapes.push(tape);
      if (tapes.length === 1) settle();
    },
    advance(): void {
      received.index++;
      settle();
    },
  };
  return received;
}
