import { DEPTH_SNAPSHOT, DEPTH_UPDATE, IS_MARKET, IS_SELL, type Tape, TRADE } from '../../streams/tape/tape.ts';
import type { QuietPrices } from './pass-trades.ts';

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
  /**
   * Passes over trades up to then that reach no own order, as far as nothing else comes between.
   * @param buyTicks best price of own orders that buy; −Infinity: there are none
   * @param sellTicks the same of those that sell; Infinity
   * @param quiet others are not passed over
   * @returns price of the last one that it passed; NaN: it passed none
   */
  passTrades(untilUs: number, buyTicks: number, sellTicks: number, quiet: QuietPrices): number;
  /** The last one that it passed and that the book matched: when it happened, its tape, and its number there; −1: none. */
  readonly passedUs: number;
  readonly passedTape: Tape | undefined;
  readonly passedIndex: number;
}

/** Events of one tape in their order at the exchange. */
interface Ordered {
  /** When each event happened, by its number; numbers in that order. */
  readonly timesUs: Float64Array;
  readonly order: Uint32Array;
  /** When its last event of the book was; where it has none, that of those before. */
  readonly bookUs: number;
  /** What it was made with: the clocks, and when the last event of the book before it was. */
  readonly skewUs: number;
  readonly bookBeforeUs: number;
}

interface Part extends Pick<Ordered, 'timesUs' | 'order' | 'bookUs'> {
  readonly tape: Tape;
  at: number;
}

/**
 * Depth and trades come on different connections, and so are received in another order than that in which they happened.
 * What tells no time of its own happened when it was received. What concerns the book keeps its order among itself: a gap or
 * a snapshot comes right behind the diff that it was logged behind. Of equal times the log's order holds.
 * @param skewUs by how much the recorder's clock is behind the exchange's, as `clockSkewUs` finds it
 */
export function createExchangeOrder(skewUs = 0): ExchangeOrder {
  const parts: Part[] = [];
  /** Up to here no earlier event can come any more. */
  let certainUs = Number.NEGATIVE_INFINITY;
  let from: Part | undefined;
  /** When the last event of the book was. */
  let bookUs = Number.NEGATIVE_INFINITY;

  function settle(): void {
    while (parts.length > 0 && parts[0]!.at === parts[0]!.order.length) parts.shift();
    exchangeOrder.nextUs = Number.POSITIVE_INFINITY;
    from = undefined;
    for (const part of parts) {
      if (part.at === part.order.length) continue;
      const timeUs = part.timesUs[part.order[part.at]!]!;
      if (timeUs < exchangeOrder.nextUs) {
        exchangeOrder.nextUs = timeUs;
        from = part;
      }
    }
    if (exchangeOrder.nextUs > certainUs) exchangeOrder.nextUs = Number.POSITIVE_INFINITY;
  }

  // A plain property for what is looked at with every event.
  const exchangeOrder = {
    nextUs: Number.POSITIVE_INFINITY,
    push(tape: Tape): void {
      const part = partOf(tape, skewUs, bookUs);
      parts.push(part);
      bookUs = part.bookUs;
      if (tape.events > 0) certainUs = tape.receiveTimesUs[tape.events - 1]! + skewUs - HORIZON_US;
      settle();
    },
    end(): void {
      certainUs = Number.POSITIVE_INFINITY;
      settle();
    },
    get tape() {
      return from!.tape;
    },
    get index() {
      return from!.order[from!.at]!;
    },
    passedUs: 0,
    passedTape: undefined as Tape | undefined,
    passedIndex: -1,
    passTrades(untilUs: number, buyTicks: number, sellTicks: number, { lowTicks, highTicks }: QuietPrices): number {
      exchangeOrder.passedIndex = -1;
      // Where parts overlap, which is seldom, trades are taken one by one.
      if (from === undefined || parts.length > 1) return Number.NaN;
      const { tape, order, timesUs } = from;
      const { kinds, flags, rowStarts, ticks } = tape;
      const mostUs = Math.min(untilUs, certainUs);
      let { at } = from;
      let passed = -1;
      for (; at < order.length; at++) {
        const n = order[at]!;
        if (kinds[n] !== TRADE || timesUs[n]! > mostUs) break;
        const priceTicks = ticks[rowStarts[n]!]!;
        if ((flags[n]! & IS_SELL) === 0 ? priceTicks >= sellTicks : priceTicks <= buyTicks) break;
        if (!(priceTicks >= lowTicks && priceTicks <= highTicks)) break;
        if ((flags[n]! & IS_MARKET) !== 0) passed = n;
      }
      if (at === from.at) return Number.NaN;
      from.at = at;
      exchangeOrder.passedIndex = passed;
      exchangeOrder.passedTape = tape;
      if (passed >= 0) exchangeOrder.passedUs = timesUs[passed]!;
      settle();
      return ticks[rowStarts[order[at - 1]!]!]!;
    },
    advance(): void {
      const part = from!;
      part.at++;
      if (parts.length === 1 && part.at < part.order.length) {
        const timeUs = part.timesUs[part.order[part.at]!]!;
        exchangeOrder.nextUs = timeUs > certainUs ? Number.POSITIVE_INFINITY : timeUs;
      } else settle();
    },
  };
  return exchangeOrder;
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

/** The last order of each tape: a study passes over the same ones many times. */
const ordered = new WeakMap<Tape, Ordered>();

function partOf(tape: Tape, skewUs: number, bookBeforeUs: number): Part {
  let found = ordered.get(tape);
  if (found === undefined || found.skewUs !== skewUs || found.bookBeforeUs !== bookBeforeUs) {
    found = orderOf(tape, skewUs, bookBeforeUs);
    ordered.set(tape, found);
  }
  const { timesUs, order, bookUs } = found;
  return { tape, timesUs, order, bookUs, at: 0 };
}

function orderOf(tape: Tape, skewUs: number, bookBeforeUs: number): Ordered {
  let bookUs = bookBeforeUs;
  const { events, kinds, receiveTimesUs, transactionTimesMs } = tape;
  const timesUs = new Float64Array(events);
  const order = new Uint32Array(events);
  for (let n = 0; n < events; n++) {
    const receivedUs = receiveTimesUs[n]! + skewUs;
    const kind = kinds[n]!;
    let timeUs = receivedUs;
    if (kind === TRADE || kind === DEPTH_UPDATE)
      timeUs = Math.min(receivedUs, Math.max(transactionTimesMs[n]! * 1_000, receivedUs - HORIZON_US));
    if (kind === DEPTH_UPDATE) bookUs = timeUs = Math.max(timeUs, bookUs);
    else if (kind !== TRADE && concernsBook(tape, n)) {
      if (bookUs > Number.NEGATIVE_INFINITY) timeUs = bookUs;
      bookUs = timeUs;
    }
    timesUs[n] = timeUs;
    // Nearly in order already.
    let at = n;
    for (; at > 0 && timesUs[order[at - 1]!]! > timeUs; at--) order[at] = order[at - 1]!;
    order[at] = n;
  }
  return { timesUs, order, bookUs, skewUs, bookBeforeUs };
}

function concernsBook({ kinds, firstIds, others }: Tape, n: number): boolean {
  if (kinds[n] === DEPTH_SNAPSHOT) return true;
  const { type } = others[firstIds[n]!]!;
  return type === 'gap' || type === 'instrument';
}
