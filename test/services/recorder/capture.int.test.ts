import { createReadStream, existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { captureSource } from '../../../services/venue/capture/capture-source.ts';
import { until } from '../../support/until.ts';
import { INSTRUMENT, withRig } from './rig.ts';

const test = suite('services/recorder/capture.int');

const ROOT = process.env['DON_SHARED_DATA'] ?? resolve(import.meta.dirname, '../../../../shared/data');
const FILE = join(ROOT, 'captures', 'usdm-btcusdt_20230404.gz');

async function payloadsOf(file: string): Promise<Map<string, string[]>> {
  const payloads = new Map<string, string[]>();
  for await (const line of createInterface({ input: createReadStream(file).pipe(createGunzip()) })) {
    const match = /"stream":"[^@]+@(\w+)[^"]*","data":/.exec(line);
    if (match === null) continue;
    const channel = match[1]!;
    const list = payloads.get(channel) ?? [];
    list.push(line.slice(match.index + match[0].length, -1));
    payloads.set(channel, list);
  }
  return payloads;
}

if (!existsSync(FILE)) console.log(`SKIP: no recording ${FILE}; set DON_SHARED_DATA to the folder of the shared data.`);
else
  test('a capture replayed as fast as it goes is in the log byte for byte, its snapshot at a place where it fits', async () => {
    const source = await captureSource({
      files: [FILE],
      pace: 'max',
      onError: (error) => {
        throw error;
      },
    });
    const channels = ['depth', 'bookTicker', 'trade', 'markPrice'];
    const expected = await payloadsOf(FILE);
    await withRig({ venue: { source }, settings: { channels } }, async ({ recorder, log }) => {
      await until('the end of the capture', () => source.state()['isDone'] === true);
      const { counts } = recorder.instruments.get(INSTRUMENT)!;
      await until('the last of it', () =>
        channels.every((channel) => counts.of(channel).events >= expected.get(channel)!.length),
      );
      await recorder.end();
      const events = await log();
      for (const channel of channels) {
        const recorded = events.filter((event) => event.channel === channel).map((event) => event.payload);
        assert.is(recorded.length, expected.get(channel)!.length, channel);
        assert.ok(
          recorded.every((payload, place) => payload === expected.get(channel)![place]),
          `${channel}: bytes`,
        );
      }
      assert.equal(
        events.filter((event) => event.channel === 'gap').map(({ payload }) => payload),
        [],
      );
      assert.is(events.filter((event) => event.channel === 'depthSnapshot').length, 1);
    });
  });

test.run();
