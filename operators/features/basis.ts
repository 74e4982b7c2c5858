import type { Gap } from '../../streams/events/gap.ts';
import type { InstrumentInfo } from '../../streams/events/instrument-info.ts';
import type { MarkPrice } from '../../streams/events/mark-price.ts';
import type { BookBreak } from '../book/book-break.ts';
import type { TopOfBook } from '../book/top-of-book.ts';
import { defineFeature, type FeatureFold } from './definition.ts';
import { midprice } from './midprice.ts';

/** How much dearer the perpetual is than its index. */
export interface Basis {
  /** In the quote asset. */
  readonly price: number;
  /** Of the index. */
  readonly bps: number;
}

/** Plain data; NaN: not known. */
export interface BasisState {
  tickSize: number;
  /** In ticks. */
  mid: number;
  indexPrice: number;
}

/**
 * Basis: midprice less index price, in the quote asset and in basis points of the index; positive where the perpetual
 * is dearer than spot.
 *
 * m − index; 10⁴·(m − index) / index
 *
 * Speaks once there are a valid book, a mark price and the instrument. A break of the book silences it until the next
 * quote, a gap of the mark price until the next mark price.
 * @see Hull (2021), "Options, Futures, and Other Derivatives", section 3.3, whose basis has the opposite sign.
 */
export function basis(): FeatureFold<TopOfBook | BookBreak | MarkPrice | Gap | InstrumentInfo, BasisState, Basis> {
  return {
    initialState: () => ({ tickSize: Number.NaN, mid: Number.NaN, indexPrice: Number.NaN }),
    evolve: (state, event) => {
      if (event.type === 'topOfBook') state.mid = midprice(event);
      else if (event.type === 'bookBreak') state.mid = Number.NaN;
      else if (event.type === 'markPrice') state.indexPrice = event.indexPrice > 0 ? event.indexPrice : Number.NaN;
      else if (event.type === 'instrument') state.tickSize = event.scale.price.toNumber(1);
      else if (event.channel === 'markPrice') state.indexPrice = Number.NaN;
      return state;
    },
    project: ({ tickSize, mid, indexPrice }) => {
      const price = mid * tickSize - indexPrice;
      return Number.isNaN(price) ? undefined : { price, bps: (10_000 * price) / indexPrice };
    },
  };
}

export const BASIS = defineFeature({
  name: 'basis',
  version: 1,
  title: 'Basis',
  group: 'derivatives',
  inputs: ['topOfBook', 'bookBreak', 'markPrice', 'gap', 'instrument'],
  parameters: {},
  outputs: {
    price: { unit: 'plainPrice', range: [null, null], says: 'positive: the perpetual is dearer than its index' },
    bps: { unit: 'bps', range: [null, null], says: 'of the index; positive: the perpetual is dearer' },
  },
  warmUp: () => ({ count: 1, of: 'quotes', also: 'a mark price' }),
  formula: 'm − index; 10⁴·(m − index) / index',
  source: 'Hull (2021), Options, Futures, and Other Derivatives, section 3.3, with the opposite sign',
  create: basis,
});
