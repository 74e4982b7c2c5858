import type { Redis } from 'ioredis';
import { connectRedis } from '../../infra/redis.ts';
import { createAppender } from '../../streams/append.ts';
import { BATCH_EVENTS_MAX } from '../../streams/batch.ts';
import type { EventToAppend } from '../../streams/entry.ts';
import { testServers } from '../support/servers.ts';
import { type Bench, median, RUNS } from './bench.ts';
import { benchPayloads } from './bench-payloads.ts';
import { benchmarkXadd } from './redis-benchmark.ts';

const INSTRUMENT = 'binance-usdm:BENCH';
const REFERENCE_BYTES = 300;
/** So many batches are under way at once, as in an import: the function works on one while the next is made. */
const BATCHES_AHEAD = 2;

export default {
  name: 'append',
  summary: "capture's frames → log through the append function, AOF everysec",
  target: { of: 'ratio', at: 'least', bound: 0.6 },
  async run(context) {
    const { payloads, note } = benchPayloads(context);
    const events = payloads.map(([channel, payload], at) => ({
      channel,
      payload: payload.toString(),
      receiveTimeUs: 1_723_161_255_000_000 + at,
    }));
    const { redisUrl } = await testServers('redis');
    const redis = await connectRedis(redisUrl);
    const rates: number[] = [];
    const referenceRates: number[] = [];
    try {
      for (let run = -1; run < RUNS; run++) {
        await redis.flushdb();
        const referenceRate = benchmarkXadd(redisUrl, REFERENCE_BYTES);
        await redis.flushdb();
        const rate = await appendAll(redis, events);
        // The first run warms up.
        if (run < 0) continue;
        rates.push(rate);
        if (referenceRate !== undefined) referenceRates.push(referenceRate);
      }
    } finally {
      await redis.flushdb();
      redis.disconnect();
    }
    const value = median(rates) / 1_000;
    const referenceValue = referenceRates.length === 0 ? null : median(referenceRates) / 1_000;
    const missing = 'redis-benchmark was not found: set DON_REDIS_BENCHMARK to its path';
    const notes = [note, referenceValue === null ? missing : undefined].filter((text) => text !== undefined);
    return {
      name: 'append',
      value,
      unit: 'thousand events/s',
      reference: referenceValue === null ? null : `redis-benchmark -P 100 XADD of ${REFERENCE_BYTES} B, requests`,
      referenceValue,
      ratio: referenceValue === null ? null : value / referenceValue,
      ...(notes.length === 0 ? {} : { note: notes.join('; ') }),
    };
  },
} satisfies Bench;

/** Events a second, from text in memory to the last answer of Redis. */
async function appendAll(redis: Redis, events: readonly EventToAppend[]): Promise<number> {
  const appender = createAppender({ redis, instrument: INSTRUMENT });
  const underWay: ReturnType<typeof appender.append>[] = [];
  let appended = 0;
  const startMs = performance.now();
  for (let at = 0; at < events.length; at += BATCH_EVENTS_MAX) {
    if (underWay.length === BATCHES_AHEAD) appended += (await underWay.shift()!).appended;
    underWay.push(appender.append(events.slice(at, at + BATCH_EVENTS_MAX)));
  }
  for (const report of await Promise.all(underWay)) appended += report.appended;
  const seconds = (performance.now() - startMs) / 1_000;
  if (appended !== events.length) throw new Error(`append: expected ${events.length} events, found ${appended}`);
  return appended / seconds;
}
