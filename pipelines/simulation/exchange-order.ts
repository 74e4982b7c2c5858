import { DEPTH_UPDATE, type Tape, TRADE } from '../../streams/tape/tape.ts';

/**
 * How much earlier than it was received an event may count as having happened at the exchange, µs. Live, the exchange is
 * simulated so much behind the present, so that a run of a recording is the same as it was live.
 */
export const HORIZON_US = 1_000_000;

/** Events of tapes in the order in which they happened at the exchange, as far as that is certain. */
export interface ExchangeOrder {
  /** Takes the next part of a tape. */
  push(tape: Tape): void;
  /** Nothing comes any more: all that is held is certain. */
  end(): void;
  /** When the next event happened, µs since the epoch; Infinity where there is none, or it is not certain. */
  readonly nextUs: number;
  /** Its tape, and its number there. */
  readonly tape: Tape;
  readonly index: number;
  advance(): void;
}

interface Part {
  readonly tape: Tape;
  /** When each event happened, by its number; numbers in that order. */
  readonly timesUs: Float64Array;
  readonly order: Uint32Array;
  at: number;
}

/**
 * Depth and trades come on different connections, and so are received in another order than that in which they happened.
 * What tells no time of its own (gaps, snapshots, mark prices) happened when it was received. Of equal times the log's order
 * holds.
 * @param skewUs by how much the recorder's clock is behind the exchange's, as `clockSkewUs` finds it
 */
export function createExchangeOrder(skewUs = 0): ExchangeOrder {
  const parts: Part[] = [];
  /** Up to here no earlier event can come any more. */
  let certainUs = Number.NEGATIVE_INFINITY;
  let nextUs = Number.POSITIVE_INFINITY;
  let from: Part | undefined;

  function settle(): void {
    while (parts.length > 0 && parts[0]!.at === parts[0]!.order.length) parts.shift();
    nextUs = Number.POSITIVE_INFINITY;
    from = undefined;
    for (const part of parts) {
      if (part.at === part.order.length) continue;
      const timeUs = part.timesUs[part.order[part.at]!]!;
      if (timeUs < nextUs) {
        nextUs = timeUs;
        from = part;
      }
    }
    if (nextUs > certainUs) nextUs = Number.POSITIVE_INFINITY;
  }

  return {
    push(tape) {
      parts.push(partOf(tape, skewUs));
      if (tape.events > 0) certainUs = tape.receiveTimesUs[tape.events - 1]! + skewUs - HORIZON_US;
      settle();
    },
    end() {
      certainUs = Number.POSITIVE_INFINITY;
      settle();
    },
    get nextUs() {
      return nextUs;
    },
    get tape() {
      return from!.tape;
    },
    get index() {
      return from!.order[from!.at]!;
    },
    advance() {
      const part = from!;
      part.at++;
      if (parts.length === 1 && part.at < part.order.length) {
        const timeUs = part.timesUs[part.order[part.at]!]!;
        nextUs = timeUs > certainUs ? Number.POSITIVE_INFINITY : timeUs;
      } else settle();
    },
  };
}

/**
 * By how much the clock of a recording is behind the exchange's, µs: nothing is received before it happened. 0 where it is
 * not behind; a clock that is ahead looks like a slow line, and cannot be told from one.
 */
export function clockSkewUs({ events, kinds, receiveTimesUs, transactionTimesMs }: Tape): number {
  let skewUs = 0;
  for (let n = 0; n < events; n++)
    if (kinds[n] === TRADE || kinds[n] === DEPTH_UPDATE)
      skewUs = Math.max(skewUs, transactionTimesMs[n]! * 1_000 - receiveTimesUs[n]!);
  return skewUs;
}

function partOf(tape: Tape, skewUs: number): Part {
  const { events, kinds, receiveTimesUs, transactionTimesMs } = tape;
  const timesUs = new Float64Array(events);
  const order = new Uint32Array(events);
  for (let n = 0; n < events; n++) {
    const receivedUs = receiveTimesUs[n]! + skewUs;
    const kind = kinds[n]!;
    const toldUs = kind === TRADE || kind === DEPTH_UPDATE ? transactionTimesMs[n]! * 1_000 : receivedUs;
    const timeUs = Math.min(receivedUs, Math.max(toldUs, receivedUs - HORIZON_US));
    timesUs[n] = timeUs;
    // Nearly in order already.
    let at = n;
    for (; at > 0 && timesUs[order[at - 1]!]! > timeUs; at--) order[at] = order[at - 1]!;
    order[at] = n;
  }
  return { tape, timesUs, order, at: 0 };
}
