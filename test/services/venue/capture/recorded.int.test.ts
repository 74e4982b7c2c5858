import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { captureSource } from '../../../../services/venue/capture/capture-source.ts';
import { startVenue } from '../../../../services/venue/venue.ts';
import { until } from '../../../support/until.ts';
import { connect } from '../client.ts';
import { askDepth, isDone } from './capture-files.ts';

const SHARED = process.env['DON_SHARED_DATA'] ?? join(import.meta.dirname, '../../../../../shared/data');
const RECORDED = join(process.env['DON_CAPTURES'] ?? join(SHARED, 'captures'), 'usdm-btcusdt_20230404.gz');

test('plays a real recording byte for byte, its snapshot in its place', async () => {
  if (!existsSync(RECORDED)) {
    console.log(`SKIP: no recording at ${RECORDED}; set DON_SHARED_DATA`);
    return;
  }
  const frames = gunzipSync(readFileSync(RECORDED))
    .toString()
    .trimEnd()
    .split('\n')
    .map((line) => line.slice(line.indexOf(' ') + 1));
  const source = await captureSource({
    files: [RECORDED],
    pace: 'max',
    startWhen: 'manual',
    onError: (error) => assert.unreachable(error.message),
  });
  const venue = await startVenue({ source });
  const open = await connect(`${venue.wsUrl}/public/stream?streams=btcusdt@depth@0ms/btcusdt@bookTicker`);
  const market = await connect(`${venue.wsUrl}/market/stream?streams=btcusdt@trade/btcusdt@markPrice@1s`);
  const answer = until('an update', () => open.messages.some((text) => text.includes('depthUpdate'))).then(() =>
    askDepth(venue),
  );
  source.play();
  assert.is(
    await answer,
    frames.find((frame) => frame.startsWith('{"lastUpdateId"')),
  );
  await until('the end of the recording', () => isDone(venue));
  await until('all messages', () => open.messages.length + market.messages.length === frames.length - 1);
  const isPublic = (frame: string) => /@depth|@bookTicker/.test(frame);
  assert.equal(open.messages.join('\n') === frames.filter(isPublic).join('\n'), true);
  assert.equal(
    market.messages.join('\n') === frames.filter((frame) => /@trade|@markPrice/.test(frame)).join('\n'),
    true,
  );
  assert.equal(
    source.instruments.map(({ tickUnits, pricePrecision, quantityPrecision }) => [
      tickUnits,
      pricePrecision,
      quantityPrecision,
    ]),
    [[10, 2, 3]],
  );
  await venue.close();
});

test.run();
