import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type ImportOptions, importFile } from '../../../services/importer/import-file.ts';
import type { ImportProgress, ImportReport } from '../../../services/importer/import-report.ts';
import { createAppender } from '../../../streams/append.ts';
import { listDeadLetters } from '../../../streams/dead-letter.ts';
import { compareEntryIds } from '../../../streams/id.ts';
import { describeRecording, listInstruments } from '../../../streams/recordings.ts';
import { testServers } from '../../support/servers.ts';
import { withEmptyRedis } from './empty-redis.ts';
import { countBy, type LoggedEvent, logContents } from './log-contents.ts';
import { withFile } from './scratch.ts';
import { type CaptureLine, captureText, syntheticCapture } from './synthetic-capture.ts';

const test = suite('services/importer/import-file');

const { redisUrl } = await testServers('redis');
const INSTRUMENT = 'binance-usdm:BTCUSDT';

type Options = Partial<Omit<ImportOptions, 'redis' | 'file'>>;

interface Imported {
  readonly report: ImportReport;
  readonly log: LoggedEvent[];
  readonly deadLetters: { reason: string; payload: string; channel: string }[];
}

/** Imports the content into an empty Redis. */
async function imported(content: string | Uint8Array, options: Options = {}): Promise<Imported> {
  return withEmptyRedis(redisUrl, async (redis) => {
    return await withFile(content, async (file) => {
      const report = await importFile({ redis, file, instrument: INSTRUMENT, ...options });
      const deadLetters = await listDeadLetters(redis, report.instrument);
      return {
        report,
        log: await logContents(redis, report.instrument, report.recording),
        deadLetters: deadLetters.reverse(),
      };
    });
  });
}

/** Why the content is refused; nothing of it may be left behind. */
async function refusal(content: string | Uint8Array, options: Options = {}): Promise<string> {
  return withEmptyRedis(redisUrl, async (redis) => {
    const outcome = await withFile(content, (file) =>
      importFile({ redis, file, instrument: INSTRUMENT, ...options }).then(
        () => 'no refusal',
        (error: Error) => error,
      ),
    );
    if (typeof outcome === 'string') return outcome;
    if (outcome.name !== 'ImportRefusal') throw outcome;
    assert.equal(await redis.keys('*'), [], 'nothing was added');
    return outcome.message;
  });
}

const LINES = syntheticCapture(300);
const TEXT = captureText(LINES);
const COUNTS: Readonly<Record<string, number>> = { instrument: 1, ...countBy(LINES, (line) => line.channel) };
const at = (channel: CaptureLine['channel'], n: number): number =>
  LINES.map((line, i) => (line.channel === channel ? i : -1)).filter((i) => i >= 0)[n]!;
const changed = (index: number, change: (text: string) => string): string =>
  captureText(LINES.map((line, i) => (i === index ? { ...line, text: change(line.text) } : line)));
const payloadOf = ({ text }: CaptureLine): string => {
  const frame = text.slice(text.indexOf(' ') + 1);
  return frame.startsWith('{"stream"') ? frame.slice(frame.indexOf('"data":') + 7, -1) : frame;
};

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

const FAULTS: readonly {
  readonly what: string;
  readonly channel: CaptureLine['channel'];
  readonly change: (text: string) => string;
  readonly fault: readonly [channel: string | null, field: string, expected: RegExp, found: RegExp];
}[] = [
  {
    what: 'a truncated line',
    channel: 'depth',
    change: (text) => text.slice(0, -20),
    fault: ['depth', 'frame', /a whole JSON frame/, /…/],
  },
  { what: 'a line of nonsense', channel: 'depth', change: () => '%%%%', fault: [null, 'receive time', /ns/, /%%%%/] },
  {
    what: 'a price that is no number',
    channel: 'trade',
    change: (text) => text.replace(/"p":"3/, '"p":"x'),
    fault: ['trade', 'p', /a decimal/, /x0/],
  },
  {
    what: 'a negative quantity in a level',
    channel: 'depth',
    change: (text) => text.replace('"1.001"', '"-1.001"'),
    fault: ['depth', 'b[0][1]', /a decimal/, /-1\.001/],
  },
  {
    what: 'a missing field',
    channel: 'trade',
    change: (text) => text.replace(/"t":\d+,/, ''),
    fault: ['trade', 't', /an integer/, /nothing/],
  },
  {
    what: 'a missing predecessor',
    channel: 'depth',
    change: (text) => text.replace(/"pu":\d+,/, ''),
    fault: ['depth', 'pu', /update id of the event before/, /nothing/],
  },
  {
    what: 'a wrong symbol',
    channel: 'depth',
    change: (text) => text.replace('BTCUSDT', 'BTCUSDX'),
    fault: ['depth', 's', /BTCUSDT/, /BTCUSDX/],
  },
  {
    what: 'a receive time in another unit',
    channel: 'trade',
    change: (text) => text.replace(/^(\d{13})\d+/, '$1'),
    fault: [null, 'receive time', /a time in ns/, /^\d{13}$/],
  },
  {
    what: 'a receive time that goes back',
    channel: 'trade',
    change: (text) => text.replace(/^17/, '16'),
    fault: ['trade', 'receive time', /a time from/, /2020-/],
  },
  {
    what: 'a receive time that jumps ahead',
    channel: 'trade',
    change: (text) => text.replace(/^17/, '18'),
    fault: ['trade', 'receive time', /a time between/, /2027-/],
  },
  {
    what: 'an id beyond 2^53',
    channel: 'depth',
    change: (text) => text.replace(/"u":\d+/, '"u":99999999999999999'),
    fault: ['depth', 'u', /2\^53/, /9999/],
  },
];

for (const { what, channel, change, fault } of FAULTS)
  test(`refuses ${what}, names it, keeps it, and imports the rest`, async () => {
    const index = at(channel, 77);
    const { report, log, deadLetters } = await imported(changed(index, change));
    assert.is(report.refusedTotal, 1);
    const [line] = report.refused;
    const [faultChannel, field, expected, found] = fault;
    assert.is(line?.line, index + 1);
    assert.is(line?.channel, faultChannel);
    assert.is(line?.field, field);
    assert.match(line?.expected ?? '', expected);
    assert.match(line?.found ?? '', found);
    assert.is(report.events[channel], (COUNTS[channel] ?? 0) - 1);
    assert.equal(report.gaps, { [channel]: 1 }, 'and the chain shows the hole');
    assert.is(log.length, LINES.length + 1 - 1 + 1);
    assert.is(deadLetters.length, 1);
    assert.is(deadLetters[0]?.payload, change(LINES[index]!.text));
    assert.match(deadLetters[0]?.reason ?? '', `line ${index + 1}: ${field}: expected`);
  });

test('marks a refused event of a channel that has no chain', async () => {
  const index = at('bookTicker', 77);
  const { report, log } = await imported(changed(index, (text) => text.replace(/"B":"1/, '"B":"one')));
  assert.equal(report.gaps, { bookTicker: 1 });
  const gapAt = log.findIndex((event) => event.channel === 'gap');
  assert.equal(JSON.parse(log[gapAt]!.payload), {
    channel: 'bookTicker',
    expected: null,
    found: null,
    reason: 'dead-letter',
  });
  assert.is(log[gapAt + 1]?.payload, payloadOf(LINES[index + 1]!));
});

test('counts all refused lines, and names the first twenty of each kind', async () => {
  const bad = new Set(LINES.map((_, i) => i).filter((i) => LINES[i]!.channel === 'bookTicker' && i % 2 === 0));
  const text = captureText(LINES.map((line, i) => (bad.has(i) ? { ...line, text: line.text.slice(0, 60) } : line)));
  const { report, deadLetters } = await imported(text);
  assert.is(report.refusedTotal, bad.size);
  assert.equal(report.refusedKinds, [
    { channel: 'bookTicker', field: 'frame', expected: 'a whole JSON frame', count: bad.size },
  ]);
  assert.equal(
    report.refused.map(({ line }) => line - 1),
    [...bad].slice(0, 20),
  );
  assert.is(deadLetters.length, Math.min(100, bad.size));
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
