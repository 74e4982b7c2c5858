import type { Redis } from 'ioredis';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { exportDataset } from '../../../services/exporter/export-dataset.ts';
import type { Bound } from '../../../services/exporter/span.ts';
import { importFile } from '../../../services/importer/import-file.ts';
import { createAppender } from '../../../streams/append.ts';
import { LIVE } from '../../../streams/keys.ts';
import { registerRecording } from '../../../streams/recordings.ts';
import { testServers } from '../../support/servers.ts';
import { withEmptyRedis } from '../importer/empty-redis.ts';
import { logContents } from '../importer/log-contents.ts';
import { withFile } from '../importer/scratch.ts';
import { captureText, syntheticCapture } from '../importer/synthetic-capture.ts';

const test = suite('services/exporter/round-trip');

const { redisUrl } = await testServers('redis');
const INSTRUMENT = 'binance-usdm:BTCUSDT';

// With holes, a bad line, and a snapshot as REST answers it: the log has gaps of two kinds.
const LINES = syntheticCapture(400).filter((_, i) => i % 50 !== 7);
const TEXT = captureText(
  LINES.map((line, i) => (i === 300 ? { ...line, text: line.text.replace('"B":"1', '"B":"x') } : line)),
);

async function exported(redis: Redis, from?: Bound, to?: Bound, recording?: string): Promise<string> {
  const pieces: Uint8Array[] = [];
  const write = async (bytes: Uint8Array): Promise<void> => {
    pieces.push(bytes);
  };
  await exportDataset({
    redis,
    questdbUrl: undefined,
    dataset: 'raw',
    extent: { instrument: INSTRUMENT, recording, from, to },
    format: 'jsonl',
    output: { write, commit: async () => {}, abandon: async () => {} },
    say: () => {},
  });
  return Buffer.concat(pieces).toString();
}

const at = (timeUs: number): Bound => ({ timeUs, entryId: undefined });

async function withRecording(use: (redis: Redis, recording: string) => Promise<void>): Promise<void> {
  return withEmptyRedis(redisUrl, async (redis) => {
    const { recording } = await withFile(TEXT, (file) => importFile({ redis, file, instrument: INSTRUMENT }));
    await use(redis, recording);
  });
}

test('importing an export of the log gives the same log: entries, events, texts, times and gaps', async () => {
  await withRecording(async (redis, recording) => {
    const log = await logContents(redis, INSTRUMENT, recording);
    assert.ok(log.some((event) => event.channel === 'gap' && event.payload.includes('dead-letter')));
    assert.ok(log.some((event) => event.channel === 'gap' && event.payload.includes('sequence')));
    const text = await exported(redis);
    assert.is(text.trim().split('\n').length, log.length);
    await redis.flushdb();
    const report = await withFile(text, (file) => importFile({ redis, file, instrument: INSTRUMENT }));
    assert.is(report.format, 'export');
    assert.is(report.tickSize, '0.1', 'named by the instrument event in it');
    assert.is(report.refusedTotal, 0);
    assert.equal(report.duplicates, {});
    assert.equal(await logContents(redis, INSTRUMENT, report.recording), log);
    const again = await exported(redis);
    assert.is(again.replaceAll(report.recording, recording), text);
  });
});

test('the entries of a live recording keep their ids, which another clock gave them', async () => {
  await withEmptyRedis(redisUrl, async (redis) => {
    const appender = createAppender({ redis, instrument: INSTRUMENT });
    const event = (n: number) => ({
      channel: 'aggTrade',
      payload: `{"e":"aggTrade","E":${n},"a":${n},"s":"BTCUSDT","p":"1.5","q":"2","f":${n},"l":${n},"T":${n},"m":true}`,
      receiveTimeUs: 1_700_000_000_000_000 + n * 300,
    });
    for (let n = 1; n < 40; n += 3) await appender.append([event(n), event(n + 1), event(n + 2)]);
    await registerRecording(redis, INSTRUMENT, { recording: LIVE, kind: 'live' });
    const log = await logContents(redis, INSTRUMENT, LIVE);
    const text = await exported(redis, undefined, undefined, LIVE);
    const report = await withFile(text, (file) => importFile({ redis, file, instrument: INSTRUMENT }));
    const [first, ...events] = await logContents(redis, INSTRUMENT, report.recording);
    assert.is(first?.channel, 'instrument', 'inferred, as this log had none');
    assert.equal(events, log);
  });
});

test('an export of one instrument is not imported as another', async () => {
  await withRecording(async (redis) => {
    const text = await exported(redis);
    const error = await withFile(text, (file) => importFile({ redis, file, instrument: 'simulated:BTCUSDT' })).catch(
      (caught: Error) => caught,
    );
    assert.match((error as Error).message, `Import it with --instrument ${INSTRUMENT}.`);
  });
});

test('a time bounds the receive times: the first that counts, and the first that no longer does', async () => {
  await withRecording(async (redis, recording) => {
    const log = await logContents(redis, INSTRUMENT, recording);
    const [from, to] = [log[200]!.receiveTimeUs, log[700]!.receiveTimeUs];
    const expected = log.filter((event) => event.receiveTimeUs >= from && event.receiveTimeUs < to);
    const times = (text: string): number[] =>
      text
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line).receive_time);
    assert.equal(
      times(await exported(redis, at(from), at(to))),
      expected.map((event) => event.receiveTimeUs),
    );
    assert.equal(times(await exported(redis, at(from), at(to), recording)).length, expected.length);
    assert.is(await exported(redis, at(log.at(-1)!.receiveTimeUs + 1)), '');
  });
});

test('an entry bounds what lies before and behind it, itself included', async () => {
  await withRecording(async (redis, recording) => {
    const log = await logContents(redis, INSTRUMENT, recording);
    const bound = (entryId: string): Bound => ({ timeUs: Number(entryId.split('-')[0]) * 1000, entryId });
    const [from, to] = [log[200]!.entryId, log[700]!.entryId];
    const ids = (await exported(redis, bound(from), bound(to)))
      .trim()
      .split('\n')
      .map((line) => String(JSON.parse(line).entry_id).split(':')[0]);
    const first = log.findIndex((event) => event.entryId === from);
    const last = log.findLastIndex((event) => event.entryId === to);
    const expected = log.slice(first, last + 1);
    assert.equal(
      ids,
      expected.map((event) => event.entryId),
    );
  });
});

test.run();
