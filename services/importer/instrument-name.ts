import { ImportRefusal } from './import-refusal.ts';

/** Which of Binance's markets a payload is of; each has its own fields and sequence rules. */
export type Market = 'usdm' | 'spot' | 'coinm';

/** The instrument that an import is for. */
export interface InstrumentName {
  /** `venue:SYMBOL`. */
  readonly instrument: string;
  readonly venue: string;
  readonly symbol: string;
  readonly market: Market;
}

const MARKET_OF_VENUE: Readonly<Record<string, Market>> = {
  simulated: 'usdm',
  'binance-usdm': 'usdm',
  'binance-usdm-testnet': 'usdm',
  'binance-spot': 'spot',
};

/** @throws ImportRefusal where it is not `venue:SYMBOL` of a known venue */
export function parseInstrument(instrument: string): InstrumentName {
  const colon = instrument.indexOf(':');
  const venue = instrument.slice(0, Math.max(0, colon));
  const symbol = instrument.slice(colon + 1);
  const market = MARKET_OF_VENUE[venue];
  const isSymbol = symbol !== '' && symbol === symbol.toUpperCase() && !/[\s:{}*]/.test(symbol);
  if (market === undefined || !isSymbol) {
    const venues = Object.keys(MARKET_OF_VENUE).join(', ');
    throw new ImportRefusal(
      `instrument: expected venue:SYMBOL with a venue of ${venues} and an upper-case symbol, found "${instrument}". Example: binance-usdm:BTCUSDT.`,
    );
  }
  return { instrument, venue, symbol, market };
}

/** How reports name what belongs to another instrument than the one asked for. */
export function otherInstrument(wanted: InstrumentName, market: Market | undefined, symbol: string): string {
  const venue = market === undefined || market === wanted.market ? wanted.venue : `binance-${market}`;
  return `${venue}:${symbol}`;
}
