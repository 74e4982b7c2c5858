import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { connectRedis } from '../../infra/redis.ts';
import { recordingsKey } from '../../streams/keys.ts';
import {
  describeRecording,
  listInstruments,
  listRecordings,
  type Recording,
  registerRecording,
} from '../../streams/recordings.ts';
import { testInstrument, testServers } from '../support/servers.ts';

const test = suite('streams/recordings');
const { redisUrl } = await testServers('redis');
const redis = await connectRedis(redisUrl);

const live: Recording = { recording: 'live', kind: 'live' };
const imported: Recording = {
  recording: '0123456789ab',
  kind: 'import',
  file: 'capture.gz',
  fromUs: 1_723_161_255_030_314,
  toUs: 1_723_161_601_000_000,
  counts: { depth: 6_551, gap: 2 },
};

test('knows the recordings of each instrument, the live one first', async () => {
  const [one, other] = [testInstrument(), testInstrument()];
  await registerRecording(redis, one, imported);
  await registerRecording(redis, one, live);
  await registerRecording(redis, other, live);
  assert.equal(await listRecordings(redis, one), [live, imported]);
  assert.equal(await describeRecording(redis, one, '0123456789ab'), imported);
  assert.is(await describeRecording(redis, other, '0123456789ab'), undefined);
  const instruments = await listInstruments(redis);
  assert.equal(
    instruments.filter((name) => name === one || name === other),
    [one, other].sort(),
  );
});

test('replaces what it knew of a recording', async () => {
  const instrument = testInstrument();
  await registerRecording(redis, instrument, { recording: '0123456789ab', kind: 'import' });
  await registerRecording(redis, instrument, imported);
  assert.equal(await listRecordings(redis, instrument), [imported]);
});

test('refuses wrong names, and says what is wrong with a stored description', async () => {
  const instrument = testInstrument();
  const refuses = async (work: Promise<unknown>, pattern: RegExp) => {
    const error = await work.then(
      () => undefined,
      (reason: Error) => reason,
    );
    assert.match(error?.message ?? 'no error', pattern);
  };
  await refuses(registerRecording(redis, instrument, { ...live, recording: 'mine' }), /recording: expected "live"/);
  await refuses(registerRecording(redis, 'BTCUSDT', live), /instrument: expected venue:SYMBOL/);
  assert.equal(await redis.exists(recordingsKey(instrument)), 0);
  await redis.hset(recordingsKey(instrument), 'live', '[]');
  await refuses(listRecordings(redis, instrument), /recordings\/live: expected an object with a kind, found \[\]/);
});

test('closes', () => redis.disconnect());

test.run();
