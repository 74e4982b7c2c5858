import type { Redis } from 'ioredis';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { waitUntilApplied } from '../../../infra/questdb/applied.ts';
import { questdbRows } from '../../../infra/questdb.ts';
import { connectRedis } from '../../../infra/redis.ts';
import { createAppender } from '../../../streams/append.ts';
import { getCheckpoint, setCheckpoint } from '../../../streams/checkpoint.ts';
import { featuresKey, LIVE, rawKey } from '../../../streams/keys.ts';
import { describeRecording } from '../../../streams/recordings.ts';
import { entriesOf } from '../../pipelines/derive.ts';
import { madeMarket } from '../../pipelines/made-market.ts';
import { testInstrument, testServers } from '../../support/servers.ts';
import { type DeriverProcess, startDeriver, untilDerived } from './deriver-process.ts';
import { assertPublished, assertStored, expectedOf } from './stored-and-expected.ts';

const test = suite('services/deriver/process');

const servers = await testServers('redis', 'questdb');
const TRACEPARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

/** Starts derivers of the instruments, and kills those that are left. */
async function withDerivers(
  instruments: readonly string[],
  work: (start: () => Promise<DeriverProcess>, redis: Redis) => Promise<void>,
): Promise<void> {
  const redis = await connectRedis(servers.redisUrl);
  const started: DeriverProcess[] = [];
  const start = async (): Promise<DeriverProcess> => {
    const deriver = startDeriver(servers, instruments);
    started.push(deriver);
    await deriver.ready;
    return deriver;
  };
  try {
    await work(start, redis);
  } finally {
    for (const { child } of started) child.kill('SIGKILL');
    await redis.quit();
  }
}

async function append(
  redis: Redis,
  instrument: string,
  events: number,
  seed = 41,
  traceparent?: string,
): Promise<void> {
  const appender = createAppender({ redis, instrument });
  for (const { events: part } of entriesOf(madeMarket({ seed, events, hasFaults: false }), [5]))
    await appender.append(part, { traceparent });
}

test('says that it is ready, registers its recordings, tells its state, and ends cleanly', async () => {
  const instruments = [testInstrument(), testInstrument()];
  await withDerivers(instruments, async (start, redis) => {
    const deriver = await start();
    const { pid } = deriver.child;
    assert.equal(await deriver.ready, { service: 'deriver', ready: true, pid, instruments });
    for (const instrument of instruments) assert.is((await describeRecording(redis, instrument, LIVE))?.kind, 'live');
    for (const [n, instrument] of instruments.entries()) await append(redis, instrument, 200, 41 + n);
    const [status] = await Promise.all(instruments.map((instrument) => untilDerived(redis, instrument, deriver)));
    assert.equal([status!['service'], status!['pid']], ['deriver', pid]);
    const [first] = status!.instruments;
    assert.equal([first!.events, first!.refused, first!.gaps], [200, 0, 0]);
    assert.type(first!.lagMs, 'number');
    assert.is(await deriver.end('SIGTERM'), 0);
    const { stdout, stderr } = deriver.output();
    assert.is(stdout.trimEnd().split('\n').length, 1, 'one line on stdout');
    for (const line of stderr.trimEnd().split('\n')) assert.is(JSON.parse(line).service, 'deriver');
    for (const instrument of instruments) {
      const expected = await expectedOf(redis, instrument, LIVE);
      await assertStored(servers.questdbUrl, instrument, LIVE, expected);
      await assertPublished(redis, instrument, expected);
    }
  });
});

test('an end leaves a checkpoint at the last entry, from which the next goes on', async () => {
  const instrument = testInstrument();
  await withDerivers([instrument], async (start, redis) => {
    const deriver = await start();
    await append(redis, instrument, 150);
    await untilDerived(redis, instrument, deriver);
    await deriver.end('SIGTERM');
    const last = (await redis.xrevrange(rawKey(instrument, LIVE), '+', '-', 'COUNT', 1))[0]![0];
    assert.is((await getCheckpoint(redis, { instrument, consumer: 'deriver' }))?.entryId, last);
    const published = await redis.xlen(featuresKey(instrument));
    const second = await start();
    const beat = await untilDerived(redis, instrument, second);
    assert.is(beat.instruments[0]!.entries, 0);
    assert.is(await second.end('SIGINT'), 0);
    assert.is(await redis.xlen(featuresKey(instrument)), published);
  });
});

test('ends with its parent', async () => {
  const instrument = testInstrument();
  await withDerivers([instrument], async (start) => {
    const deriver = await start();
    await deriver.ready;
    deriver.child.disconnect();
    assert.is(await deriver.ended, 0);
    assert.match(deriver.output().stderr, /the parent has gone/);
  });
});

test('a checkpoint of another version is not used: all is derived anew, and nothing twice', async () => {
  const instrument = testInstrument();
  await withDerivers([instrument], async (start, redis) => {
    const deriver = await start();
    await append(redis, instrument, 150);
    await untilDerived(redis, instrument, deriver);
    await deriver.end('SIGTERM');
    const owner = { instrument, consumer: 'deriver' };
    const { entryId } = (await getCheckpoint(redis, owner))!;
    await setCheckpoint(redis, owner, { entryId, version: 'spine-0', state: Buffer.from('of another shape') });
    const second = await start();
    await untilDerived(redis, instrument, second);
    await second.end('SIGTERM');
    const expected = await expectedOf(redis, instrument, LIVE);
    await assertStored(servers.questdbUrl, instrument, LIVE, expected);
    await assertPublished(redis, instrument, expected);
  });
});

test('entries that were trimmed before it could read them are gaps of every channel', async () => {
  const instrument = testInstrument();
  await withDerivers([instrument], async (start, redis) => {
    const deriver = await start();
    const market = entriesOf(madeMarket({ seed: 43, events: 400, hasFaults: false }), [5]);
    const appender = createAppender({ redis, instrument });
    for (const { events } of market.slice(0, 40)) await appender.append(events);
    await untilDerived(redis, instrument, deriver);
    await deriver.end('SIGTERM');
    for (const { events } of market.slice(40)) await appender.append(events);
    await redis.xtrim(rawKey(instrument, LIVE), 'MAXLEN', 20);
    const second = await start();
    await untilDerived(redis, instrument, second);
    await second.end('SIGTERM');
    assert.match(second.output().stderr, /entries were trimmed before they were derived/);
    await waitUntilApplied(servers.questdbUrl);
    const where = `WHERE symbol = '${instrument}'`;
    const gaps = await questdbRows(
      servers.questdbUrl,
      `SELECT channel, reason, closed_by FROM gaps ${where} ORDER BY channel`,
    );
    assert.equal(
      gaps.map(({ channel, reason }) => `${channel} ${reason}`),
      ['aggTrade trimmed', 'depth trimmed', 'forceOrder trimmed', 'markPrice trimmed', 'trade trimmed'],
    );
    const depth = gaps.find(({ channel }) => channel === 'depth')!;
    assert.is(depth['closed_by'], 'open', 'no snapshot followed');
    const [first] = await redis.xrange(rawKey(instrument, LIVE), '-', '+', 'COUNT', 1);
    const entry = (await redis.xrange(featuresKey(instrument), first![0], first![0]))[0]!;
    assert.ok(
      entry[1].some((text) => text.includes('"reason":"gap"')),
      'the derived stream says so too',
    );
  });
});

test('the trace of a batch goes on in the derived stream', async () => {
  const instrument = testInstrument();
  await withDerivers([instrument], async (start, redis) => {
    const deriver = await start();
    await append(redis, instrument, 40, 44, TRACEPARENT);
    await untilDerived(redis, instrument, deriver);
    await deriver.end('SIGTERM');
    const entries = await redis.xrange(featuresKey(instrument), '-', '+');
    assert.ok(entries.length > 0);
    for (const [, [, , , , name, value]] of entries) assert.equal([name, value], ['traceparent', TRACEPARENT]);
  });
});

test('without a server that it needs it says which, and ends', async () => {
  const cases: [env: Record<string, string>, code: number, message: RegExp][] = [
    [{ DON_QUESTDB_URL: '' }, 2, /DON_QUESTDB_URL: expected the URL of a server, found none/],
    [{ DON_REDIS_URL: '' }, 2, /DON_REDIS_URL: expected the URL of a server, found none/],
    [{ DON_REDIS_URL: 'redis://127.0.0.1:1/0' }, 3, /Redis at 127.0.0.1:1 cannot be used/],
    [{ DON_QUESTDB_URL: 'http://127.0.0.1:1' }, 3, /QuestDB at 127.0.0.1:1 cannot be used/],
    [{ DON_INSTRUMENTS: 'nowhere:X' }, 2, /nowhere/],
  ];
  const outcomes = cases.map(([env]) => startDeriver(servers, [testInstrument()], env));
  for (const [n, [, code, message]] of cases.entries()) {
    const { ended, output } = outcomes[n]!;
    assert.is(await ended, code, output().stderr);
    assert.match(output().stderr, message);
    assert.is(output().stdout, '');
  }
});

test.run();
