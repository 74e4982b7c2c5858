import { parseInstrument, sequenceRule, type Venue } from '../../streams/instrument.ts';
import { ImportRefusal } from './import-refusal.ts';

/** Which of Binance's markets a payload is of; each has its own fields and sequence rules. */
export type Market = 'usdm' | 'spot' | 'coinm';

/** The instrument that an import is for. */
export interface InstrumentName {
  /** `venue:SYMBOL`. */
  readonly instrument: string;
  readonly venue: Venue;
  readonly symbol: string;
  readonly market: 'usdm' | 'spot';
}

/** @throws ImportRefusal where it is not `venue:SYMBOL` of a known venue */
export function instrumentNamed(instrument: string): InstrumentName {
  try {
    const { name, venue, symbol } = parseInstrument(instrument);
    return { instrument: name, venue, symbol, market: sequenceRule(name) };
  } catch (error) {
    throw new ImportRefusal(error instanceof Error ? error.message : String(error));
  }
}

/** How reports name what belongs to another instrument than the one asked for. */
export function otherInstrument(wanted: InstrumentName, market: Market | undefined, symbol: string): string {
  const venue = market === undefined || market === wanted.market ? wanted.venue : `binance-${market}`;
  return `${venue}:${symbol}`;
}
