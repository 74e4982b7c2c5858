import { DecodeError, describeValue, excerpt } from './decode-error.ts';
import { type InstrumentFilters, readInstrumentFilters } from './instrument-filters.ts';
import { createScale, type Scale } from './scale.ts';

/** What `exchangeInfo` says of a symbol, or what an import inferred from its payloads. */
export interface InstrumentInfo {
  readonly type: 'instrument';
  readonly symbol: string;
  readonly scale: Scale;
  /** True where tick and step size were inferred from the payloads, not said by the venue. */
  readonly isInferred: boolean;
  /** What it asks of orders beside the grid; not there where it says nothing. */
  readonly filters?: InstrumentFilters;
}

/**
 * Decoder of `instrument` payloads: one element of `symbols` in `exchangeInfo`.
 * @see https://developers.binance.com/docs/derivatives/usds-margined-futures/market-data/rest-api/Exchange-Information
 */
export function decodeInstrumentInfo(payload: Uint8Array): InstrumentInfo {
  const text = Buffer.from(payload.buffer, payload.byteOffset, payload.length).toString();
  const refuse = (field: string, expected: string, found: unknown): DecodeError =>
    new DecodeError('instrument', field, expected, describeValue(found));
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new DecodeError('instrument', '', 'a JSON object', excerpt(payload, 0, payload.length));
  }
  if (!isObject(value)) throw refuse('', 'a JSON object', value);
  const { symbol, filters, inferred } = value;
  if (typeof symbol !== 'string' || symbol === '') throw refuse('symbol', 'a symbol', symbol);
  if (!Array.isArray(filters)) throw refuse('filters', 'an array', filters);
  const byType = new Map(filters.filter(isObject).map((filter) => [String(filter['filterType']), filter]));
  const sizeOf = (filterType: string, field: string): string => {
    const size = byType.get(filterType)?.[field];
    if (typeof size !== 'string') throw refuse(`filters/${filterType}/${field}`, 'a decimal text', size);
    return size;
  };
  const tickSize = sizeOf('PRICE_FILTER', 'tickSize');
  const stepSize = sizeOf('LOT_SIZE', 'stepSize');
  try {
    const scale = createScale(tickSize, stepSize);
    const asked = readInstrumentFilters(value, byType, scale);
    const info = { type: 'instrument', symbol, scale, isInferred: inferred === true } as const;
    return asked === undefined ? info : { ...info, filters: asked };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new DecodeError('instrument', 'filters', 'units on which to count', error.message);
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
