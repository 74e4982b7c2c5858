import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { importFile } from '../../../services/importer/import-file.ts';
import type { ImportReport } from '../../../services/importer/import-report.ts';
import { testServers } from '../../support/servers.ts';
import { withEmptyRedis } from './empty-redis.ts';
import { type LoggedEvent, logContents } from './log-contents.ts';
import { withFile } from './scratch.ts';

const test = suite('services/importer/candles');

const { redisUrl } = await testServers('redis');
const INSTRUMENT = 'binance-usdm:BTCUSDT';
const START_MS = 1_700_000_100_000;
const MINUTE_MS = 60_000;
const ROWS = Array.from({ length: 100 }, (_, i) => `${START_MS + i * MINUTE_MS},100.${i % 10},101,99.5,100.5,${i}.25`);

async function imported(rows: readonly string[]): Promise<{ report: ImportReport; log: LoggedEvent[] }> {
  return withEmptyRedis(redisUrl, async (redis) => {
    const report = await withFile(`open_time,open,high,low,close,volume\n${rows.join('\n')}\n`, (file) =>
      importFile({ redis, file, instrument: INSTRUMENT }),
    );
    return { report, log: await logContents(redis, INSTRUMENT, report.recording) };
  });
}

const gapsIn = (log: readonly LoggedEvent[]): unknown[] =>
  log.filter((event) => event.channel === 'gap').map((event) => JSON.parse(event.payload));

test('imports every candle, received when it closed', async () => {
  const { report, log } = await imported(ROWS);
  assert.equal(report.events, { instrument: 1, kline_1m: 100 });
  assert.equal(report.gaps, {});
  assert.is(report.tickSize, '0.1');
  assert.is(report.stepSize, '0.01');
  assert.is(log[1]?.receiveTimeUs, (START_MS + MINUTE_MS - 1) * 1000);
});

test('marks candles that are missing, by their open times', async () => {
  const { report, log } = await imported(ROWS.filter((_, i) => i !== 40 && i !== 41 && i !== 70));
  assert.equal(report.events, { instrument: 1, kline_1m: 97 });
  assert.equal(gapsIn(log), [
    {
      channel: 'kline_1m',
      expected: String(START_MS + 40 * MINUTE_MS),
      found: String(START_MS + 42 * MINUTE_MS),
      reason: 'sequence',
    },
    {
      channel: 'kline_1m',
      expected: String(START_MS + 70 * MINUTE_MS),
      found: String(START_MS + 71 * MINUTE_MS),
      reason: 'sequence',
    },
  ]);
  assert.equal(report.gaps, { kline_1m: 2 });
});

test('marks a refused candle once, as refused', async () => {
  const { report, log } = await imported(ROWS.map((row, i) => (i === 40 ? row.replace('101', '9') : row)));
  assert.is(report.refusedTotal, 1);
  assert.equal(gapsIn(log), [{ channel: 'kline_1m', expected: null, found: null, reason: 'dead-letter' }]);
});

test('takes a candle that the file has twice only once', async () => {
  const { report } = await imported([...ROWS.slice(0, 50), ...ROWS.slice(49)]);
  assert.equal(report.events, { instrument: 1, kline_1m: 100 });
  assert.equal(report.duplicates, { kline_1m: 1 });
  assert.equal(report.gaps, {});
});

test.run();
