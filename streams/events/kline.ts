import { DecodeError, describeValue, excerpt } from './decode-error.ts';
import { createFieldScanner } from './field-scanner.ts';

/** The venue's own candle. Plain numbers: candles are not used for matching. */
export interface Kline {
  readonly type: 'kline';
  /** `1m`, `5m`, … */
  readonly interval: string;
  /** ms since the epoch. */
  readonly openTimeMs: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  /** Base asset; null where the source does not say it, as for the following three. */
  readonly volume: number | null;
  /** Quote asset. */
  readonly quoteVolume: number | null;
  /** Base asset bought by takers. */
  readonly buyVolume: number | null;
  readonly trades: number | null;
  /** False while the candle is still open. */
  readonly isClosed: boolean;
}

/**
 * Decoder of `<symbol>@kline_<i>` payloads, and of the rows of REST `klines` (an array; always closed).
 * @see https://developers.binance.com/docs/derivatives/usds-margined-futures/websocket-market-streams/Kline-Candlestick-Streams
 */
export function createKlineDecoder(interval: string): (payload: Uint8Array) => Kline {
  const channel = `kline_${interval}`;
  const fields = createFieldScanner(channel, ['E', 'k']);
  const { E, k } = fields.slots;
  const candle = createFieldScanner(`${channel}/k`, ['t', 'i', 'o', 'h', 'l', 'c', 'v', 'q', 'V', 'n', 'x']);
  const { t, i, o, h, l, c, v, q, V, n, x } = candle.slots;
  return (payload) => {
    if (payload[0] === 0x5b) return decodeRow(channel, interval, payload);
    fields.scan(payload);
    fields.integer(E);
    const [start, end] = fields.range(k);
    candle.scan(fields.bytes(), start, end);
    candle.oneOf(i, [interval]);
    return {
      type: 'kline',
      interval,
      openTimeMs: candle.integer(t),
      open: candle.number(o),
      high: candle.number(h),
      low: candle.number(l),
      close: candle.number(c),
      volume: candle.number(v),
      quoteVolume: candle.number(q),
      buyVolume: candle.number(V),
      trades: candle.integer(n),
      isClosed: candle.boolean(x),
    };
  };
}

/** `[openTime, "open", "high", "low", "close", "volume", closeTime, "quoteVolume", trades, "buyVolume", …]` */
function decodeRow(channel: string, interval: string, payload: Uint8Array): Kline {
  const text = Buffer.from(payload.buffer, payload.byteOffset, payload.length).toString();
  let row: unknown;
  try {
    row = JSON.parse(text);
  } catch {
    throw new DecodeError(channel, '', 'a JSON array', excerpt(payload, 0, payload.length));
  }
  if (!Array.isArray(row) || row.length < 6)
    throw new DecodeError(channel, '', 'an array of at least 6 values', excerpt(payload, 0, payload.length));
  const values: readonly unknown[] = row;
  const refuse = (index: number, expected: string): DecodeError =>
    new DecodeError(channel, `[${index}]`, expected, describeValue(values[index]));
  const number = (index: number): number => {
    const value = values[index];
    const isText = typeof value === 'string' && /^\d+(\.\d+)?$/.test(value);
    if (!isText && !(typeof value === 'number' && value >= 0)) throw refuse(index, 'a decimal from 0 on');
    return Number(value);
  };
  const integer = (index: number): number => {
    const value = number(index);
    if (!Number.isSafeInteger(value)) throw refuse(index, 'an integer from 0 to 2^53 - 1');
    return value;
  };
  const isGiven = (index: number): boolean => values[index] != null;
  return {
    type: 'kline',
    interval,
    openTimeMs: integer(0),
    open: number(1),
    high: number(2),
    low: number(3),
    close: number(4),
    volume: isGiven(5) ? number(5) : null,
    quoteVolume: isGiven(7) ? number(7) : null,
    trades: isGiven(8) ? integer(8) : null,
    buyVolume: isGiven(9) ? number(9) : null,
    isClosed: true,
  };
}
