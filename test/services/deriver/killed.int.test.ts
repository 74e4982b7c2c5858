import { setTimeout as sleep } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { connectRedis } from '../../../infra/redis.ts';
import { createAppender } from '../../../streams/append.ts';
import { getCheckpoint } from '../../../streams/checkpoint.ts';
import { listDeadLetters } from '../../../streams/dead-letter.ts';
import { LIVE } from '../../../streams/keys.ts';
import { seededRandom } from '../../operators/market-events.ts';
import { entriesOf } from '../../pipelines/derive.ts';
import { madeMarket } from '../../pipelines/made-market.ts';
import { testInstrument, testServers } from '../../support/servers.ts';
import { until } from '../../support/until.ts';
import { startDeriver, untilDerived } from './deriver-process.ts';
import { assertPublished, assertStored, expectedOf } from './stored-and-expected.ts';

const test = suite('services/deriver/killed');

const EVENTS = 4_000;
/** How long the market takes to come into the log. */
const SPAN_MS = 10_000;

test('killed at any moments while the log grows, it leaves every row and every derived entry, each once', async () => {
  const servers = await testServers('redis', 'questdb');
  const redis = await connectRedis(servers.redisUrl);
  const instrument = testInstrument();
  const seed = Date.now() % 1_000_000;
  console.log(`seed ${seed}`);
  const random = seededRandom(seed);
  const entries = entriesOf(madeMarket({ seed: 17, events: EVENTS, quietEvents: EVENTS / 2 }), [1, 6, 2, 20]);
  const appender = createAppender({ redis, instrument });
  const checkpointId = async () => (await getCheckpoint(redis, { instrument, consumer: 'deriver' }))?.entryId;
  let deriver = startDeriver(servers, [instrument]);
  try {
    const { promise: lastKill, resolve: letGrow } = Promise.withResolvers<void>();
    const appending = (async () => {
      const startedMs = performance.now();
      for (const [n, { events }] of entries.entries()) {
        // However long the deriver takes to get here: the log still grows then.
        if (n === entries.length - 20) await lastKill;
        await appender.append(events);
        const dueMs = (SPAN_MS * n) / entries.length - (performance.now() - startedMs);
        if (dueMs > 5) await sleep(dueMs);
      }
    })();
    for (const moment of ['while it starts', 'at work', 'behind a checkpoint']) {
      const before = await checkpointId();
      if (moment !== 'while it starts') await deriver.ready;
      if (moment === 'behind a checkpoint') {
        letGrow();
        await until('a checkpoint', async () => (await checkpointId()) !== before);
      }
      await sleep(random() * 1_200);
      assert.is(await deriver.end('SIGKILL'), null, deriver.output().stderr);
      deriver = startDeriver(servers, [instrument]);
    }
    assert.is.not(await checkpointId(), undefined);
    await appending;
    await untilDerived(redis, instrument, deriver);
    assert.is(await deriver.end('SIGTERM'), 0, deriver.output().stderr);
    const expected = await expectedOf(redis, instrument, LIVE);
    const counts = await assertStored(servers.questdbUrl, instrument, LIVE, expected);
    for (const [table, count] of Object.entries(counts)) assert.ok(count > 0, `${table} has rows`);
    const published = await assertPublished(redis, instrument, expected);
    assert.ok(published > entries.length / 2, `${published} derived entries of ${entries.length}`);
    const letters = (await listDeadLetters(redis, instrument)).map(({ reason }) => reason);
    const own = letters.filter((reason) => reason.includes(' of the log)'));
    assert.equal(own.sort(), [...expected.refused].sort(), 'a dead letter for each refused payload, once');
    assert.ok(own.length > 0);
  } finally {
    deriver.child.kill('SIGKILL');
    await redis.quit();
  }
});

test.run();
