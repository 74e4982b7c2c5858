import { DecodeError } from '../../streams/events/decode-error.ts';
import { createDecoder } from '../../streams/events/decoder.ts';
import { createScale, type Scale } from '../../streams/events/scale.ts';
import { createGridGauge, type GridGauge } from './grid-gauge.ts';
import { ImportRefusal } from './import-refusal.ts';
import type { Fault } from './line-sink.ts';

/** Tick and step size as decimal text. */
export interface Sizes {
  readonly tickSize: string;
  readonly stepSize: string;
}

/** Decodes payloads as the log's readers will, and finds the instrument's tick and step size on the way. */
export interface PayloadCheck {
  /** Why the payload cannot be decoded; undefined where it can. */
  check(channel: string, payload: Uint8Array): Fault | undefined;
  /** Sizes that are given, named by the file itself, or inferred. */
  sizes(): Sizes;
  /** False where the file names the sizes itself, by an `instrument` event before the first price. */
  needsInstrument(): boolean;
}

/** The venue's finest unit, for files without a single number on the grid. */
const FINEST_SIZE = '0.00000001';

/** @throws ImportRefusal where a given size is no positive decimal */
export function createPayloadCheck(given: Partial<Sizes>): PayloadCheck {
  const price = createGridGauge();
  const qty = createGridGauge();
  // Prices of liquidation orders may lie off the grid, so they count only where there are no others.
  const orderPrice = createGridGauge();
  const orderQty = createGridGauge();
  const fixed = scaleOf({ tickSize: given.tickSize ?? '1', stepSize: given.stepSize ?? '1' });
  const scale: Scale = {
    ...fixed,
    price: given.tickSize === undefined ? price : fixed.price,
    qty: given.stepSize === undefined ? qty : fixed.qty,
  };
  const decoder = createDecoder(scale);
  let hasPrices = false;
  let hasInstrument = false;

  function check(channel: string, payload: Uint8Array): Fault | undefined {
    try {
      decoder.decode(channel, payload);
    } catch (error) {
      price.forget();
      qty.forget();
      if (!(error instanceof DecodeError)) throw error;
      const inner = error.channel.slice(channel.length + 1);
      const field = [inner, error.field].filter((part) => part !== '').join('/');
      return { channel, field: field === '' ? 'payload' : field, expected: error.expected, found: error.found };
    }
    if (channel === 'instrument') hasInstrument ||= !hasPrices;
    else gaugeCandlesAndOrders(channel, payload);
    hasPrices ||= channel !== 'instrument' && price.unit() !== undefined;
    price.keep();
    qty.keep();
    return undefined;
  }

  /** Candles and liquidation orders are decoded as plain numbers, but their prices are the instrument's too. */
  function gaugeCandlesAndOrders(channel: string, payload: Uint8Array): void {
    if (channel.startsWith('kline_')) {
      const { prices, volume } = candleTexts(payload);
      for (const text of prices) price.readText(text);
      qty.readText(volume);
    } else if (channel === 'forceOrder') {
      const { o } = JSON.parse(textOf(payload)) as { readonly o: Readonly<Record<string, unknown>> };
      orderPrice.readText(String(o['p']));
      orderQty.readText(String(o['q']));
    }
  }

  const sizeOf = (size: string | undefined, ...gauges: readonly GridGauge[]): string =>
    size ?? gauges.map((gauge) => gauge.unit()).find((unit) => unit !== undefined) ?? FINEST_SIZE;
  return {
    check,
    sizes() {
      const named = hasInstrument ? decoder.scale : undefined;
      if (named !== undefined) return { tickSize: named.price.size, stepSize: named.qty.size };
      return {
        tickSize: sizeOf(given.tickSize, price, orderPrice),
        stepSize: sizeOf(given.stepSize, qty, orderQty),
      };
    },
    needsInstrument: () => !hasInstrument,
  };
}

function scaleOf({ tickSize, stepSize }: Sizes): Scale {
  try {
    return createScale(tickSize, stepSize);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new ImportRefusal(`${error.message}.`);
  }
}

function candleTexts(payload: Uint8Array): { readonly prices: readonly string[]; readonly volume: string } {
  const candle = JSON.parse(textOf(payload)) as unknown;
  if (Array.isArray(candle)) return { prices: candle.slice(1, 5).map(String), volume: String(candle[5]) };
  const { k } = candle as { readonly k: Readonly<Record<string, unknown>> };
  return { prices: ['o', 'h', 'l', 'c'].map((key) => String(k[key])), volume: String(k['v']) };
}

function textOf(payload: Uint8Array): string {
  return Buffer.from(payload.buffer, payload.byteOffset, payload.length).toString();
}
