import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Redis } from 'ioredis';
import { connectRedis } from '../../infra/redis.ts';
import { optimise } from '../../services/optimise/optimise.ts';
import { checkSpec } from '../../services/optimise/read-spec.ts';
import { resolveStudy, studySpan } from '../../services/optimise/resolve-study.ts';
import { createAppender } from '../../streams/append.ts';
import { madeMarket } from '../pipelines/made-market.ts';
import { testServers } from '../support/servers.ts';
import { type Bench, median } from './bench.ts';

const INSTRUMENT = 'binance-usdm:BENCHSTUDY';
/** Some 40 minutes: one window. */
const EVENTS = 60_000;
const SETS = 200;
const RUNS = 5;

export default {
  name: 'study',
  summary: `${SETS} parameter sets of a moving-average cross, 2 workers`,
  target: { of: 'ratio', at: 'least', bound: 1.5 },
  async run({ say }) {
    const { redisUrl } = await testServers('redis');
    const redis = await connectRedis(redisUrl);
    const folder = mkdtempSync(join(tmpdir(), 'don-bench-study-'));
    try {
      await redis.flushdb();
      await record(redis);
      const study = await declare(redis);
      const seconds = { one: [] as number[], two: [] as number[] };
      for (let run = 0; run < RUNS; run++)
        for (const [name, workers] of [
          ['one', 1],
          ['two', 2],
        ] as const) {
          const startedMs = performance.now();
          const { inSample } = await optimise(study, { redisUrl, folder, workers });
          seconds[name].push((performance.now() - startedMs) / 1_000);
          const tried = inSample.windows.reduce((sum, { trials }) => sum + trials, 0);
          if (tried !== SETS) throw new Error(`study: expected ${SETS} parameter sets, found ${tried}`);
          say(`study: ${workers} workers ${seconds[name].at(-1)!.toFixed(1)} s`);
        }
      const [one, two] = [median(seconds.one), median(seconds.two)];
      return {
        name: 'study',
        value: SETS / two,
        unit: 'sets/s',
        reference: '1 worker',
        referenceValue: SETS / one,
        ratio: one / two,
        note: `${EVENTS.toLocaleString('en')} events of a made market`,
      };
    } finally {
      rmSync(folder, { recursive: true, force: true });
      await redis.flushdb();
      redis.disconnect();
    }
  },
} satisfies Bench;

async function declare(redis: Redis) {
  const { spec, strategy } = await checkSpec(
    {
      strategy: 'moving-average-cross',
      instrument: INSTRUMENT,
      vary: { fast: { from: 1, to: 20 }, slow: { from: 21, to: 30 } },
      set: { barMs: 1_000 },
      search: 'grid',
      trials: SETS,
      train: '30m',
      test: '10m',
    },
    (field) => field,
  );
  const span = await studySpan(redis, { instrument: INSTRUMENT, recording: 'live' }, {});
  return resolveStudy(spec, strategy, 'live', span);
}

async function record(redis: Redis): Promise<void> {
  const appender = createAppender({ redis, instrument: INSTRUMENT });
  const market = madeMarket({ seed: 5, events: EVENTS, hasFaults: false, snapshotEvery: 250 });
  for (let at = 0; at < market.length; at += 100) {
    const part = market.slice(at, at + 100);
    await appender.append(part, { entryId: `${Math.floor(part[0]!.receiveTimeUs / 1_000)}-${at}` });
  }
}
