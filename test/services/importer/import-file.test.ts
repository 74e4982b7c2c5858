import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { importFile } from '../../../services/importer/import-file.ts';
import type { ImportProgress } from '../../../services/importer/import-report.ts';
import { createAppender } from '../../../streams/append.ts';
import { listDeadLetters } from '../../../streams/dead-letter.ts';
import { compareEntryIds } from '../../../streams/id.ts';
import { describeRecording, listInstruments } from '../../../streams/recordings.ts';
import { withEmptyRedis } from './empty-redis.ts';
import { at, COUNTS, changed, INSTRUMENT, imported, LINES, payloadOf, redisUrl, refusal, TEXT } from './imported.ts';
import { logContents } from './log-contents.ts';
import { withFile } from './scratch.ts';
import { captureText, syntheticCapture } from './synthetic-capture.ts';
import { zipOf } from './zip-file.ts';

const test = suite('services/importer/import-file');

test('puts every event into the log, with its exact text and receive time, in order', async () => {
  const { report, log } = await imported(TEXT);
  assert.equal(report.events, COUNTS);
  assert.is(report.refusedTotal, 0);
  assert.equal(report.gaps, {});
  const [first, ...events] = log;
  assert.equal(JSON.parse(first!.payload), {
    symbol: 'BTCUSDT',
    inferred: true,
    filters: [
      { filterType: 'PRICE_FILTER', tickSize: '0.1' },
      { filterType: 'LOT_SIZE', stepSize: '0.001' },
    ],
  });
  assert.equal(
    events.map(({ channel, payload }) => `${channel} ${payload}`),
    LINES.map((line) => `${line.channel} ${payloadOf(line)}`),
  );
  assert.equal(
    events.map((event) => event.receiveTimeUs),
    LINES.map((line) => Number(line.text.split(' ')[0]!.slice(0, -3))),
  );
  for (const [i, event] of log.entries()) {
    assert.is(Number(event.entryId.split('-')[0]), Math.floor(event.receiveTimeUs / 1000));
    if (i > 0) assert.ok(compareEntryIds(event.entryId, log[i - 1]!.entryId) >= 0);
  }
  assert.is(report.fromUs, events[0]!.receiveTimeUs);
  assert.is(report.toUs, events.at(-1)!.receiveTimeUs);
});

test('names the recording by the unpacked content', async () => {
  const name = createHash('sha256').update(TEXT).digest('hex').slice(0, 12);
  assert.is((await imported(TEXT)).report.recording, name);
  assert.is((await imported(gzipSync(TEXT))).report.recording, name);
  assert.is.not((await imported(TEXT, { tickSize: '0.01' })).report.recording, name);
});

test('adds nothing when the file is imported a second time, and says so', async () => {
  await withEmptyRedis(redisUrl, async (redis) => {
    const bad = changed(40, () => 'nonsense');
    await withFile(bad, async (file) => {
      const first = await importFile({ redis, file, instrument: INSTRUMENT });
      const keys = (await redis.keys('*')).sort();
      const before = await Promise.all(keys.map((key) => redis.dump(key)));
      const second = await importFile({ redis, file, instrument: INSTRUMENT });
      assert.is(first.alreadyImported, false);
      assert.is(second.alreadyImported, true);
      assert.equal({ ...second, alreadyImported: false }, first);
      assert.equal((await redis.keys('*')).sort(), keys);
      assert.equal(await Promise.all(keys.map((key) => redis.dump(key))), before, 'not a byte of Redis has changed');
    });
  });
});

test('begins anew after an interruption, and leaves nothing twice', async () => {
  // More than one piece of the file is read, and the bad line lies in the first.
  const many = syntheticCapture(3_000);
  const text = captureText(many.map((line, i) => (i === 5 ? { ...line, text: 'nonsense' } : line)));
  const whole = await imported(text);
  await withEmptyRedis(redisUrl, async (redis) => {
    await withFile(text, async (file) => {
      const stop = new AbortController();
      const onProgress = ({ phase, events }: ImportProgress): void => {
        if (phase === 'append' && events > 0) stop.abort(new Error('stopped'));
      };
      const interrupted = await importFile({
        redis,
        file,
        instrument: INSTRUMENT,
        signal: stop.signal,
        onProgress,
      }).catch((error: Error) => error.message);
      assert.is(interrupted, 'stopped');
      const part = await logContents(redis, INSTRUMENT, whole.report.recording);
      assert.ok(part.length > 0 && part.length < whole.log.length, `${part.length} of ${whole.log.length} events`);
      assert.is((await listDeadLetters(redis, INSTRUMENT)).length, 1);
      const report = await importFile({ redis, file, instrument: INSTRUMENT });
      assert.equal({ ...report, file: '' }, { ...whole.report, file: '' });
      assert.equal(await logContents(redis, INSTRUMENT, report.recording), whole.log);
      assert.is((await listDeadLetters(redis, INSTRUMENT)).length, 1);
    });
  });
});

test('one of two imports of a file at the same time waits for the other, and adds nothing', async () => {
  await withEmptyRedis(redisUrl, async (redis) => {
    await withFile(TEXT, async (file) => {
      const run = () => importFile({ redis, file, instrument: INSTRUMENT });
      const reports = await Promise.all([run(), run()]);
      assert.equal(reports.map((report) => report.alreadyImported).sort(), [false, true]);
      assert.is((await logContents(redis, INSTRUMENT, reports[0].recording)).length, LINES.length + 1);
      assert.equal(await redis.keys('don:status:*'), []);
    });
  });
});

test('makes the recording known, and derives before it counts as complete', async () => {
  await withEmptyRedis(redisUrl, async (redis) => {
    const derived: string[] = [];
    await withFile(TEXT, async (file) => {
      const derive = async (instrument: string, recording: string): Promise<void> => {
        derived.push(`${instrument} ${recording}`);
        if (derived.length === 1) throw new Error('QuestDB is away');
      };
      const run = () => importFile({ redis, file, instrument: INSTRUMENT, derive });
      const error = await run().catch((caught: Error) => caught);
      assert.ok(error instanceof Error && error.message === 'QuestDB is away');
      const report = await run();
      assert.is(report.alreadyImported, false);
      assert.equal(derived, [`${INSTRUMENT} ${report.recording}`, `${INSTRUMENT} ${report.recording}`]);
      assert.is((await run()).alreadyImported, true);
      assert.is(derived.length, 2);
      assert.equal(await listInstruments(redis), [INSTRUMENT]);
      const recording = await describeRecording(redis, INSTRUMENT, report.recording);
      assert.is(recording?.kind, 'import');
      assert.is(recording?.fromUs, report.fromUs);
      assert.equal(recording?.counts, { ...COUNTS, gap: 0 });
    });
  });
});

test('marks a hole where one is, with what was expected and found', async () => {
  const gone = new Set([at('depth', 100), at('depth', 101), at('trade', 50), at('bookTicker', 20)]);
  const { report, log } = await imported(captureText(LINES.filter((_, i) => !gone.has(i))));
  assert.equal(report.gaps, { depth: 1, trade: 1 });
  assert.equal(report.events, { ...COUNTS, depth: 298, trade: 299, bookTicker: 299 });
  const gaps = log.filter((event) => event.channel === 'gap').map((event) => JSON.parse(event.payload));
  assert.equal(gaps, [
    { channel: 'trade', expected: '551', found: '552', reason: 'sequence' },
    { channel: 'depth', expected: '1005', found: '1025', reason: 'sequence' },
  ]);
  const gapAt = log.findIndex((event) => event.channel === 'gap' && event.payload.includes('"depth"'));
  assert.is(log[gapAt + 1]?.payload, payloadOf(LINES[at('depth', 102)]!), 'in front of the event after the hole');
});

test('takes an event that the file has twice only once', async () => {
  const twice = [at('depth', 10), at('trade', 10), at('bookTicker', 10), at('markPrice', 10), at('depthSnapshot', 0)];
  const text = captureText(LINES.flatMap((line, i) => (twice.includes(i) ? [line, line] : [line])));
  const { report } = await imported(text);
  assert.equal(report.events, COUNTS);
  assert.equal(report.duplicates, { depth: 1, trade: 1, bookTicker: 1, markPrice: 1, depthSnapshot: 1 });
  assert.equal(report.gaps, {});
  assert.is(report.refusedTotal, 0);
});

test('imports a recording without one of its channels', async () => {
  const { report } = await imported(captureText(LINES.filter((line) => line.channel !== 'depth')));
  const { depth, ...others } = COUNTS;
  assert.is(depth, 300);
  assert.equal(report.events, others);
  assert.equal(report.gaps, {});
});

test('imports the readable part of data that are cut short, and says so', async () => {
  const packed = gzipSync(TEXT);
  const { report } = await imported(packed.subarray(0, packed.length >> 1));
  assert.match(report.cutShort ?? '', 'the gzip data end before their end');
  assert.is(report.refusedTotal, 1, 'the last line is cut too');
  assert.ok(report.lines > 100 && report.lines < LINES.length);
});

test('finds the snapshot of the instrument among those of several, by its prices', async () => {
  const other = LINES.map(({ channel, text }) => ({
    channel,
    text: text
      .replaceAll('BTCUSDT', 'ETHUSDT')
      .replaceAll('btcusdt', 'ethusdt')
      .replaceAll(/"(3|4)0(\d{3})/g, '"2$2'),
  }));
  const both = LINES.flatMap((line, i) => [line, other[i]!]);
  for (const instrument of ['binance-usdm:BTCUSDT', 'binance-usdm:ETHUSDT']) {
    const { report, log } = await imported(captureText(both), { instrument });
    assert.equal(report.events, COUNTS);
    assert.is(report.refusedTotal, 1);
    assert.is(report.refused[0]?.channel, 'depthSnapshot');
    const snapshots = log.filter((event) => event.channel === 'depthSnapshot');
    assert.is(snapshots.length, 1);
    assert.is(snapshots[0]?.payload.includes('"30000.30"'), instrument.endsWith('BTCUSDT'));
    assert.is(Object.keys(report.otherInstrument).length, 1);
  }
});

test('does not take the archive of one symbol for another', async () => {
  const rows = '1,0.7097,19.0,1,1,1729209603958,false\n2,0.7096,2.0,2,2,1729209604056,true\n';
  const zip = zipOf({ 'APEUSDT-aggTrades-2024-10-18.csv': rows });
  assert.match(await refusal(zip), 'Import it with --instrument binance-usdm:APEUSDT.');
  assert.is((await imported(zip, { instrument: 'binance-usdm:APEUSDT' })).report.events['aggTrade'], 2);
});

test('keeps to the sizes that it is given', async () => {
  const { report, log } = await imported(TEXT, { tickSize: '0.1', stepSize: '0.002' });
  assert.is(report.tickSize, '0.1');
  assert.is(report.stepSize, '0.002');
  assert.match(log[0]!.payload, '"stepSize":"0.002"');
  assert.is(report.events['depth'], undefined, '1.001 is no multiple of 0.002');
  assert.is(
    report.refusedKinds.find((kind) => kind.channel === 'depth')?.expected,
    'a decimal that is a multiple of 0.002',
  );
  assert.match(await refusal(TEXT, { tickSize: '-1' }), 'tickSize: expected a positive decimal');
});

test('takes the sizes that the venue told the live recorder, where every number fits them', async () => {
  const told = (tickSize: string): string =>
    JSON.stringify({
      symbol: 'BTCUSDT',
      filters: [
        { filterType: 'PRICE_FILTER', tickSize },
        { filterType: 'LOT_SIZE', stepSize: '0.001' },
        { filterType: 'MIN_NOTIONAL', notional: '100' },
      ],
    });
  for (const [tickSize, expected] of [
    ['0.05', '0.05'],
    ['0.30', '0.1'],
  ] as const) {
    await withEmptyRedis(redisUrl, async (redis) => {
      await createAppender({ redis, instrument: INSTRUMENT }).append([
        { channel: 'instrument', payload: told(tickSize), receiveTimeUs: 1_700_000_000_000_000 },
      ]);
      const report = await withFile(TEXT, (file) => importFile({ redis, file, instrument: INSTRUMENT }));
      assert.is(report.tickSize, expected);
      const [first] = await logContents(redis, INSTRUMENT, report.recording);
      assert.is(first?.payload.includes('MIN_NOTIONAL'), expected === tickSize);
    });
  }
});

test('refuses a file with nothing usable, with what to do', async () => {
  assert.match(
    await refusal(TEXT, { instrument: 'binance-usdm:ETHUSDT' }),
    'Import it with --instrument binance-usdm:BTCUSDT.',
  );
  assert.match(await refusal(TEXT, { instrument: 'BTCUSDT' }), 'expected venue:SYMBOL');
  assert.match(await refusal('hello\nworld\n'), 'found a file that begins with: hello');
  const bare = captureText(LINES.filter((line) => line.channel !== 'depthSnapshot'));
  assert.match(
    await refusal(bare.replaceAll('"data"', '"datum"')),
    'none of its 930 lines can be imported. Line 1: data',
  );
  assert.match(await refusal(TEXT, { format: 'klines' }), 'expected klines, found capture');
});

test.run();
