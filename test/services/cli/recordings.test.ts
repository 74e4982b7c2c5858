import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { connectRedis } from '../../../infra/redis.ts';
import { runDon } from '../../support/run-don.ts';
import { testInstrument, testServers } from '../../support/servers.ts';
import { captureText, syntheticCapture } from '../importer/synthetic-capture.ts';

const test = suite('services/cli/recordings');

const { redisUrl, questdbUrl, questdbPgUrl } = await testServers('redis', 'questdb');
const instrument = testInstrument();
const symbol = instrument.slice(instrument.indexOf(':') + 1);
const folder = mkdtempSync(join(tmpdir(), 'don-recordings-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

const LINES = syntheticCapture(300).map((line) => ({
  ...line,
  text: line.text.replace('"BTCUSDT"', `"${symbol}"`).replace('btcusdt@', `${symbol.toLowerCase()}@`),
}));
// One trade is missing, one line is broken.
const lostTrade = LINES.findIndex((line, i) => i > 300 && line.channel === 'trade');
const brokenLine = LINES.findIndex((line, i) => i > 400 && line.channel === 'bookTicker');
const TEXT = captureText(
  LINES.map((line, i) => (i === brokenLine ? { ...line, text: 'broken' } : line)).filter((_, i) => i !== lostTrade),
);

const DON = {
  home: join(folder, 'home'),
  cwd: folder,
  env: { DON_REDIS_URL: redisUrl, DON_QUESTDB_URL: questdbUrl, DON_QUESTDB_PG_URL: questdbPgUrl },
};
const don = (...args: string[]) => runDon(args, DON);

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const capture = file('capture.txt', TEXT);
let recording = '';

test('imports with a report in words, and once more with nothing to add', async () => {
  const first = await don('import', capture, '--instrument', instrument);
  assert.is(first.status, 0, first.stderr);
  assert.match(first.stdout, /capture\.txt → recording [0-9a-f]{12} of simulated:/);
  assert.match(first.stdout, /gaps +trade 1\n/);
  assert.match(first.stdout, `line ${brokenLine}: receive time: expected a time in ns, found broken`);
  recording = /recording ([0-9a-f]{12})/.exec(first.stdout)![1]!;
  const second = await don('import', capture, '--instrument', instrument, '--json');
  assert.is(second.status, 0);
  const { imported, refused } = JSON.parse(second.stdout);
  assert.equal(refused, []);
  assert.is(imported[0].alreadyImported, true);
  assert.is(imported[0].recording, recording);
  assert.is(imported[0].refusedTotal, 1);
});

test('imports what it can of several files, and says what it cannot', async () => {
  const cut = gzipSync(captureText(LINES));
  const { status, stdout, stderr } = await don(
    'import',
    file('nonsense.txt', 'hello\n'),
    file('cut.gz', cut.subarray(0, cut.length >> 1)),
    '--instrument',
    instrument,
    '--json',
  );
  assert.is(status, 2);
  const { imported, refused } = JSON.parse(stdout);
  assert.is(imported.length, 1);
  assert.match(imported[0].cutShort, 'the gzip data end before their end');
  assert.is(refused.length, 1);
  assert.match(refused[0], 'nonsense.txt: expected a recording');
  assert.match(stderr, 'nonsense.txt: expected a recording');
  const again = await don('import', join(folder, 'cut.gz'), '--instrument', instrument);
  assert.is(again.status, 1, 'a part is not the whole');
  assert.match(again.stdout, 'cut short');
});

test('refuses bad usage with what was expected and found', async () => {
  const cases: readonly (readonly [args: string[], says: string])[] = [
    [['import', '--instrument', instrument], 'expected a FILE, found none'],
    [['import', capture], '--instrument: expected venue:SYMBOL'],
    [['import', capture, '--instrument', 'BTCUSDT'], 'expected venue:SYMBOL such as'],
    [['import', capture, '--instrument', instrument, '--format', 'xml'], '--format: expected one of capture'],
    [['import', capture, '--instrument', instrument, '--tick-size', 'tiny'], 'tickSize: expected a positive decimal'],
    [['export', 'trade', '--instrument', instrument], 'did you mean trades?'],
    [['export', 'ledger'], '--account: expected one'],
    [['export', 'raw', '--instrument', instrument, '--from', 'noon'], '--from: expected a time such as'],
    [['export', 'raw', '--instrument', instrument, '--recording', 'abc'], `has no recording "abc"`],
    [['replay', '--instrument', instrument, '--speed', 'fast'], '--speed: expected a number above 0, or max'],
    [['gaps', '--instrument', instrument, '--to', '2020-01-01', '--from', '2021-01-01'], '--to: expected a time after'],
  ];
  for (const [args, says] of cases) {
    const { status, stdout, stderr } = await don(...args);
    assert.is(status, 2, args.join(' '));
    assert.match(stderr, says);
    assert.is(stdout, '');
  }
});

test('replays the log as JSON lines, at the pace that is asked for', async () => {
  const all = await don('replay', '--instrument', instrument, '--recording', recording);
  const lines = all.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.is(lines.length, LINES.length - 2 + 2, 'all but two, with the instrument and a gap');
  assert.equal(Object.keys(lines[0]), ['entry_id', 'symbol', 'recording', 'channel', 'receive_time', 'payload']);
  const [from, to] = [lines[100].receive_time, lines[600].receive_time];
  const span = ['--from', new Date(from / 1000).toISOString(), '--to', new Date(to / 1000).toISOString()];
  const started = performance.now();
  const paced = await don('replay', '--instrument', instrument, '--recording', recording, ...span, '--speed', '0.5');
  const tookMs = performance.now() - started;
  assert.ok(tookMs >= ((to - from) / 1000) * 2 - 50, `${tookMs} ms for ${(to - from) / 1000} ms at half the pace`);
  assert.ok(paced.stdout.split('\n').length > 400);
});

test('exports to a file that appears whole, and to stdout', async () => {
  const path = join(folder, 'trades.csv');
  const { status, stdout, stderr } = await don(
    'export',
    'trades',
    '--instrument',
    instrument,
    '--recording',
    recording,
    '--out',
    path,
  );
  assert.is(status, 0, stderr);
  assert.is(stdout, '');
  assert.match(stderr, `299 rows in ${path}`);
  const rows = readFileSync(path, 'utf8').trim().split('\n');
  assert.is(rows.length, 300);
  assert.match(rows[0]!, 'ts,symbol,recording,receive_time,entry_id,trade_id,price');
  const piped = await don('export', 'trades', '--instrument', instrument, '--recording', recording);
  assert.is(piped.stdout, readFileSync(path, 'utf8'));
  const json = await don(
    'export',
    'trades',
    '--instrument',
    instrument,
    '--recording',
    recording,
    '--out',
    path,
    '--json',
  );
  assert.is(JSON.parse(json.stdout).rows, 299);
  const parquet = join(folder, 'book.parquet');
  await don('export', 'book_top', '--instrument', instrument, '--recording', recording, '--out', parquet);
  assert.is(readFileSync(parquet).subarray(0, 4).toString(), 'PAR1');
  const nowhere = await don('export', 'raw', '--instrument', instrument, '--out', join(folder, 'none', 'x.jsonl'));
  assert.is(nowhere.status, 1);
  assert.match(nowhere.stderr, 'its folder does not exist: make it first');
});

test('lists gaps in columns, and as JSON', async () => {
  const { status, stdout } = await don('gaps', '--instrument', instrument, '--recording', recording);
  assert.is(status, 0);
  assert.match(stdout, `${instrument}: 1 gap (trade 1)`);
  assert.match(stdout, /CHANNEL +REASON +EXPECTED +FOUND +FROM +TO +LASTED +CLOSED BY +RECORDING\n/);
  assert.match(stdout, /trade +sequence +\d+ +\d+ +2023-/);
  const { items } = JSON.parse(
    (await don('gaps', '--instrument', instrument, '--recording', recording, '--json')).stdout,
  );
  assert.is(items.length, 1);
  assert.is(items[0].channel, 'trade');
  assert.type(items[0].from_time, 'number');
});

test('cleans up after itself', async () => {
  const redis = await connectRedis(redisUrl);
  assert.equal(await redis.keys('don:status:importer-*'), []);
  await redis.quit();
});

test.run();
