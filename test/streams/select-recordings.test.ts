import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { connectRedis } from '../../infra/redis.ts';
import { rawKey } from '../../streams/keys.ts';
import { registerRecording } from '../../streams/recordings.ts';
import { selectRecordings } from '../../streams/select-recordings.ts';
import { testInstrument, testServers } from '../support/servers.ts';

const test = suite('streams/select-recordings');
const { redisUrl } = await testServers('redis');
const redis = await connectRedis(redisUrl);

const [A, B, C] = ['aaaaaaaaaaaa', 'bbbbbbbbbbbb', 'cccccccccccc'];

/** An instrument with imports of these spans (µs) and numbers of gaps. */
async function instrumentOf(...imports: [recording: string, fromUs: number, toUs: number, gaps: number][]) {
  const instrument = testInstrument();
  for (const [recording, fromUs, toUs, gap] of imports)
    await registerRecording(redis, instrument, { recording, kind: 'import', fromUs, toUs, counts: { depth: 9, gap } });
  return instrument;
}

async function select(instrument: string, fromUs: number, toUs: number, preferred?: string) {
  const spans = await selectRecordings(redis, instrument, fromUs, toUs, preferred);
  return spans.map((span) => [span.recording, span.fromUs, span.toUs, ...span.insteadOf]);
}

test('takes each recording for its own span, cut to what is asked for', async () => {
  const instrument = await instrumentOf([A, 100, 199, 0], [B, 300, 399, 5]);
  assert.equal(await select(instrument, 0, 1_000), [
    [A, 100, 199],
    [B, 300, 399],
  ]);
  assert.equal(await select(instrument, 150, 350), [
    [A, 150, 199],
    [B, 300, 350],
  ]);
  assert.equal(await select(instrument, 199, 199), [[A, 199, 199]]);
  assert.equal(await select(instrument, 200, 299), []);
});

test('where several cover a span takes the one with fewer gaps, and says instead of which', async () => {
  const instrument = await instrumentOf([A, 100, 299, 3], [B, 200, 399, 1], [C, 220, 240, 2]);
  assert.equal(await select(instrument, 0, 1_000), [
    [A, 100, 199],
    [B, 200, 399, A, C],
  ]);
});

test('takes the one that is asked for, wherever it is', async () => {
  const instrument = await instrumentOf([A, 100, 299, 3], [B, 200, 399, 1]);
  assert.equal(await select(instrument, 0, 1_000, A), [
    [A, 100, 299, B],
    [B, 300, 399],
  ]);
});

test('a recording with one in its middle goes on behind that', async () => {
  const instrument = await instrumentOf([A, 100, 399, 3], [B, 200, 299, 0]);
  assert.equal(await select(instrument, 0, 1_000), [
    [A, 100, 199],
    [B, 200, 299, A],
    [A, 300, 399],
  ]);
});

test('the live recording spans what its stream holds, and gives way to one whose gaps are counted', async () => {
  const instrument = await instrumentOf([A, 8_000_000, 9_499_999, 7]);
  await registerRecording(redis, instrument, { recording: 'live', kind: 'live' });
  assert.equal(await select(instrument, 0, 1e9), [[A, 8_000_000, 9_499_999]], 'an empty one spans nothing');
  for (const id of ['9000-0', '9999-3']) await redis.xadd(rawKey(instrument, 'live'), id, 'v', '1');
  assert.equal(await select(instrument, 0, 1e9), [
    [A, 8_000_000, 9_499_999, 'live'],
    ['live', 9_500_000, 9_999_999],
  ]);
});

test('closes', () => redis.disconnect());

test.run();
