import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { connectRedis } from '../../infra/redis.ts';
import { setCheckpoint } from '../../streams/checkpoint.ts';
import { rawKey } from '../../streams/keys.ts';
import { streamBounds } from '../../streams/stream-bounds.ts';
import { trim } from '../../streams/trim.ts';
import { testInstrument, testServers } from '../support/servers.ts';

const test = suite('streams/trim');
const { redisUrl } = await testServers('redis');
const redis = await connectRedis(redisUrl);

/** An hour old, so that every limit of minutes lies between the entries. */
const FIRST_MS = Date.now() - 3_600_000;

/** A log of 60 entries, a minute apart, each large enough to be a block of the stream by itself. */
async function logOf60(checkpoints: Readonly<Record<string, number>>) {
  const instrument = testInstrument();
  const key = rawKey(instrument, 'live');
  const idOf = (n: number) => `${FIRST_MS + n * 60_000}-0`;
  const payload = 'x'.repeat(5_000);
  for (let n = 0; n < 60; n++) await redis.xadd(key, idOf(n), 'v', '1', 'depth', payload);
  for (const [consumer, n] of Object.entries(checkpoints))
    await setCheckpoint(redis, { instrument, consumer }, { entryId: idOf(n), version: '1', state: Buffer.of(1) });
  const first = async () => (Number((await streamBounds(redis, key)).firstId?.split('-')[0]) - FIRST_MS) / 60_000;
  return { instrument, first };
}

test('lets go of what is too old', async () => {
  const { instrument, first } = await logOf60({ deriver: 59 });
  const report = await trim({ redis, instrument, maxAgeMs: 30.5 * 60_000, consumers: ['deriver'] });
  assert.equal(report, { trimmed: 30, heldBy: undefined });
  assert.is(await first(), 30);
});

test('lets go of what is too much', async () => {
  const { instrument, first } = await logOf60({ deriver: 59 });
  const report = await trim({ redis, instrument, maxEntries: 20, consumers: ['deriver'] });
  assert.equal(report, { trimmed: 40, heldBy: undefined });
  assert.is(await first(), 40);
  assert.is((await trim({ redis, instrument, maxEntries: 20, consumers: [] })).trimmed, 0, 'nothing is left to trim');
});

test('lets go of much more than it looks at in one step', async () => {
  const instrument = testInstrument();
  const key = rawKey(instrument, 'live');
  const payload = 'x'.repeat(5_000);
  const pipeline = redis.pipeline();
  for (let n = 1; n <= 1_300; n++) pipeline.xadd(key, `${n}-0`, 'v', '1', 'depth', payload);
  await pipeline.exec();
  assert.is((await trim({ redis, instrument, maxEntries: 10, consumers: [] })).trimmed, 1_290);
});

test('keeps what a consumer has yet to read, and the entry on which it stands', async () => {
  for (const limit of [{ maxAgeMs: 60_000 }, { maxEntries: 1 }]) {
    const { instrument, first } = await logOf60({ deriver: 40, archiver: 25 });
    const report = await trim({ redis, instrument, ...limit, consumers: ['deriver'] });
    assert.equal(report, { trimmed: 25, heldBy: 'archiver' });
    assert.is(await first(), 25);
  }
});

test('keeps everything while a consumer that must read has not begun', async () => {
  const { instrument, first } = await logOf60({ archiver: 59 });
  const report = await trim({ redis, instrument, maxEntries: 1, maxAgeMs: 1, consumers: ['archiver', 'deriver'] });
  assert.equal(report, { trimmed: 0, heldBy: 'deriver' });
  assert.is(await first(), 0);
});

test('has nothing to do without limits, or without a log', async () => {
  const { instrument, first } = await logOf60({});
  assert.equal(await trim({ redis, instrument, consumers: [] }), { trimmed: 0, heldBy: undefined });
  assert.is(await first(), 0);
  const empty = { redis, instrument: testInstrument(), consumers: [], maxAgeMs: 1, maxEntries: 1 };
  assert.equal(await trim(empty), { trimmed: 0, heldBy: undefined });
});

test('closes', () => redis.disconnect());

test.run();
