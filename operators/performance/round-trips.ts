/** A fill as round trips are made of. */
export interface TripFill {
  readonly timeMs: number;
  readonly side: 'buy' | 'sell';
  readonly price: number;
  /** Base asset, above 0. */
  readonly qty: number;
  /** Quote asset; positive: paid. */
  readonly fee: number;
}

/** A trade: all fills from a flat position to the next flat one. Amounts in the quote asset. */
export interface RoundTrip {
  readonly side: 'long' | 'short';
  readonly fromMs: number;
  /** Of the last fill. */
  readonly toMs: number;
  readonly fills: number;
  /** Opened in all, base asset: more than was ever held at once where it was added to after a part was closed. */
  readonly qty: number;
  /** Weighted by quantity. */
  readonly entryPrice: number;
  /** Of what was closed; `null` where nothing was yet. */
  readonly exitPrice: number | null;
  /** By prices alone; an open trip's rest is valued at the last price. */
  readonly grossPnl: number;
  /** Positive: paid. */
  readonly fees: number;
  /** Positive: received. */
  readonly funding: number;
  /** grossPnl − fees + funding. */
  readonly pnl: number;
  /** How long a unit was held, in the mean, where what was opened first is closed first; `null` where nothing was closed. */
  readonly holdingMs: number | null;
}

export interface RoundTrips {
  readonly closed: readonly RoundTrip[];
  /** The one that the run ended in. */
  readonly open: RoundTrip | null;
  /** Received before anything was held, which should be nothing. */
  readonly fundingUnattributed: number;
}

interface Lot {
  readonly timeMs: number;
  qty: number;
}

interface Trip {
  readonly sign: 1 | -1;
  readonly fromMs: number;
  toMs: number;
  fills: number;
  readonly lots: Lot[];
  /** First lot that is not closed. */
  first: number;
  opened: number;
  openedFor: number;
  closed: number;
  closedFor: number;
  heldMs: number;
  fees: number;
  funding: number;
}

/** What is left of a position of this share of what was opened is rounding: it is flat. Far below a step, far above it. */
const ROUNDING = 1e-9;

/**
 * Trades from fills in order of time. A fill that turns the position is two: its fee is split by quantity. A payment of
 * funding belongs to the last trip that began before it.
 * @param lastPrice by which an open position is valued
 */
export function roundTrips(
  fills: readonly TripFill[],
  funding: readonly { readonly timeMs: number; readonly amount: number }[],
  lastPrice: number,
): RoundTrips {
  const trips: Trip[] = [];
  let current: Trip | null = null;
  for (const fill of fills) {
    const sign = fill.side === 'buy' ? 1 : -1;
    let rest = fill.qty;
    if (current !== null && current.sign !== sign) {
      const closes: number = Math.min(rest, current.opened - current.closed);
      closeLots(current, fill, closes);
      rest -= closes;
      if (current.opened - current.closed <= ROUNDING * current.opened) current = null;
    }
    if (rest <= ROUNDING * fill.qty) continue;
    if (current === null) {
      current = newTrip(sign, fill.timeMs);
      trips.push(current);
    }
    addLot(current, fill, rest);
  }
  const fundingUnattributed = shareFunding(trips, funding);
  const closed = current === null ? trips : trips.slice(0, -1);
  return {
    closed: closed.map((trip) => toRoundTrip(trip, null)),
    open: current === null ? null : toRoundTrip(current, lastPrice),
    fundingUnattributed,
  };
}

function newTrip(sign: 1 | -1, fromMs: number): Trip {
  const nothing = {
    fills: 0,
    first: 0,
    opened: 0,
    openedFor: 0,
    closed: 0,
    closedFor: 0,
    heldMs: 0,
    fees: 0,
    funding: 0,
  };
  return { sign, fromMs, toMs: fromMs, lots: [], ...nothing };
}

function addLot(trip: Trip, { timeMs, price, qty: filled, fee }: TripFill, qty: number): void {
  trip.lots.push({ timeMs, qty });
  trip.opened += qty;
  trip.openedFor += price * qty;
  tally(trip, timeMs, fee * (qty / filled));
}

/** First in, first out. */
function closeLots(trip: Trip, { timeMs, price, qty: filled, fee }: TripFill, qty: number): void {
  let rest = qty;
  while (rest > 0 && trip.first < trip.lots.length) {
    const lot = trip.lots[trip.first]!;
    const closes = Math.min(rest, lot.qty);
    trip.heldMs += closes * (timeMs - lot.timeMs);
    lot.qty -= closes;
    rest -= closes;
    if (lot.qty <= 0) trip.first++;
  }
  trip.closed += qty;
  trip.closedFor += price * qty;
  tally(trip, timeMs, fee * (qty / filled));
}

function tally(trip: Trip, timeMs: number, fee: number): void {
  trip.toMs = timeMs;
  trip.fills++;
  trip.fees += fee;
}

/** Gives what belongs to no trip. */
function shareFunding(
  trips: readonly Trip[],
  funding: readonly { readonly timeMs: number; readonly amount: number }[],
) {
  let unattributed = 0;
  let last = -1;
  for (const { timeMs, amount } of funding) {
    while (last + 1 < trips.length && trips[last + 1]!.fromMs < timeMs) last++;
    if (last < 0) unattributed += amount;
    else trips[last]!.funding += amount;
  }
  return unattributed;
}

function toRoundTrip(trip: Trip, lastPrice: number | null): RoundTrip {
  const { sign, fromMs, toMs, fills, opened, openedFor, closed, closedFor, fees, funding } = trip;
  const heldFor = lastPrice === null ? 0 : (opened - closed) * lastPrice;
  const grossPnl = sign * (closedFor + heldFor - openedFor);
  return {
    side: sign === 1 ? 'long' : 'short',
    fromMs,
    toMs,
    fills,
    qty: opened,
    entryPrice: openedFor / opened,
    exitPrice: closed > 0 ? closedFor / closed : null,
    grossPnl,
    fees,
    funding,
    pnl: grossPnl - fees + funding,
    holdingMs: closed > 0 ? trip.heldMs / closed : null,
  };
}
