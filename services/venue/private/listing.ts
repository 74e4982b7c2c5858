import { type AccountTerms, createAccountTerms } from '../../../operators/account/account-terms.ts';
import { BTCUSDT_LIKE_BRACKETS } from '../../../operators/account/default-brackets.ts';
import { createInstrumentTerms, type InstrumentTerms } from '../../../operators/account/instrument-terms.ts';
import { type InstrumentFilters, readInstrumentFilters } from '../../../streams/events/instrument-filters.ts';
import { createScale, type Scale } from '../../../streams/events/scale.ts';
import { symbolInfo } from '../exchange-info.ts';
import { decimalText, type Instrument } from '../instrument.ts';

/** An instrument as orders and accounts reckon with it. */
export interface Listing {
  readonly instrument: Instrument;
  readonly scale: Scale;
  readonly terms: InstrumentTerms;
  readonly filters: InstrumentFilters;
}

/** All instruments of the venue by symbol, and the terms of its accounts. */
export interface Listings {
  readonly bySymbol: ReadonlyMap<string, Listing>;
  readonly terms: AccountTerms;
}

/** Every instrument has the brackets of a BTCUSDT-like contract, as `leverageBracket` tells. */
export const BRACKETS = BTCUSDT_LIKE_BRACKETS;

export function createListings(instruments: readonly Instrument[]): Listings {
  const bySymbol = new Map(instruments.map((instrument) => [instrument.symbol, createListing(instrument)]));
  const terms = createAccountTerms({ instruments: [...bySymbol.values()].map((listing) => listing.terms) });
  return { bySymbol, terms };
}

function createListing(instrument: Instrument): Listing {
  const scale = createScale(
    decimalText(instrument.tickUnits, instrument.pricePrecision),
    decimalText(instrument.stepUnits, instrument.quantityPrecision),
  );
  const info = symbolInfo(instrument);
  const byType = new Map(
    (info['filters'] as Record<string, unknown>[]).map((filter) => [String(filter['filterType']), filter]),
  );
  const filters = readInstrumentFilters(info, byType, scale);
  if (filters === undefined) throw new RangeError(`${instrument.symbol}: expected filters, found none`);
  const terms = createInstrumentTerms({ instrument: instrument.symbol, scale, brackets: BRACKETS });
  return { instrument, scale, terms, filters };
}
