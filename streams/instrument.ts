/** Where an instrument is traded or simulated; the first part of its name, so that real and simulated never mix. */
export const VENUES = ['simulated', 'binance-usdm', 'binance-usdm-testnet', 'binance-spot'] as const;

export type Venue = (typeof VENUES)[number];

/**
 * How a venue chains its depth events: `usdm`: `pu` = `u` of the event before; `spot`: `U` = `u` of the event before + 1.
 * @see https://developers.binance.com/docs/derivatives/usds-margined-futures/websocket-market-streams/How-to-manage-a-local-order-book-correctly
 * @see https://developers.binance.com/docs/binance-spot-api-docs/web-socket-streams#how-to-manage-a-local-order-book-correctly
 */
export type SequenceRule = 'usdm' | 'spot';

/** A market at a venue; `name` is `venue:SYMBOL`, as users, keys and rows say it. */
export interface Instrument {
  readonly name: string;
  readonly venue: Venue;
  readonly symbol: string;
}

const SEQUENCE_RULES: Readonly<Record<Venue, SequenceRule>> = {
  simulated: 'usdm',
  'binance-usdm': 'usdm',
  'binance-usdm-testnet': 'usdm',
  'binance-spot': 'spot',
};

/** Symbols may be non-ASCII (`测试USDT`), but hold nothing that has a meaning in a key, a path or a query. */
const SYMBOL = /^[\p{Lu}\p{Lo}\p{N}_]{1,40}$/u;

/** `venue:SYMBOL` → its parts. @throws where it is not one, saying what was expected and found */
export function parseInstrument(name: string): Instrument {
  const colon = name.indexOf(':');
  if (colon < 0)
    throw new Error(
      `instrument: expected venue:SYMBOL such as simulated:BTCUSDT, found "${name}"; put a venue in front (${VENUES.join(', ')})`,
    );
  const venue = VENUES.find((known) => known === name.slice(0, colon));
  if (venue === undefined)
    throw new Error(
      `instrument/venue: expected one of ${VENUES.join(', ')}, found "${name.slice(0, colon)}" in "${name}"`,
    );
  const symbol = name.slice(colon + 1);
  if (!SYMBOL.test(symbol))
    throw new Error(
      `instrument/symbol: expected capital letters, digits and _ such as BTCUSDT, found "${symbol}" in "${name}"`,
    );
  return { name, venue, symbol };
}

/** The name of the market `symbol` at `venue`. @throws where the symbol is none */
export function formatInstrument(venue: Venue, symbol: string): string {
  return parseInstrument(`${venue}:${symbol}`).name;
}

/** How the instrument's depth events are chained. @throws where the name is not `venue:SYMBOL` */
export function sequenceRule(instrument: string): SequenceRule {
  return SEQUENCE_RULES[parseInstrument(instrument).venue];
}
