import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { connectRedis } from '../../../infra/redis.ts';
import { createFindScale } from '../../../services/api/instrument-scale.ts';
import { encodeEntry } from '../../../streams/entry.ts';
import { LIVE, rawKey } from '../../../streams/keys.ts';
import { registerRecording } from '../../../streams/recordings.ts';
import { testInstrument, testServers } from '../../support/servers.ts';

const test = suite('services/api/instrument-scale');
const { redisUrl } = await testServers('redis');
const redis = await connectRedis(redisUrl);

async function record(
  instrument: string,
  recording: string,
  tickSize: string,
  { inferred, counts }: { readonly inferred: boolean; readonly counts: Readonly<Record<string, number>> },
): Promise<void> {
  const filters = [
    { filterType: 'PRICE_FILTER', tickSize },
    { filterType: 'LOT_SIZE', stepSize: '0.001' },
  ];
  const payload = Buffer.from(JSON.stringify({ symbol: 'X', inferred, filters }));
  const event = { channel: 'instrument', payload, receiveTimeUs: 1_000_000 };
  await redis.xadd(rawKey(instrument, recording), '1000-0', ...encodeEntry([event]));
  await registerRecording(redis, instrument, { recording, kind: recording === LIVE ? 'live' : 'import', counts });
}

const tickOf = async (instrument: string) => (await createFindScale(redis)(instrument))?.price.size;

test('a tick that was inferred of prices comes before one of mark prices, and what the venue says before both', async () => {
  const instrument = testInstrument();
  assert.is(await tickOf(instrument), undefined);
  await record(instrument, '000000000000', '0.00000001', { inferred: true, counts: { instrument: 1, markPrice: 9 } });
  assert.is(await tickOf(instrument), '0.00000001', 'better than nothing');
  await record(instrument, '111111111111', '0.1', { inferred: true, counts: { instrument: 1, kline_5m: 9 } });
  assert.is(await tickOf(instrument), '0.1');
  await record(instrument, '222222222222', '0.01', { inferred: false, counts: { instrument: 1, depth: 9 } });
  assert.is(await tickOf(instrument), '0.01');
});

test('closing', () => redis.disconnect());

test.run();
