import type { Bar } from '../operators/bars.ts';
import type { BookLevels } from '../operators/book/book-levels.ts';
import type { BookInvalidity } from '../operators/book/order-book.ts';
import type { TopOfBook } from '../operators/book/top-of-book.ts';
import type { FeatureVector } from '../operators/features/feature-set.ts';
import type { FeatureSet } from '../operators/features/resolve-feature-set.ts';
import type { GapSpan } from '../operators/gaps.ts';
import type { Kline } from '../streams/events/kline.ts';
import type { Liquidation } from '../streams/events/liquidation.ts';
import type { MarkPrice } from '../streams/events/mark-price.ts';
import type { Trade } from '../streams/events/trade.ts';
import type { RecordingName } from '../streams/recordings.ts';

/** What the folds say of an event of the log, in ticks and steps. */
export type Derived =
  | { readonly kind: 'bookTop'; readonly top: TopOfBook }
  /** `isSampled`: the first of its second, which is stored. */
  | { readonly kind: 'book'; readonly levels: BookLevels; readonly isSampled: boolean }
  | { readonly kind: 'bookInvalid'; readonly invalidity: BookInvalidity; readonly updateId: number }
  | { readonly kind: 'trade'; readonly trade: Trade }
  | { readonly kind: 'bar'; readonly interval: BarInterval; readonly bar: Bar }
  | { readonly kind: 'kline'; readonly kline: Kline }
  | { readonly kind: 'liquidation'; readonly liquidation: Liquidation }
  | { readonly kind: 'markPrice'; readonly markPrice: MarkPrice }
  | { readonly kind: 'gap'; readonly span: GapSpan }
  | {
      readonly kind: 'features';
      readonly set: FeatureSet;
      readonly vector: FeatureVector;
      /** Where the set is one of two instruments. */
      readonly other?: RecordingName | undefined;
    };

/** Bars that are built from trades. */
export const BAR_INTERVALS = { '1s': 1_000, '1m': 60_000 } as const;

export type BarInterval = keyof typeof BAR_INTERVALS;
