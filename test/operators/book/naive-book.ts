import type { BookInvalidity } from '../../../operators/book/order-book.ts';
import type { MarketEvent } from '../../../streams/events/decoder.ts';
import type { DepthUpdate } from '../../../streams/events/depth-update.ts';
import type { Levels } from '../../../streams/events/levels.ts';

/** Price tick → steps. */
type Side = Map<number, number>;

interface NaiveDiff {
  readonly pu: number;
  readonly u: number;
  readonly timeMs: number;
  readonly bids: readonly (readonly [number, number])[];
  readonly asks: readonly (readonly [number, number])[];
}

/** The order book by its rules (docs of `OrderBook`), with maps, lists and a look at every level: slow, and plain. */
export interface NaiveBook {
  bids: Side;
  asks: Side;
  invalidity: BookInvalidity | null;
  updateId: number;
  transactionTimeMs: number;
  /** Every level between these is known. */
  known: readonly [worstBid: number, worstAsk: number];
  /** Diffs since the start or the last break. */
  chain: NaiveDiff[];
  waiting: { readonly id: number; readonly bids: Side; readonly asks: Side } | null;
  units: string;
}

export function createNaiveBook(): NaiveBook {
  const known = [0, Number.MAX_SAFE_INTEGER] as const;
  const sides = { bids: new Map(), asks: new Map(), known, chain: [], waiting: null };
  return { ...sides, invalidity: 'synchronising', updateId: 0, transactionTimeMs: 0, units: '' };
}

export function evolveNaiveBook(book: NaiveBook, event: MarketEvent): void {
  if (event.type === 'depthUpdate') addDiff(book, event);
  else if (event.type === 'depthSnapshot') {
    const { lastUpdateId: id } = event;
    const isOld = book.chain.length > 0 && id < book.chain[0]!.pu;
    if (isOld || (book.waiting !== null && book.waiting.id >= id)) return;
    book.waiting = { id, bids: new Map(pairs(event.bids)), asks: new Map(pairs(event.asks)) };
    synchronise(book);
  } else if (event.type === 'gap' && event.channel === 'depth') breakUp(book, 'gap');
  else if (event.type === 'instrument') {
    const units = `${event.scale.price.size} ${event.scale.qty.size}`;
    if (book.units !== '' && units !== book.units) {
      breakUp(book, 'scale-changed');
      book.waiting = null;
    }
    book.units = units;
  }
}

function addDiff(book: NaiveBook, diff: DepthUpdate): void {
  const last = book.chain.at(-1);
  if (last !== undefined && diff.finalUpdateId <= last.u) return;
  if (last !== undefined && diff.previousFinalUpdateId !== last.u) breakUp(book, 'gap');
  const { previousFinalUpdateId: pu, finalUpdateId: u, transactionTimeMs: timeMs } = diff;
  const added = { pu, u, timeMs, bids: pairs(diff.bids), asks: pairs(diff.asks) };
  book.chain.push(added);
  if (synchronise(book)) return;
  if (book.invalidity === null || book.invalidity === 'beyond-snapshot') {
    apply(book, added);
    judge(book);
  }
}

/** Carries the waiting snapshot on, where the diffs after it are there. */
function synchronise(book: NaiveBook): boolean {
  const { waiting } = book;
  if (waiting === null) return false;
  const after = book.chain.filter(({ u }) => u >= waiting.id);
  if (after.length === 0) return false;
  book.waiting = null;
  if (after[0]!.pu > waiting.id) return false;
  const cutSizes = [5, 10, 20, 50, 100, 500, 1_000, 5_000];
  const worstBid = cutSizes.includes(waiting.bids.size) ? Math.min(...waiting.bids.keys()) : 0;
  const worstAsk = cutSizes.includes(waiting.asks.size) ? Math.max(...waiting.asks.keys()) : Number.MAX_SAFE_INTEGER;
  book.known = [worstBid, worstAsk];
  book.bids = new Map(waiting.bids);
  book.asks = new Map(waiting.asks);
  for (const diff of after) apply(book, diff);
  judge(book);
  return true;
}

function apply(book: NaiveBook, { u, timeMs, bids, asks }: NaiveDiff): void {
  for (const [side, changes] of [
    [book.bids, bids],
    [book.asks, asks],
  ] as const)
    for (const [tick, steps] of changes) {
      if (steps === 0) side.delete(tick);
      else side.set(tick, steps);
    }
  book.updateId = u;
  book.transactionTimeMs = timeMs;
}

function judge(book: NaiveBook): void {
  const bid = Math.max(...book.bids.keys());
  const ask = Math.min(...book.asks.keys());
  if (bid >= ask) {
    book.invalidity = 'crossed';
    return;
  }
  let [worstBid, worstAsk] = book.known;
  // No ask lies at or below a bid: so far all is known, and one tick further where the best ask is just there.
  if (Number.isFinite(bid)) worstAsk = Math.max(worstAsk, bid);
  if (Number.isFinite(ask)) worstBid = Math.min(worstBid, ask);
  if (ask === worstAsk + 1) worstAsk = ask;
  if (bid === worstBid - 1) worstBid = bid;
  book.known = [worstBid, worstAsk];
  const isBeyond = (Number.isFinite(ask) && ask > worstAsk) || (Number.isFinite(bid) && bid < worstBid);
  book.invalidity = isBeyond ? 'beyond-snapshot' : null;
}

function breakUp(book: NaiveBook, reason: BookInvalidity): void {
  book.chain = [];
  if (book.invalidity !== 'synchronising') book.invalidity = reason;
}

function pairs({ count, ticks, steps }: Levels): (readonly [number, number])[] {
  return Array.from({ length: count }, (_, n) => [ticks[n]!, steps[n]!] as const);
}

/** Best first, ticks and steps in turn. */
export function naiveLevels(side: Side, isBid: boolean): number[] {
  return [...side].sort((one, other) => (isBid ? other[0] - one[0] : one[0] - other[0])).flat();
}
