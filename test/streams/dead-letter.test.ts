import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { connectRedis } from '../../infra/redis.ts';
import { addDeadLetter, countDeadLetters, listDeadLetters } from '../../streams/dead-letter.ts';
import { testInstrument, testServers } from '../support/servers.ts';

const test = suite('streams/dead-letter');
const { redisUrl } = await testServers('redis');
const redis = await connectRedis(redisUrl);

test('keeps what was refused as it came, and lists the newest first', async () => {
  const instrument = testInstrument();
  const letters = [1, 2, 3].map((n) => ({
    recording: 'live',
    channel: 'reason',
    reason: `depth/u: expected an integer, found "${n}"`,
    receiveTimeUs: 1_723_161_255_000_000 + n,
    payload: `{"u":"${n}","s":"测试"\u0000`,
  }));
  assert.is(await countDeadLetters(redis, instrument), 0);
  assert.equal(await listDeadLetters(redis, instrument), []);
  for (const letter of letters) await addDeadLetter(redis, instrument, letter);
  assert.is(await countDeadLetters(redis, instrument), 3);
  const listed = await listDeadLetters(redis, instrument, 2);
  assert.equal(
    listed.map(({ id, ...letter }) => letter),
    letters.toReversed().slice(0, 2),
  );
});

test('closes', () => redis.disconnect());

test.run();
