import { serialize } from 'node:v8';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { connectRedis } from '../../infra/redis.ts';
import {
  deleteCheckpoint,
  getCheckpoint,
  handOverCheckpoint,
  listCheckpoints,
  setCheckpoint,
} from '../../streams/checkpoint.ts';
import { checkpointKey } from '../../streams/keys.ts';
import { testInstrument, testServers } from '../support/servers.ts';

const test = suite('streams/checkpoint');
const { redisUrl } = await testServers('redis');
const redis = await connectRedis(redisUrl);
const recording = '0123456789ab';

test('gives back what was stored, of each recording and consumer its own', async () => {
  const instrument = testInstrument();
  const deriver = { instrument, consumer: 'deriver' };
  assert.is(await getCheckpoint(redis, deriver), undefined);
  const checkpoint = { entryId: '1723161255088-3', version: '7', state: Buffer.from([0, 255, 13, 10, 128]) };
  await setCheckpoint(redis, deriver, { ...checkpoint, entryId: '1-0' });
  await setCheckpoint(redis, deriver, checkpoint);
  await setCheckpoint(redis, { ...deriver, recording }, { ...checkpoint, entryId: '5-0' });
  await setCheckpoint(redis, { instrument, consumer: 'archiver' }, { ...checkpoint, entryId: '6-0' });
  assert.equal(await getCheckpoint(redis, deriver), checkpoint);
  assert.is((await getCheckpoint(redis, { ...deriver, recording }))!.entryId, '5-0');
  assert.equal([...(await listCheckpoints(redis, instrument))].sort(), [
    ['archiver', '6-0'],
    ['deriver', '1723161255088-3'],
  ]);
  assert.equal([...(await listCheckpoints(redis, instrument, recording))], [['deriver', '5-0']]);
  await deleteCheckpoint(redis, deriver);
  assert.is(await getCheckpoint(redis, deriver), undefined);
  assert.is((await getCheckpoint(redis, { ...deriver, recording }))!.entryId, '5-0');
});

test('a state that is handed over is stored, and its memory let go of, but not that of others', async () => {
  const owner = { instrument: testInstrument(), consumer: 'deriver' };
  const [whole, part] = [serialize('all of it'), Buffer.from('........').subarray(2, 5)];
  const expected = Buffer.from(whole);
  await handOverCheckpoint(redis, owner, { entryId: '1-0', version: '1', state: whole });
  assert.equal((await getCheckpoint(redis, owner))!.state, expected);
  assert.is(whole.byteLength, 0);
  await handOverCheckpoint(redis, owner, { entryId: '2-0', version: '1', state: part });
  assert.equal((await getCheckpoint(redis, owner))!.state, Buffer.from('...'));
  assert.is(part.toString(), '...');
});

test('finds every checkpoint among many keys', async () => {
  const instrument = testInstrument();
  const others = Array.from({ length: 5_000 }, (_, i) => [`other:${i}`, 'x']);
  await redis.mset(Object.fromEntries(others));
  const consumers = Array.from({ length: 20 }, (_, i) => `consumer-${i}`);
  for (const consumer of consumers)
    await setCheckpoint(redis, { instrument, consumer }, { entryId: '5-0', version: '1', state: Buffer.of(1) });
  assert.equal([...(await listCheckpoints(redis, instrument)).keys()].sort(), consumers.sort());
});

test('neither stores nor gives back what is no checkpoint', async () => {
  const owner = { instrument: testInstrument(), consumer: 'deriver' };
  const messageOf = (work: Promise<unknown>) =>
    work.then(
      () => 'no error',
      (error: Error) => error.message,
    );
  assert.match(
    await messageOf(setCheckpoint(redis, owner, { entryId: '5', version: '1', state: Buffer.of(0) })),
    /entry id: expect/,
  );
  const key = checkpointKey(owner.instrument, 'deriver', 'live');
  for (const [fields, pattern] of [
    [{ entryId: '5-0' }, /checkpoint:deriver: expected entryId, version, state, found no version, state$/],
    [{ entryId: '5', version: '1', state: '' }, /entry id: expected/],
  ] as const) {
    await redis.hset(key, fields);
    assert.match(await messageOf(getCheckpoint(redis, owner)), pattern);
  }
  assert.match(await messageOf(listCheckpoints(redis, owner.instrument)), /entry id: expected/);
});

test('what an earlier version stored as a text is as none', async () => {
  const owner = { instrument: testInstrument(), consumer: 'deriver' };
  const checkpoint = { entryId: '7-0', version: '2', state: Buffer.of(7) };
  await redis.set(checkpointKey(owner.instrument, 'deriver', 'live'), JSON.stringify({ ...checkpoint, state: 'Bw==' }));
  assert.is((await listCheckpoints(redis, owner.instrument)).size, 0);
  assert.is(await getCheckpoint(redis, owner), undefined);
  await setCheckpoint(redis, owner, checkpoint);
  assert.equal(await getCheckpoint(redis, owner), checkpoint);
});

test('closes', () => redis.disconnect());

test.run();
