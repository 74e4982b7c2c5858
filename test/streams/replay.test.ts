import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { connectRedis } from '../../infra/redis.ts';
import { createAppender } from '../../streams/append.ts';
import { rawKey } from '../../streams/keys.ts';
import { pagesOfClient, pagesOfConnection } from '../../streams/page-reader.ts';
import { replay } from '../../streams/replay.ts';
import { testInstrument, testServers } from '../support/servers.ts';
import { until } from '../support/until.ts';
import { killConnections, otherConnections } from './kill-connections.ts';
import { linesOf, logOf } from './log-of.ts';
import { aggTrade } from './sample-events.ts';

const test = suite('streams/replay');
const { redisUrl } = await testServers('redis');
const redis = await connectRedis(redisUrl);
const recording = '0123456789ab';

/** An import whose nth entry, from 1, has the id n-0 and the trade n. */
async function importOf(count: number, payloadBytes = 0) {
  const instrument = testInstrument();
  const appender = createAppender({ redis, instrument, recording });
  const padding = 'x'.repeat(payloadBytes);
  const trades = Array.from({ length: count }, (_, i) => {
    const { payload, ...event } = aggTrade(i + 1);
    return { ...event, payload: payload.toString().replace('}', `,"padding":"${padding}"}`) };
  });
  await Promise.all(trades.map((event, i) => appender.append([event], { entryId: `${i + 1}-0` })));
  return { instrument, trades };
}

async function idsOf(options: Omit<Parameters<typeof replay>[0], 'redis' | 'recording'>): Promise<string[]> {
  const ids: string[] = [];
  for await (const page of replay({ redis, recording, ...options })) ids.push(...page.map(({ entryId }) => entryId));
  return ids;
}

test('gives all of a recording in order, over as many pages as it takes', async () => {
  const { instrument, trades } = await importOf(3_000, 2_000);
  let pages = 0;
  for await (const page of replay({ redis, instrument, recording })) if (page.length > 0) pages++;
  assert.ok(pages > 4, `${pages} pages`);
  assert.equal(await logOf(redis, instrument, recording), linesOf(trades));
});

test('gives nothing of a recording that is not there', async () => {
  assert.equal(await logOf(redis, testInstrument()), []);
});

test('reads entries that are larger than a page', async () => {
  const { instrument, trades } = await importOf(5, 3_000_000);
  assert.equal(await logOf(redis, instrument, recording), linesOf(trades));
});

test('begins and ends where it is told', async () => {
  const { instrument } = await importOf(9);
  assert.equal(await idsOf({ instrument, after: '3-0', to: '5-0' }), ['4-0', '5-0']);
  assert.equal(await idsOf({ instrument, from: '3-0', to: 5 }), ['3-0', '4-0', '5-0']);
  assert.equal(await idsOf({ instrument, from: 8 }), ['8-0', '9-0']);
  assert.equal(await idsOf({ instrument, after: '9-0' }), []);
});

test('ends where the log ends, although it grows meanwhile', async () => {
  const { instrument } = await importOf(500, 10_000);
  const appender = createAppender({ redis, instrument, recording });
  let last = 500;
  for await (const _ of replay({ redis, instrument, recording })) {
    last++;
    await appender.append([aggTrade(last)], { entryId: `${last}-0` });
  }
  assert.ok(last > 501 && last < 1_000, String(last));
});

test('goes on after its connection was cut, without loss or repetition', async () => {
  const { instrument, trades } = await importOf(2_000, 2_000);
  const lines: string[] = [];
  let pages = 0;
  for await (const page of replay({ redis, instrument, recording })) {
    lines.push(...linesOf(page.flatMap(({ events }) => events)));
    if (++pages === 2) assert.ok((await killConnections(redis)) > 0, 'nothing to cut');
  }
  assert.equal(lines, linesOf(trades));
});

test('closes its connection, also where the reader stops early', async () => {
  const { instrument } = await importOf(2_000, 2_000);
  // Of this database alone: other tests share the server.
  const none = async () => (await otherConnections(redis)).length === 0;
  await until('the end of those before', none);
  for await (const _ of replay({ redis, instrument, recording })) {
    assert.is((await otherConnections(redis)).length, 1);
    break;
  }
  await until('its end', none);
});

test('throws what Redis refuses, and what is no entry of a log', async () => {
  const [wrong, foreign] = [testInstrument(), testInstrument()];
  await redis.set(rawKey(wrong, 'live'), 'x');
  await redis.xadd(rawKey(foreign, 'live'), '*', 'hello', 'world');
  for (const [instrument, pattern] of [
    [wrong, /WRONGTYPE/],
    [foreign, /receiveTimeUs: expected an integer/],
  ] as const) {
    const error = await logOf(redis, instrument).then(
      () => undefined,
      (reason: Error) => reason,
    );
    assert.match(error?.message ?? 'no error', pattern);
  }
});

test('reads the same through a client as over a connection of its own', async () => {
  const { instrument } = await importOf(20);
  const key = rawKey(instrument, recording);
  const own = pagesOfConnection(redis, key, new Set());
  const [one, other] = await Promise.all([own.page('3-0', '+', 5), pagesOfClient(redis, key).page('3-0', '+', 5)]);
  own.close();
  const asText = (entries: typeof one) => entries.map(([id, pairs]) => [id, pairs.map(String)]);
  assert.is(one.length, 5);
  assert.equal(asText(one), asText(other));
});

test('says that the password is refused', async () => {
  const wrong = await connectRedis(redisUrl);
  wrong.options.password = 'wrong';
  const error = await logOf(wrong, testInstrument()).then(
    () => undefined,
    (reason: Error) => reason,
  );
  wrong.disconnect();
  assert.match(error?.message ?? 'no error', /WRONGPASS|AUTH/);
});

test('closes', () => redis.disconnect());

test.run();
