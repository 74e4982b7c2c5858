import type { EventToAppend } from '../../../streams/entry.ts';
import { decodeOrGap } from '../../../streams/events/decode-or-gap.ts';
import { createDecoder } from '../../../streams/events/decoder.ts';
import type { Tape } from '../../../streams/tape/tape.ts';
import { createTapeBuilder } from '../../../streams/tape/tape-builder.ts';

/** Payloads as tapes of at most so many events each. */
export function tapesOf(events: readonly EventToAppend[], eventsATape = Number.POSITIVE_INFINITY): Tape[] {
  const builder = createTapeBuilder();
  const decoder = createDecoder();
  const tapes: Tape[] = [];
  for (const [n, { channel, payload, receiveTimeUs }] of events.entries()) {
    builder.push(decodeOrGap(decoder, channel, Buffer.from(payload)), {
      entryId: `${n + 1}-0`,
      index: 0,
      receiveTimeUs,
    });
    if (builder.events === eventsATape) tapes.push(builder.take());
  }
  if (builder.events > 0) tapes.push(builder.take());
  return tapes;
}

const FILTERS = [
  { filterType: 'PRICE_FILTER', tickSize: '0.10' },
  { filterType: 'LOT_SIZE', stepSize: '0.001' },
];

/** A log that is written by hand: times in ms, the exchange's and the recorder's. Prices in ticks, quantities in steps. */
export function handWritten() {
  const events: EventToAppend[] = [];
  let u = 100;
  const add = (channel: string, receivedMs: number, payload: unknown): void => {
    events.push({ channel, payload: JSON.stringify(payload), receiveTimeUs: receivedMs * 1_000 });
  };
  const pairs = (levels: readonly (readonly [number, number])[]): [string, string][] =>
    levels.map(([ticks, steps]) => [(ticks / 10).toFixed(2), (steps / 1_000).toFixed(3)]);
  const log = {
    events,
    depth(atMs: number, receivedMs: number, bids: readonly (readonly [number, number])[], asks = bids.slice(0, 0)) {
      const pu = u++;
      add('depth', receivedMs, {
        e: 'depthUpdate',
        E: atMs,
        T: atMs,
        s: 'X',
        U: u,
        u,
        pu,
        b: pairs(bids),
        a: pairs(asks),
      });
      return log;
    },
    trade(atMs: number, receivedMs: number, ticks: number, steps: number, isSell: boolean) {
      const [[p, q] = []] = pairs([[ticks, steps]]);
      const t = events.length;
      add('aggTrade', receivedMs, { e: 'aggTrade', E: atMs, T: atMs, s: 'X', a: t, p, q, f: t, l: t, m: isSell });
      return log;
    },
    /** Diffs were lost. */
    gap(receivedMs: number) {
      add('gap', receivedMs, { channel: 'depth', expected: '1', found: '2', reason: 'sequence' });
      return log;
    },
    markPrice(receivedMs: number, price: number) {
      const p = price.toFixed(2);
      const times = { E: receivedMs, T: receivedMs + 3_600_000 };
      add('markPrice', receivedMs, { e: 'markPriceUpdate', s: 'X', p, i: p, P: p, r: '0.00010000', ...times });
      return log;
    },
  };
  add('instrument', 1_000, { symbol: 'XUSDT', filters: FILTERS });
  const book = {
    bids: pairs([
      [1_000, 10],
      [999, 20],
    ]),
    asks: pairs([
      [1_002, 10],
      [1_003, 20],
    ]),
  };
  add('depthSnapshot', 1_000, { lastUpdateId: 100, E: 1_000, T: 1_000, ...book });
  log.depth(1_000, 1_000, []);
  return log;
}
