import { bestTick } from '../../operators/book/ladder.ts';
import { createOrderBook, evolveOrderBook } from '../../operators/book/order-book.ts';
import { createDecoder } from '../../streams/events/decoder.ts';
import { type Bench, timeInTurn } from './bench.ts';
import { benchPayloads } from './bench-payloads.ts';

export default {
  name: 'book',
  summary: 'payload bytes → book → best bid/ask',
  target: { of: 'ratio', at: 'least', bound: 3.5 },
  async run(context) {
    const { payloads, note } = benchPayloads(context);
    const [instrument] = payloads;
    const events = payloads.filter(([channel]) => channel === 'depth' || channel === 'depthSnapshot');
    const decoder = createDecoder();
    const book = createOrderBook();
    evolveOrderBook(book, decoder.decode('instrument', instrument![1]));
    let valid = 0;
    let parsed = 0;
    const [parseMs = 0, bookMs = 0] = timeInTurn([
      () => {
        for (const [, payload] of events) parsed += Object.keys(JSON.parse(payload.toString())).length;
      },
      () => {
        valid = 0;
        // The book begins anew: what it holds is older than the first diff.
        evolveOrderBook(book, { type: 'gap', channel: 'depth', expected: null, found: null, reason: 'restart' });
        for (const [channel, payload] of events) {
          evolveOrderBook(book, decoder.decode(channel, payload));
          if (bestTick(book.asks) > bestTick(book.bids) && book.invalidity === null) valid++;
        }
      },
    ]);
    if (valid < events.length * 0.9 || parsed === 0)
      throw new Error(`book: expected a valid book after 90 % of ${events.length} events, found ${valid}`);
    return {
      name: 'book',
      value: (bookMs * 1e6) / events.length,
      unit: 'ns/event',
      reference: 'JSON.parse of the same bytes',
      referenceValue: (parseMs * 1e6) / events.length,
      ratio: parseMs / bookMs,
      ...(note === undefined ? {} : { note }),
    };
  },
} satisfies Bench;
