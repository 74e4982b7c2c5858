import { grouped, significant } from '../format/decimal.ts';
import type { Feature } from '../market/features.ts';

/** Features that share a pane, since they are of one kind, are compared with each other. */
type SharedPane = 'price' | 'spread' | 'queue' | 'flow' | 'trades' | 'volatility';

/** How a feature is drawn and read. */
export interface FeatureDefinition {
  readonly name: Feature;
  readonly label: string;
  /** What it means, for those who do not know it: sign and unit. */
  readonly meaning: string;
  readonly pane: SharedPane;
  /** Index into the palette's lines. */
  readonly line: number;
  /** A level that tells one side from the other; null where there is none. */
  readonly middle: number | null;
  /** Channels of the log that it is made of. */
  readonly channels: readonly string[];
  /** @param priceDecimals digits behind the point of the instrument's prices */
  readonly format: (value: number, priceDecimals: number) => string;
}

const BOOK = ['depth'] as const;
const TRADES = ['aggTrade', 'trade'] as const;

// Mid- and microprice lie between ticks.
const price = (value: number, priceDecimals: number): string => grouped(value, priceDecimals + 1);
const ratio = (value: number): string => value.toFixed(3).replace('-', '−');

export const FEATURE_DEFINITIONS: readonly FeatureDefinition[] = [
  {
    name: 'midprice',
    label: 'Midprice',
    meaning: 'mean of best bid and best ask',
    pane: 'price',
    line: 0,
    middle: null,
    channels: BOOK,
    format: price,
  },
  {
    name: 'microprice',
    label: 'Microprice',
    meaning: 'midprice weighted by the opposite queue: nearer to the ask where more is bid',
    pane: 'price',
    line: 1,
    middle: null,
    channels: BOOK,
    format: price,
  },
  {
    name: 'quoted_spread',
    label: 'Quoted spread',
    meaning: 'best ask minus best bid, in price',
    pane: 'spread',
    line: 2,
    middle: null,
    channels: BOOK,
    format: (value, priceDecimals) => grouped(value, priceDecimals),
  },
  {
    name: 'queue_imbalance',
    label: 'Queue imbalance',
    meaning: '−1: all of the best quantity is asked, 1: all of it is bid',
    pane: 'queue',
    line: 4,
    middle: 0,
    channels: BOOK,
    format: ratio,
  },
  {
    name: 'order_flow_imbalance',
    label: 'Order flow imbalance',
    meaning: 'net quantity added at the best prices in the last second; positive is buying pressure',
    pane: 'flow',
    line: 4,
    middle: 0,
    channels: BOOK,
    format: significant,
  },
  {
    name: 'trade_imbalance',
    label: 'Trade imbalance',
    meaning: 'taker buys against taker sells of the last 10 s, from −1 (all sold) to 1 (all bought)',
    pane: 'trades',
    line: 5,
    middle: 0,
    channels: TRADES,
    format: ratio,
  },
  {
    name: 'realized_volatility',
    label: 'Realised volatility',
    meaning: 'root of the summed squared 1 s returns of the last minute, in basis points',
    pane: 'volatility',
    line: 6,
    middle: null,
    channels: BOOK,
    format: (value) => `${significant(value * 10_000)} bp`,
  },
];
