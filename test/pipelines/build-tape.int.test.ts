import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { connectRedis } from '../../infra/redis.ts';
import { ensureTape } from '../../pipelines/build-tape.ts';
import { readTapeFile } from '../../streams/tape/tape-file.ts';
import { appendEvents } from '../services/api/append-events.ts';
import { testInstrument, testServers } from '../support/servers.ts';
import { entriesOf } from './derive.ts';
import { madeMarket } from './made-market.ts';

const test = suite('pipelines/build-tape');
const { redisUrl } = await testServers('redis');

test('a span has one tape, built once; a longer one has another', async () => {
  const redis = await connectRedis(redisUrl);
  const instrument = testInstrument();
  const folder = mkdtempSync(join(tmpdir(), 'don-tapes-'));
  const ensure = (to?: string) => ensureTape({ redis, instrument, folder, ...(to === undefined ? {} : { to }) });
  try {
    assert.is(await ensure(), undefined, 'nothing is recorded');
    const market = madeMarket({ seed: 81, events: 600 });
    const entries = entriesOf(market, [4]);
    const append = async (part: typeof entries): Promise<void> => {
      for (const { entryId, events } of part)
        await appendEvents(
          redis,
          instrument,
          entryId,
          events.map(({ channel, payload }) => [channel, payload.toString()] as const),
        );
    };
    await append(entries.slice(0, 100));
    const first = await ensure();
    assert.is(await ensure(), first);
    assert.is(readdirSync(folder).length, 1);
    await append(entries.slice(100));
    assert.is(await ensure(entries[99]!.entryId), first, 'the span is what it was');
    const whole = await ensure();
    assert.is.not(whole, first);
    let events = 0;
    for await (const tape of readTapeFile(whole!)) events += tape.events;
    assert.is(events, market.filter(({ channel }) => channel !== 'bookTicker').length);
  } finally {
    rmSync(folder, { recursive: true });
    await redis.quit();
  }
});

test.run();
