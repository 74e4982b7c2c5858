// time limit: 600 s
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import type { Redis } from 'ioredis';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import yauzl from 'yauzl';
import { importFile } from '../../../services/importer/import-file.ts';
import type { ImportReport } from '../../../services/importer/import-report.ts';
import { rawKey } from '../../../streams/keys.ts';
import { testServers } from '../../support/servers.ts';
import { withEmptyRedis } from './empty-redis.ts';
import { countBy, type LoggedEvent, logContents } from './log-contents.ts';
import { hasSharedData, sharedFile } from './shared-data.ts';

const test = suite('services/importer/shared-files');

const { redisUrl } = hasSharedData ? await testServers('redis') : { redisUrl: '' };

const textOf = (name: string): string => {
  const bytes = readFileSync(sharedFile(name));
  return (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString();
};
const linesOf = (name: string): string[] =>
  textOf(name)
    .split('\n')
    .filter((line) => line.trim() !== '');

/** Imports the file twice into an empty Redis. */
async function imported(name: string, instrument: string): Promise<{ report: ImportReport; log: LoggedEvent[] }> {
  return withEmptyRedis(redisUrl, async (redis) => {
    const report = await importFile({ redis, file: sharedFile(name), instrument });
    const again = await importFile({ redis, file: sharedFile(name), instrument });
    assert.equal({ ...again, alreadyImported: false }, report, 'the second import adds nothing');
    assert.is(again.alreadyImported, true);
    return { report, log: await logContents(redis, instrument, report.recording) };
  });
}

interface Frame {
  readonly channel: string;
  readonly receiveTimeUs: number;
  readonly data: Record<string, unknown>;
}

/** A capture line, read without any of Don's code. */
function readFrame(line: string): Frame {
  const [time = ''] = line.split(' ');
  const json = JSON.parse(line.slice(time.length)) as { stream?: string; data?: Record<string, unknown> };
  const receiveTimeUs = Number(time.slice(0, 16));
  if (json.stream === undefined)
    return { channel: 'depthSnapshot', receiveTimeUs, data: json as Record<string, unknown> };
  return { channel: json.stream.split('@')[1]!, receiveTimeUs, data: json.data! };
}

/** How often the book's chain breaks in the file, as the venue's documents define it. */
function chainBreaks(frames: readonly Frame[], isSpot: boolean): number {
  const updates = frames.filter((frame) => frame.channel === 'depth').map((frame) => frame.data);
  return updates.filter((update, i) => {
    const before = updates[i - 1];
    if (before === undefined) return false;
    return isSpot ? update['U'] !== Number(before['u']) + 1 : update['pu'] !== before['u'];
  }).length;
}

const CAPTURES = [
  [
    'captures/usdm-btcusdt_20240808.gz',
    'binance-usdm:BTCUSDT',
    { depth: 6551, trade: 21313, bookTicker: 66089, depthSnapshot: 1 },
  ],
  [
    'captures/usdm-ethusdt_20240808.gz',
    'binance-usdm:ETHUSDT',
    { depth: 6586, trade: 14076, bookTicker: 53992, depthSnapshot: 1 },
  ],
  [
    'captures/usdm-btcusdt_20230404.gz',
    'binance-usdm:BTCUSDT',
    { depth: 4322, trade: 2197, bookTicker: 6765, depthSnapshot: 1, markPrice: 99 },
  ],
  [
    'captures/spot-btcusdt_20240808.gz',
    'binance-spot:BTCUSDT',
    { depth: 3451, trade: 9757, bookTicker: 28040, depthSnapshot: 1 },
  ],
] as const;

if (hasSharedData) {
  for (const [name, instrument, stated] of CAPTURES)
    test(`imports every frame of ${name}`, async () => {
      const frames = linesOf(name).map(readFrame);
      const { report, log } = await imported(name, instrument);
      assert.is(report.format, 'capture');
      assert.equal(report.events, { instrument: 1, ...countBy(frames, (frame) => frame.channel) });
      assert.equal(report.events, { instrument: 1, ...stated }, 'as the files were described');
      assert.is(report.recording, createHash('sha256').update(textOf(name)).digest('hex').slice(0, 12));
      assert.equal(report.gaps, {}, 'no chain is marked as broken');
      assert.is(chainBreaks(frames, instrument.startsWith('binance-spot')), 0, 'and none is');
      assert.is(report.refusedTotal, 0);
      const events = log.slice(1);
      assert.is(events.length, frames.length);
      for (const [i, { channel, payload, receiveTimeUs }] of events.entries()) {
        const frame = frames[i]!;
        const isSame = channel === frame.channel && receiveTimeUs === frame.receiveTimeUs;
        assert.ok(isSame && JSON.stringify(JSON.parse(payload)) === JSON.stringify(frame.data), `event ${i}`);
      }
      assert.is(report.fromUs, frames[0]?.receiveTimeUs);
      assert.is(report.toUs, frames.at(-1)?.receiveTimeUs);
    });

  test('marks exactly the breaks of a capture from which lines are missing', async () => {
    const name = 'captures/usdm-btcusdt_20240808.gz';
    const lines = linesOf(name);
    // Every 97th line is lost, so that depth and trades lose some and some of those in a row.
    const kept = lines.filter((_, i) => i % 97 !== 0 && i % 97 !== 1);
    const frames = kept.map(readFrame);
    const trades = frames.filter((frame) => frame.channel === 'trade').map((frame) => Number(frame.data['t']));
    const tradeBreaks = trades.filter((id, i) => i > 0 && id !== trades[i - 1]! + 1).length;
    await withEmptyRedis(redisUrl, async (redis) => {
      const { withFile } = await import('./scratch.ts');
      const report = await withFile(`${kept.join('\n')}\n`, (file) =>
        importFile({ redis, file, instrument: 'binance-usdm:BTCUSDT' }),
      );
      assert.equal(report.gaps, { depth: chainBreaks(frames, false), trade: tradeBreaks });
      assert.ok((report.gaps['depth'] ?? 0) > 50);
      assert.equal(report.events, { instrument: 1, ...countBy(frames, (frame) => frame.channel) });
    });
  });

  test('imports one instrument of frames of many, and counts the others', async () => {
    const frames = linesOf('frames/usdm_streams.txt').map((line) => JSON.parse(line.slice(line.indexOf(' '))));
    const symbols = countBy(frames, ({ data }) => `binance-usdm:${data.s ?? data.o.s}`);
    for (const instrument of [
      'binance-usdm:BTCUSDT',
      'binance-usdm:ETHUSDT',
      'binance-usdm:牛来USDT',
      'binance-usdm:SOONUSDT',
    ]) {
      const { report } = await imported('frames/usdm_streams.txt', instrument);
      const { [instrument]: ours, ...others } = symbols;
      const { instrument: _, ...events } = report.events;
      assert.is(
        Object.values(events).reduce((sum, count) => sum + count, 0),
        ours,
        instrument,
      );
      assert.equal(report.otherInstrument, others);
      assert.is(report.refusedTotal, 0);
    }
  });

  test('never takes COIN-M for USD-M', async () => {
    const { report } = await imported('frames/extra_live_frames.jsonl', 'binance-usdm:BTCUSDT');
    assert.equal(report.events, { instrument: 1, aggTrade: 1 });
    assert.equal(report.otherInstrument, { 'binance-coinm:BTCUSD_PERP': 5, 'binance-usdm:ILVUSDT': 1 });
  });

  test('sorts isolated messages of several markets', async () => {
    const usdm = await imported('frames/parser_messages.jsonl', 'binance-usdm:BTCUSDT');
    const { kline_1M: _, ...events } = usdm.report.events;
    assert.equal(events, { instrument: 1, aggTrade: 1, markPrice: 2, depth: 1, kline_1m: 1, openInterest: 1 });
    assert.equal(usdm.report.unsupported, { 'stream !ticker@arr': 1, 'stream TICKER_ALL': 1 });
    const snapshots = usdm.report.refused.filter((line) => line.channel === 'depthSnapshot');
    assert.equal(
      snapshots.map((line) => line.line),
      [45, 47],
      'snapshots that do not say of what, in a file of many',
    );
    const spot = await imported('frames/parser_messages.jsonl', 'binance-spot:BTCUSDT');
    assert.is(spot.report.events['aggTrade'], 1);
    assert.is(spot.report.events['bookTicker'], 1);
  });

  test('imports a recorded REST answer', async () => {
    for (const symbol of ['SUSHIUSDT', 'AKROUSDT', 'KEEPUSDT', 'CTKUSDT']) {
      const { report, log } = await imported('frames/usdm_rest_2021.http', `binance-usdm:${symbol}`);
      assert.equal(report.events, { instrument: 1, depthSnapshot: 1 });
      const line = linesOf('frames/usdm_rest_2021.http').find((text) => text.includes(symbol))!;
      assert.is(log[1]?.payload, line.slice(line.indexOf(': {') + 2));
    }
  });

  test('imports an archive of aggTrades, every row', async () => {
    const name = 'vision/futures-APEUSDT-aggTrades-2024-10-18.zip';
    const [header, ...rows] = (await unzipped(sharedFile(name))).trim().split('\n');
    assert.ok(header?.startsWith('agg_trade_id'));
    const { report, log } = await imported(name, 'binance-usdm:APEUSDT');
    assert.equal(report.events, { instrument: 1, aggTrade: 45_342 });
    const ids = rows.map((row) => Number(row.split(',')[0]));
    assert.equal(report.gaps, {});
    assert.is(ids.filter((id, i) => i > 0 && id !== ids[i - 1]! + 1).length, 0);
    for (const [i, row] of rows.entries()) {
      const [a, p, q, f, l, T, m] = row.trim().split(',');
      assert.is(log[i + 1]?.payload, `{"a":${a},"p":"${p}","q":"${q}","f":${f},"l":${l},"T":${T},"m":${m}}`);
    }
  });

  for (const [name, channel, rows] of [
    ['klines/usdm-BTCUSDT-5m-2023-2024.csv.gz', 'kline_5m', 210_240],
    ['klines/usdm-BTCUSDT-1m-2023-07-18_2023-08-17.csv.gz', 'kline_1m', 43_199],
  ] as const)
    test(`imports every candle of ${name}`, async () => {
      const { report, log } = await imported(name, 'binance-usdm:BTCUSDT');
      const expected = linesOf(name)
        .slice(1)
        .map((line) => line.split(','));
      assert.equal(report.events, { instrument: 1, [channel]: rows });
      assert.is(expected.length, rows);
      assert.equal(report.gaps, {});
      const minutes = channel === 'kline_5m' ? 5 : 1;
      for (const [i, [time, open, high, low, close, volume]] of expected.entries()) {
        const closeTime = Number(time) + minutes * 60_000 - 1;
        const payload = `[${time},"${open}","${high}","${low}","${close}","${volume}",${closeTime},null,null,null,null,"0"]`;
        if (log[i + 1]?.payload !== payload) assert.is(log[i + 1]?.payload, payload);
      }
    });

  test('imports an archive of candles', async () => {
    const { report } = await imported('vision/futures-um-klines-BTCUSDT-1h-2024-10-28.zip', 'binance-usdm:BTCUSDT');
    assert.equal(report.events, { instrument: 1, kline_1h: 24 });
  });

  test('imports funding rates', async () => {
    const name = 'klines/usdm-BTCUSDT-funding-2023-2024.csv.gz';
    const { report, log } = await imported(name, 'binance-usdm:BTCUSDT');
    assert.equal(report.events, { instrument: 1, fundingRate: 2193 });
    const rates = log.slice(1).map(({ payload }) => Number(JSON.parse(payload).fundingRate));
    const expected = linesOf(name)
      .slice(1)
      .map((line) => Number(line.split(',')[1]));
    assert.equal(rates, expected);
  });

  test('imports the liquidations of one symbol, each once', async () => {
    const name = 'liquidations/forceorder_2025-01_02.csv';
    const rows = linesOf(name).map((line) => line.split(','));
    for (const symbol of ['BTC', 'ACH', 'BTCUSDC']) {
      const ours = rows.filter(([s]) => s === symbol);
      // The last column is computed by the recorder, which wrote some rows twice with it in another unit.
      const distinct = new Set(ours.map((row) => row.slice(0, 11).join()));
      const instrument = `binance-usdm:${symbol.endsWith('USDC') ? symbol : `${symbol}USDT`}`;
      const { report } = await imported(name, instrument);
      assert.equal(report.events, { instrument: 1, forceOrder: distinct.size });
      assert.equal(report.duplicates, { forceOrder: ours.length - distinct.size });
      assert.is(report.refusedTotal, 0);
    }
  });

  test('is the same log after a kill in the middle and a second run', async () => {
    const name = 'captures/usdm-btcusdt_20240808.gz';
    const instrument = 'binance-usdm:BTCUSDT';
    const { report, log } = await imported(name, instrument);
    await withEmptyRedis(redisUrl, async (redis) => {
      for (const entries of [1, 15_000]) {
        await redis.flushdb();
        await killWhenWritten(redis, rawKey(instrument, report.recording), entries, name, instrument);
        const again = await importFile({ redis, file: sharedFile(name), instrument });
        assert.equal(again, report);
        const logAgain = await logContents(redis, instrument, again.recording);
        assert.is(logAgain.length, log.length);
        assert.is(JSON.stringify(logAgain) === JSON.stringify(log), true);
      }
    });
  });
}

async function unzipped(file: string): Promise<string> {
  const zip = await yauzl.openPromise(file, { lazyEntries: true });
  for await (const entry of zip.eachEntry()) return text(await zip.openReadStreamPromise(entry));
  return '';
}

async function killWhenWritten(
  redis: Redis,
  key: string,
  entries: number,
  name: string,
  instrument: string,
): Promise<void> {
  const script = join(import.meta.dirname, 'import-process.ts');
  const args = [script, redisUrl, sharedFile(name), instrument, key, String(entries)];
  const child = spawn(process.execPath, args, { stdio: 'ignore' });
  const [, signal] = await once(child, 'exit');
  assert.is(signal, 'SIGKILL');
  const written = await redis.xlen(key);
  assert.ok(written >= entries && written < 38_000, `killed in the middle: ${written} entries`);
}

test.run();
