import { connectRedis } from '../../infra/redis.ts';
import { createOrderBook, evolveOrderBook } from '../../operators/book/order-book.ts';
import { createAppender } from '../../streams/append.ts';
import { createDecoder } from '../../streams/events/decoder.ts';
import { replay } from '../../streams/replay.ts';
import { testServers } from '../support/servers.ts';
import { type Bench, median, RUNS } from './bench.ts';
import { benchPayloads } from './bench-payloads.ts';

const INSTRUMENT = 'binance-usdm:BENCH';
/** Events an entry: what a burst of BTCUSDT brings in one turn of the event loop. */
const EVENTS_AN_ENTRY = 8;

export default {
  name: 'replay',
  summary: 'log → decoded → book, whole capture',
  target: { of: 'ratio', at: 'least', bound: 0.8 },
  async run(context) {
    const { payloads, note } = benchPayloads(context);
    const { redisUrl } = await testServers('redis');
    const redis = await connectRedis(redisUrl);
    try {
      await redis.flushdb();
      const appender = createAppender({ redis, instrument: INSTRUMENT });
      for (let at = 0; at < payloads.length; at += EVENTS_AN_ENTRY) {
        const batch = payloads.slice(at, at + EVENTS_AN_ENTRY);
        await appender.append(
          batch.map(([channel, payload]) => ({ channel, payload, receiveTimeUs: 1_723_161_255_000_000 + at })),
        );
      }
      const parseMs: number[] = [];
      const replayMs: number[] = [];
      for (let run = -1; run < RUNS; run++) {
        const parsing = performance.now();
        for (const [, payload] of payloads) JSON.parse(payload.toString());
        const replaying = performance.now();
        const events = await replayAll(redis);
        const end = performance.now();
        if (events !== payloads.length) throw new Error(`replay: expected ${payloads.length} events, found ${events}`);
        if (run < 0) continue;
        parseMs.push(replaying - parsing);
        replayMs.push(end - replaying);
      }
      const [ours, reference] = [median(replayMs), median(parseMs)];
      return {
        name: 'replay',
        value: payloads.length / ours,
        unit: 'thousand events/s',
        reference: 'JSON.parse of the same frames in memory',
        referenceValue: payloads.length / reference,
        ratio: reference / ours,
        ...(note === undefined ? {} : { note }),
      };
    } finally {
      await redis.flushdb();
      redis.disconnect();
    }
  },
} satisfies Bench;

async function replayAll(redis: Awaited<ReturnType<typeof connectRedis>>): Promise<number> {
  const decoder = createDecoder();
  const book = createOrderBook();
  let events = 0;
  for await (const entries of replay({ redis, instrument: INSTRUMENT })) {
    for (const entry of entries) {
      for (const { channel, payload } of entry.events) {
        evolveOrderBook(book, decoder.decode(channel, payload));
        events++;
      }
    }
  }
  if (book.invalidity !== null) throw new Error(`replay: expected a valid book at the end, found ${book.invalidity}`);
  return events;
}
