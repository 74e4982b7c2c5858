import { bestLevels } from '../../operators/book/ladder.ts';
import type { OrderBook } from '../../operators/book/order-book.ts';
import type { Normalisation } from './normalisation.ts';
import type { BoxSpace } from './space.ts';

/** What of an agent's orders, on one side, it knows. */
export interface OwnSide {
  /** Of its limit order that rests or is on its way; NaN: there is none. */
  priceTicks: number;
  /** What orders of that side may still trade, steps. */
  openSteps: number;
  /** Others' quantity in front of it, steps; 0 where it does not rest. */
  aheadSteps: number;
}

/** What an agent on a book observes beside the book, as far as it has been told. */
export interface BookView {
  isValid: boolean;
  buySteps: number;
  sellSteps: number;
  trades: number;
  readonly features: Float64Array;
  /** In parts of the size; negative: short. */
  position: number;
  /** Unrealised profit at the midprice, in parts of the balance. */
  unrealised: number;
  sinceTradeMs: number;
  /** Steps that the size is. */
  unitSteps: number;
  readonly bid: OwnSide;
  readonly ask: OwnSide;
}

/** Prices are observed by their distance from the midprice: in ticks, or in ten thousandths of it. */
export type DistanceUnit = 'ticks' | 'bps';

export interface BookObservationOptions {
  /** A side. */
  readonly levels: number;
  readonly distance: DistanceUnit;
  /** Of features of the catalogue that are told beside. */
  readonly normalisation: Normalisation;
}

/** The observation as it is laid out. */
export interface BookObservation {
  readonly names: readonly string[];
  readonly space: BoxSpace;
  /** Where in it the features begin, with their masks behind them; then comes what is of the account. */
  readonly featuresAt: number;
  /** Writes one that lies in the space, whatever is given. */
  write(into: Float32Array, book: OrderBook, view: BookView): void;
}

/** Distances are cut here, and a level that is not there is as far. */
export const DISTANCE_MAX = 1_000;
/** Logarithms of quantities and counts are cut here: e⁵⁰ is more than there is. */
const LOG_MAX = 50;
/** Parts of the size, and of the balance, are cut here. */
const PART_MAX = 10;
/** From here on it counts as long since the last trade. */
export const SINCE_TRADE_MS = 60_000;

const MARKET = ['spread', 'imbalance', 'microprice', 'flow', 'trades'] as const;
const OWN_SIDE = ['distance', 'size', 'queue'] as const;
const ACCOUNT = ['position', 'unrealised', 'since_trade'] as const;

/** Name, least and greatest number, in the order in which they are written. */
function layout({ levels, normalisation: { columns, clip } }: BookObservationOptions): [string, number, number][] {
  const level = (side: string, n: number): [string, number, number][] => [
    [`${side}_${n}_distance`, 0, DISTANCE_MAX],
    [`${side}_${n}_size`, 0, LOG_MAX],
  ];
  const own = (side: string): [string, number, number][] => [
    [`own_${side}_distance`, -DISTANCE_MAX, DISTANCE_MAX],
    [`own_${side}_size`, 0, PART_MAX],
    [`own_${side}_queue`, 0, LOG_MAX],
  ];
  const sides = ['bid', 'ask'];
  return [
    ['book_valid', 0, 1],
    ...sides.flatMap((side) => Array.from({ length: levels }, (_, n) => level(side, n + 1)).flat()),
    ['spread', 0, DISTANCE_MAX],
    ['imbalance', -1, 1],
    ['microprice', -DISTANCE_MAX, DISTANCE_MAX],
    ['flow', -LOG_MAX, LOG_MAX],
    ['trades', 0, LOG_MAX],
    ...columns.map((name): [string, number, number] => [name, -clip, clip]),
    ...columns.map((name): [string, number, number] => [`${name}_valid`, 0, 1]),
    ['position', -PART_MAX, PART_MAX],
    ['unrealised', -PART_MAX, PART_MAX],
    ['since_trade', 0, 1],
    ...sides.flatMap(own),
  ];
}

/** @throws RangeError for a number of levels that cannot be */
export function createBookObservation(options: BookObservationOptions): BookObservation {
  const { levels, distance, normalisation } = options;
  if (!(Number.isInteger(levels) && levels >= 1 && levels <= 1_000))
    throw new RangeError(`observation, levels: expected a whole number from 1 to 1000, found ${levels}`);
  const rows = layout(options);
  const isTicks = distance === 'ticks';
  const { clip } = normalisation;
  const width = normalisation.columns.length;
  const means = Float64Array.from(normalisation.means);
  const factors = Float64Array.from(normalisation.scales, (scale) => 1 / scale);
  const bidTicks = new Float64Array(levels);
  const bidSteps = new Float64Array(levels);
  const askTicks = new Float64Array(levels);
  const askSteps = new Float64Array(levels);
  const market = 1 + 4 * levels;
  const features = market + MARKET.length;
  const account = features + 2 * width;
  const own = account + ACCOUNT.length;

  /** @param perTick distance that a tick is */
  function writeLevels(
    into: Float32Array,
    at: number,
    ticks: Float64Array,
    steps: Float64Array,
    found: number,
    mid: number,
    perTick: number,
  ): void {
    for (let n = 0; n < levels; n++) {
      const isThere = n < found;
      into[at + 2 * n] = isThere ? cut(Math.abs(ticks[n]! - mid) * perTick, DISTANCE_MAX) : DISTANCE_MAX;
      into[at + 2 * n + 1] = isThere ? logOf(steps[n]!) : 0;
    }
  }

  function writeBook(into: Float32Array, book: OrderBook): number {
    const bids = bestLevels(book.bids, levels, bidTicks, bidSteps);
    const asks = bestLevels(book.asks, levels, askTicks, askSteps);
    if (bids === 0 || asks === 0) {
      into.fill(0, 1, market + 3);
      return Number.NaN;
    }
    const [bid, ask] = [bidTicks[0]!, askTicks[0]!];
    const [bidQty, askQty] = [bidSteps[0]!, askSteps[0]!];
    const mid = (bid + ask) / 2;
    const perTick = isTicks ? 1 : 10_000 / mid;
    writeLevels(into, 1, bidTicks, bidSteps, bids, mid, perTick);
    writeLevels(into, 1 + 2 * levels, askTicks, askSteps, asks, mid, perTick);
    const imbalance = (bidQty - askQty) / (bidQty + askQty);
    into[market] = cut((ask - bid) * perTick, DISTANCE_MAX);
    into[market + 1] = imbalance;
    into[market + 2] = cut(((imbalance * (ask - bid)) / 2) * perTick, DISTANCE_MAX);
    return mid;
  }

  /** @param behind how far its price lies behind the midprice, ticks */
  function writeOwn(
    into: Float32Array,
    at: number,
    side: OwnSide,
    behind: number,
    perTick: number,
    unitSteps: number,
  ): void {
    into[at] = cut(behind * perTick, DISTANCE_MAX);
    into[at + 1] = cut(side.openSteps / unitSteps, PART_MAX);
    into[at + 2] = logOf(side.aheadSteps);
  }

  return {
    names: rows.map(([name]) => name),
    space: {
      type: 'box',
      low: Float32Array.from(rows, ([, low]) => low),
      high: Float32Array.from(rows, ([, , high]) => high),
    },
    featuresAt: features,
    write(into, book, view) {
      let mid = Number.NaN;
      into[0] = view.isValid ? 1 : 0;
      if (view.isValid) mid = writeBook(into, book);
      else into.fill(0, 1, market + 3);
      const net = view.buySteps - view.sellSteps;
      into[market + 3] = net < 0 ? -logOf(-net) : logOf(net);
      into[market + 4] = logOf(view.trades);
      for (let n = 0; n < width; n++) {
        const value = view.features[n]!;
        const isValid = !Number.isNaN(value);
        into[features + n] = isValid ? cut((value - means[n]!) * factors[n]!, clip) : 0;
        into[features + width + n] = isValid ? 1 : 0;
      }
      into[account] = cut(view.position, PART_MAX);
      into[account + 1] = cut(view.unrealised, PART_MAX);
      into[account + 2] = Math.min(1, view.sinceTradeMs / SINCE_TRADE_MS);
      const perTick = isTicks ? 1 : 10_000 / mid;
      writeOwn(into, own, view.bid, mid - view.bid.priceTicks, perTick, view.unitSteps);
      writeOwn(into, own + OWN_SIDE.length, view.ask, view.ask.priceTicks - mid, perTick, view.unitSteps);
    },
  };
}

/** Most levels hold less; a table takes a tenth of the time. */
const LOGS = Float64Array.from({ length: 1 << 15 }, (_, quantity) => Math.log1p(quantity));

/** Natural logarithm of 1 and a whole quantity from 0 on. */
function logOf(quantity: number): number {
  return quantity < LOGS.length ? LOGS[quantity]! : Math.min(LOG_MAX, Math.log1p(quantity));
}

/** Within ±most; of what is no number 0. */
function cut(value: number, most: number): number {
  if (value > most) return most;
  if (value < -most) return -most;
  return Number.isNaN(value) ? 0 : value;
}
