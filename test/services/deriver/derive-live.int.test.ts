import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { connectRedis } from '../../../infra/redis.ts';
import { FEATURE_SETS } from '../../../pipelines/feature-sets.ts';
import { deriveLive } from '../../../services/deriver/derive-live.ts';
import type { RowStore } from '../../../services/deriver/row-store.ts';
import { getCheckpoint } from '../../../streams/checkpoint.ts';
import { compareEntryIds } from '../../../streams/id.ts';
import { featuresKey, LIVE } from '../../../streams/keys.ts';
import { entriesOf } from '../../pipelines/derive.ts';
import { madeMarket } from '../../pipelines/made-market.ts';
import { testInstrument, testServers } from '../../support/servers.ts';
import { until } from '../../support/until.ts';
import { appendEntries } from '../api/append-events.ts';
import { expectedOf } from './stored-and-expected.ts';

const test = suite('services/deriver/derive-live');

const { redisUrl } = await testServers('redis');
const ENTRIES = entriesOf(madeMarket({ seed: 71, events: 3_000, hasFaults: false }), [3]);
const NOWHERE: RowStore = { pending: 0, committed: 0, add: () => {}, flush: async () => {}, close: async () => {} };

/** A connection whose transactions wait for `held`: a moment that no server can be held at. */
function holding(redis: Redis, held: Promise<void>, onHeld = () => {}): Redis {
  return new Proxy(redis, {
    get(target, name) {
      const value = Reflect.get(target, name) as unknown;
      if (typeof value !== 'function') return value;
      if (name !== 'multi') return value.bind(target);
      return () => {
        const transaction = target.multi();
        const exec = transaction.exec.bind(transaction);
        const waiting = (): ReturnType<typeof exec> => {
          onHeld();
          return held.then(() => exec());
        };
        return Object.assign(transaction, { exec: waiting });
      };
    },
  });
}

/** Counts the reads of the log that were answered. */
function countReads(redis: Redis): { answered: number } {
  const reads = { answered: 0 };
  const read = redis.xreadBuffer.bind(redis) as (...args: unknown[]) => Promise<unknown>;
  const counted = async (...args: unknown[]): Promise<unknown> => {
    const answer = await read(...args);
    reads.answered++;
    return answer;
  };
  Object.assign(redis, { xreadBuffer: counted });
  return reads;
}

test('stopped while a part of the log waits to be derived, it has published all that its checkpoint says was', async () => {
  const redis = await connectRedis(redisUrl);
  const instrument = testInstrument();
  await appendEntries(redis, instrument, ENTRIES);
  const { topics } = await expectedOf(redis, instrument, LIVE);
  const tailRedis = await connectRedis(redisUrl, { blocking: true });
  const reads = countReads(tailRedis);
  const { promise: held, resolve: letGo } = Promise.withResolvers<void>();
  const { promise: publishing, resolve: told } = Promise.withResolvers<void>();
  const of = { tailRedis, rows: NOWHERE, instruments: [instrument], featureSets: FEATURE_SETS, log: () => {} };
  const live = await deriveLive({ ...of, redis: holding(redis, held, told) });
  await publishing;
  await until('the next part', () => reads.answered >= 2);
  const stopped = live.stop();
  letGo();
  await stopped;
  tailRedis.disconnect();
  const checkpointId = (await getCheckpoint(redis, { instrument, consumer: 'deriver' }))!.entryId;
  const published = (await redis.xrange(featuresKey(instrument), '-', '+')).map(([id]) => id);
  const derived = [...topics.keys()].filter((id) => compareEntryIds(id, checkpointId) <= 0);
  assert.ok(derived.length < topics.size);
  assert.equal(published, derived);
  await redis.quit();
});

test('what Redis has not taken is in no checkpoint, while it is tried and at the end', async () => {
  const redis = await connectRedis(redisUrl);
  const instrument = testInstrument();
  await appendEntries(redis, instrument, ENTRIES.slice(0, 50));
  const tailRedis = await connectRedis(redisUrl, { blocking: true });
  const { promise: held, reject } = Promise.withResolvers<void>();
  const { promise: publishing, resolve: begun } = Promise.withResolvers<void>();
  const refusals: string[] = [];
  const { promise: refused, resolve: told } = Promise.withResolvers<void>();
  const log = (_: string, message: string): void => {
    refusals.push(message);
    told();
  };
  const of = { tailRedis, rows: NOWHERE, instruments: [instrument], featureSets: FEATURE_SETS, log };
  const live = await deriveLive({ ...of, redis: holding(redis, held, begun) });
  held.catch(() => {});
  await publishing;
  // A checkpoint is due each five seconds.
  await sleep(6_000);
  assert.is(await getCheckpoint(redis, { instrument, consumer: 'deriver' }), undefined);
  reject(new Error('Redis is away'));
  await refused;
  await live.stop();
  tailRedis.disconnect();
  assert.match(refusals[0]!, /does not accept entries: Redis is away/);
  assert.is(await getCheckpoint(redis, { instrument, consumer: 'deriver' }), undefined);
  assert.is(await redis.exists(featuresKey(instrument)), 0);
  await redis.quit();
});

test.run();
