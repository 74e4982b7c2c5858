import type { BarsState } from '../operators/bars.ts';
import type { EventPlace } from '../streams/events/logged-event.ts';
import type { Scale } from '../streams/events/scale.ts';
import type { BarInterval, Derived } from './derived.ts';
import { barColumns, type Cell, toRow } from './rows.ts';

/** A field/value pair of an entry of the derived stream: topic, and JSON that begins with `"i":index`. */
export type TopicEvent = readonly [topic: string, json: string];

/** What is streamed of what was derived. Prices and quantities are decimal strings. */
export function toTopic(derived: Derived, at: EventPlace, scale: Scale): TopicEvent {
  switch (derived.kind) {
    case 'book':
      return ['book', bookJson(derived, at, scale)];
    case 'bookInvalid': {
      const { invalidity, updateId } = derived;
      const ts = at.receiveTimeUs;
      return [
        'book',
        json(at.index, { ts, update_id: updateId, valid: false, reason: invalidity, bids: [], asks: [] }),
      ];
    }
    case 'features': {
      const { ts, mask, set_hash, receive_time, entry_id, ...values } = toRow(derived, at, scale)!.columns;
      const set = derived.set.id;
      return ['features', json(at.index, { ts, receive_time, entry_id, set, set_hash, valid: true, mask, ...values })];
    }
    default: {
      const { table, columns } = toRow(derived, at, scale)!;
      const topic = derived.kind === 'bar' ? `bars_${derived.interval}` : derived.kind === 'kline' ? 'klines' : table;
      return [topic, json(at.index, asText(columns, scale))];
    }
  }
}

/** The 1-minute bar in progress, as topic `bar`. */
export function toOpenBarTopic(
  interval: BarInterval,
  bar: NonNullable<BarsState['open']>,
  index: number,
  scale: Scale,
): TopicEvent {
  const ts = bar.openTimeMs * 1_000;
  return ['bar', json(index, { ts, ...asText(barColumns({ kind: 'bar', interval, bar }, scale), scale) })];
}

function json(index: number, value: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({ i: index, ...value });
}

function bookJson({ levels }: Extract<Derived, { kind: 'book' }>, at: EventPlace, { price, qty }: Scale): string {
  const { bidTicks, bidSteps, askTicks, askSteps, updateId, transactionTimeMs } = levels;
  const side = (ticks: Float64Array, steps: Float64Array): string => {
    const parts: string[] = [];
    for (let n = 0; n < ticks.length; n++) parts.push(`["${price.toText(ticks[n]!)}","${qty.toText(steps[n]!)}"]`);
    return parts.join(',');
  };
  const head = `{"i":${at.index},"ts":${transactionTimeMs * 1_000},"receive_time":${at.receiveTimeUs}`;
  const sides = `"bids":[${side(bidTicks, bidSteps)}],"asks":[${side(askTicks, askSteps)}]`;
  return `${head},"update_id":${updateId},"valid":true,${sides}}`;
}

const PRICES: ReadonlySet<string> = new Set(['bid_price', 'ask_price', 'price', 'open', 'high', 'low', 'close']);
const QTYS: ReadonlySet<string> = new Set(['bid_qty', 'ask_qty', 'qty', 'filled_qty', 'volume', 'buy_volume']);
/** Off the instrument's grid: as many places as the double needs. */
const DECIMALS: ReadonlySet<string> = new Set(['average_price', 'mark_price', 'index_price', 'settle_price']);

/** A row's prices and quantities as decimal texts: a double that came of one is its nearest, so this gives it back. */
function asText(columns: Readonly<Record<string, Cell>>, { price, qty }: Scale): Record<string, Cell> {
  const texts: Record<string, Cell> = {};
  for (const name in columns) {
    const value = columns[name]!;
    if (typeof value !== 'number') texts[name] = value;
    else if (PRICES.has(name)) texts[name] = decimalText(value, price.decimals);
    else if (QTYS.has(name)) texts[name] = decimalText(value, qty.decimals);
    else if (name === 'quote_volume') texts[name] = decimalText(value, price.decimals + qty.decimals);
    else texts[name] = DECIMALS.has(name) ? decimalText(value, 0) : value;
  }
  return texts;
}

/** With so many places; a value that needs more with as many as it needs, and never with an exponent. */
function decimalText(value: number, places: number): string {
  const text = value.toFixed(places);
  if (Number(text) === value) return text;
  const shortest = String(value);
  const [digits = '', exponent] = shortest.split('e-');
  return exponent === undefined ? shortest : value.toFixed(Number(exponent) + digits.replace(/\D/g, '').length - 1);
}
