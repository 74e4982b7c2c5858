import { connectRedis } from '../../infra/redis.ts';
import { FLOW_V1 } from '../../operators/features/sets/flow-v1.ts';
import { backfill } from '../../services/features/backfill/backfill.ts';
import { createAppender } from '../../streams/append.ts';
import { madeMarket } from '../pipelines/made-market.ts';
import { testServers } from '../support/servers.ts';
import { type Bench, median } from './bench.ts';

const INSTRUMENT = 'binance-usdm:BENCH';
const DAY_US = 86_400_000_000;
/** Of a day: some four a second. */
const EVENTS = 360_000;
const START_US = 1_723_161_600_000_000;
const RUNS = 5;

export default {
  name: 'backfill',
  summary: 'flow-v1 over a day of events, 2 workers',
  target: { of: 'ratio', at: 'least', bound: 1.5 },
  async run({ say }) {
    const { redisUrl, questdbUrl } = await testServers('redis', 'questdb');
    const redis = await connectRedis(redisUrl);
    try {
      await redis.flushdb();
      await record(redis);
      const seconds = { one: [] as number[], two: [] as number[] };
      let rows = 0;
      for (let run = 0; run < RUNS; run++)
        for (const [name, workers] of [
          ['one', 1],
          ['two', 2],
        ] as const) {
          const startedMs = performance.now();
          const set = { redis, redisUrl, questdbUrl, instrument: INSTRUMENT, recording: 'live', set: FLOW_V1, workers };
          const report = await backfill(set);
          seconds[name].push((performance.now() - startedMs) / 1_000);
          rows = report.rows;
          say(`backfill: ${workers} workers ${seconds[name].at(-1)!.toFixed(1)} s, ${report.redone} chunks redone`);
        }
      const [one, two] = [median(seconds.one), median(seconds.two)];
      return {
        name: 'backfill',
        value: EVENTS / two,
        unit: 'events/s',
        reference: '1 worker',
        referenceValue: EVENTS / one,
        ratio: one / two,
        note: `${EVENTS.toLocaleString('en')} events, ${rows.toLocaleString('en')} rows of ${FLOW_V1.columns.length} columns`,
      };
    } finally {
      await redis.flushdb();
      redis.disconnect();
    }
  },
} satisfies Bench;

/** A made market, its times spread over a day. */
async function record(redis: Awaited<ReturnType<typeof connectRedis>>): Promise<void> {
  const appender = createAppender({ redis, instrument: INSTRUMENT });
  const market = madeMarket({
    seed: 5,
    events: EVENTS,
    hasFaults: false,
    startUs: START_US,
    pace: PACE,
    snapshotEvery: 250,
  });
  for (let at = 0; at < market.length; at += 100) {
    const part = market.slice(at, at + 100);
    await appender.append(part, { entryId: `${Math.floor(part[0]!.receiveTimeUs / 1_000)}-${at}` });
  }
}

/** The market's own events are some 44 ms apart. */
const PACE = DAY_US / EVENTS / 44_000;
