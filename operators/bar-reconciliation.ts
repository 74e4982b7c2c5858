import type { Kline } from '../streams/events/kline.ts';
import { type BarSurplus, lateBars } from './bar-late-trades.ts';

/** A bar of trades in the units of klines. */
export interface TradedBar {
  readonly openTimeMs: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
  readonly quoteVolume: number;
  readonly buyVolume: number;
  readonly trades: number;
  readonly isWhole: boolean;
}

export type ClosedKline = Omit<Kline, 'type' | 'interval' | 'isClosed'>;

export const RECONCILED_FIELDS = [
  'open',
  'high',
  'low',
  'close',
  'volume',
  'quoteVolume',
  'buyVolume',
  'trades',
] as const;
export type ReconciledField = (typeof RECONCILED_FIELDS)[number];

/** A field in which a bar is not as its kline; or one of the two is missing, and the other's volume is said. */
export interface BarDifference {
  readonly openTimeMs: number;
  readonly field: ReconciledField | 'missing bar' | 'missing kline';
  readonly traded: number | null;
  readonly kline: number | null;
  /** Traded less kline, where there are both. */
  readonly difference: number | null;
  /** Trades that came late explain it: what this bar lacks one soon after has too much, or the other way round. */
  readonly isLate: boolean;
}

export interface Reconciliation {
  /** Times of which both are known, or of which it is known that one is missing. */
  readonly compared: number;
  /** Of them. */
  readonly differing: number;
  /** Of the differing. */
  readonly late: number;
  readonly missingBars: number;
  readonly missingKlines: number;
  /** Bars of which trades are missing, and klines of times whose trades are not known. */
  readonly notCompared: number;
  /** Per field that differs: in how many bars, and by how much at most. */
  readonly fields: Readonly<Partial<Record<ReconciledField, { readonly count: number; readonly largest: number }>>>;
  /** By time. */
  readonly differences: readonly BarDifference[];
}

export interface ReconcileBarsOptions {
  /** Bars of trades of one recording and interval, by time, those that are not whole included. */
  readonly bars: readonly TradedBar[];
  /** Closed klines of the same, by time. */
  readonly klines: readonly ClosedKline[];
  /** Unit of quantities; without it volumes are compared as quote volumes are. */
  readonly stepSize?: number | undefined;
}

/** Least relative difference of sums: beyond it no rounding explains them. */
const TOLERANCE = 1e-9;

/** A time at which there is a bar or a kline; `isKnown`: no trade of it can be missing. */
interface Slot {
  readonly openTimeMs: number;
  readonly bar: TradedBar | undefined;
  readonly kline: ClosedKline | undefined;
  readonly isKnown: boolean;
}

/**
 * Compares bars of trades with the exchange's closed klines: prices and counts exactly, volumes to half a step, and quote
 * volumes to 1e-9 of their value. Only where no trade can be missing: at whole bars, and between a whole bar and the next,
 * where a time without trades has a kline without volume and no bar. The newest bar may still wait for its kline.
 *
 * Bars are made in log order, klines by transaction time. A trade that comes when a later bar is open already counts
 * there: the known reason for which the two may differ, and told apart (`isLate`).
 */
export function reconcileBars(options: ReconcileBarsOptions): Reconciliation {
  const slots = slotsOf(options);
  const differences = slots.map((slot) => (slot.isKnown ? differencesOf(slot, options.stepSize) : []));
  const late = lateBars(slots.map((slot) => surplusOf(slot, options.stepSize)));
  const told = differences.flatMap((items, n) => items.map((item) => ({ ...item, isLate: late.has(n) })));
  const count = (field: BarDifference['field']): number => told.filter((item) => item.field === field).length;
  return {
    compared: slots.filter(({ isKnown }) => isKnown).length,
    differing: differences.filter((items) => items.length > 0).length,
    late: differences.filter((items, n) => items.length > 0 && late.has(n)).length,
    missingBars: count('missing bar'),
    missingKlines: count('missing kline'),
    notCompared: slots.filter(({ isKnown }) => !isKnown).length,
    fields: fieldsOf(told),
    differences: told,
  };
}

function slotsOf({ bars, klines }: ReconcileBarsOptions): Slot[] {
  const barAt = new Map(bars.map((bar) => [bar.openTimeMs, bar]));
  const klineAt = new Map(klines.map((kline) => [kline.openTimeMs, kline]));
  const times = [...new Set([...barAt.keys(), ...klineAt.keys()])].sort((one, other) => one - other);
  const [newest, newestKline] = [bars.at(-1)?.openTimeMs ?? 0, klines.at(-1)?.openTimeMs ?? 0];
  let before: TradedBar | undefined;
  return times.map((openTimeMs) => {
    const [bar, kline] = [barAt.get(openTimeMs), klineAt.get(openTimeMs)];
    // A gap of trades behind a bar leaves the bar itself not whole, up to the first trade of the next.
    const isBetween = before?.isWhole === true && openTimeMs < newest && kline?.volume !== null;
    const mayWait = openTimeMs === newest && newest > newestKline;
    const isKnown = bar === undefined ? isBetween : bar.isWhole && !mayWait;
    before = bar ?? before;
    return { openTimeMs, bar, kline, isKnown };
  });
}

type Difference = Omit<BarDifference, 'isLate'>;

function differencesOf({ openTimeMs, bar, kline }: Slot, stepSize: number | undefined): Difference[] {
  if (bar === undefined) {
    const volume = kline?.volume ?? 0;
    if (volume === 0) return [];
    return [{ openTimeMs, field: 'missing bar', traded: null, kline: volume, difference: null }];
  }
  if (kline === undefined)
    return [{ openTimeMs, field: 'missing kline', traded: bar.volume, kline: null, difference: null }];
  const differences: Difference[] = [];
  for (const field of RECONCILED_FIELDS) {
    const [traded, said] = [bar[field], kline[field]];
    // A source of klines may not say it.
    if (said === null || Math.abs(traded - said) <= toleranceOf(field, said, stepSize)) continue;
    differences.push({ openTimeMs, field, traded, kline: said, difference: traded - said });
  }
  return differences;
}

function toleranceOf(field: ReconciledField, value: number, stepSize: number | undefined): number {
  switch (field) {
    case 'volume':
    case 'buyVolume':
      return stepSize === undefined ? TOLERANCE * value : stepSize / 2;
    case 'quoteVolume':
      return TOLERANCE * value;
    default:
      return 0;
  }
}

function surplusOf({ bar, kline, isKnown }: Slot, stepSize: number | undefined): BarSurplus | undefined {
  if (!isKnown || kline === undefined || kline.volume === null) return undefined;
  const tradedTrades = bar?.trades ?? 0;
  return {
    volume: (bar?.volume ?? 0) - kline.volume,
    trades: kline.trades === null ? 0 : tradedTrades - kline.trades,
    tolerance: toleranceOf('volume', kline.volume, stepSize),
  };
}

function fieldsOf(differences: readonly BarDifference[]): Reconciliation['fields'] {
  const fields: Partial<Record<ReconciledField, { count: number; largest: number }>> = {};
  for (const { field, difference } of differences) {
    if (field === 'missing bar' || field === 'missing kline' || difference === null) continue;
    const known = fields[field] ?? { count: 0, largest: 0 };
    fields[field] = { count: known.count + 1, largest: Math.max(known.largest, Math.abs(difference)) };
  }
  return fields;
}
