import { DecodeError, describeValue, excerpt } from './decode-error.ts';
import { createScale, type Scale } from './scale.ts';

/** What `exchangeInfo` says of a symbol, or what an import inferred from its payloads. */
export interface InstrumentInfo {
  readonly type: 'instrument';
  readonly symbol: string;
  readonly scale: Scale;
  /** True where tick and step size were inferred from the payloads, not said by the venue. */
  readonly isInferred: boolean;
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
  const sizeOf = (filterType: string, field: string): string => {
    const filter: unknown = filters.find((item: unknown) => isObject(item) && item['filterType'] === filterType);
    const size = isObject(filter) ? filter[field] : undefined;
    if (typeof size !== 'string') throw refuse(`filters/${filterType}/${field}`, 'a decimal text', size);
    return size;
  };
  const tickSize = sizeOf('PRICE_FILTER', 'tickSize');
  const stepSize = sizeOf('LOT_SIZE', 'stepSize');
  try {
    return { type: 'instrument', symbol, scale: createScale(tickSize, stepSize), isInferred: inferred === true };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new DecodeError('instrument', 'filters', 'units on which to count', error.message);
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
