import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { questdbRows } from '../../../infra/questdb.ts';
import { connectRedis } from '../../../infra/redis.ts';
import { deriveRecording } from '../../../services/deriver/derive-recording.ts';
import { datasetNamed } from '../../../services/exporter/datasets.ts';
import { exportDataset } from '../../../services/exporter/export-dataset.ts';
import { gapRows } from '../../../services/exporter/gap-rows.ts';
import type { Bound } from '../../../services/exporter/span.ts';
import { ensureReadableTables } from '../../../services/features/feature-table.ts';
import { importFile } from '../../../services/importer/import-file.ts';
import type { ImportReport } from '../../../services/importer/import-report.ts';
import { testInstrument, testServers } from '../../support/servers.ts';
import { withFile } from '../importer/scratch.ts';
import { captureText, syntheticCapture } from '../importer/synthetic-capture.ts';

const test = suite('services/exporter/export-tables');

const { redisUrl, questdbUrl } = await testServers('redis', 'questdb');
const instrument = testInstrument();
const symbol = instrument.slice(instrument.indexOf(':') + 1);
const redis = await connectRedis(redisUrl);
await ensureReadableTables(questdbUrl);

const LINES = syntheticCapture(2_000).map((line) => ({
  ...line,
  text: line.text.replace('"BTCUSDT"', `"${symbol}"`).replace('btcusdt@', `${symbol.toLowerCase()}@`),
}));
const gone = LINES.findIndex((line, i) => i > 900 && line.channel === 'trade');
const TEXT = captureText(LINES.filter((_, i) => i !== gone));

async function imported(text: string): Promise<ImportReport> {
  return withFile(text, (file) =>
    importFile({
      redis,
      file,
      instrument,
      derive: async (name, recording) => {
        await deriveRecording({ redis, questdbUrl, instrument: name, recording });
      },
    }),
  );
}

async function rowsOf(
  name: string,
  from?: Bound,
  to?: Bound,
  say: (line: string) => void = () => {},
): Promise<Record<string, unknown>[]> {
  const pieces: Uint8Array[] = [];
  await exportDataset({
    redis,
    questdbUrl,
    dataset: datasetNamed(name)!,
    extent: { instrument, recording: undefined, from, to },
    format: 'jsonl',
    output: {
      write: async (bytes) => {
        pieces.push(bytes);
      },
      commit: async () => {},
      abandon: async () => {},
    },
    say,
  });
  const lines = Buffer.concat(pieces).toString().split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line));
}

const report = await imported(TEXT);

test('an import returns when its rows are stored', async () => {
  const [{ n } = {}] = await questdbRows(questdbUrl, `SELECT count() n FROM trades WHERE symbol = '${instrument}'`);
  assert.is(n, report.events['trade']);
  assert.is(n, 1_999);
});

test('exports each dataset with the columns of its table, in order of event time', async () => {
  const trades = await rowsOf('trades');
  assert.is(trades.length, 1_999);
  const [first] = trades;
  assert.equal(
    Object.keys(first!),
    datasetNamed('trades')!.columns.map((column) => column.name),
  );
  const source = JSON.parse(LINES.find((line) => line.channel === 'trade')!.text.split(' ')[1]!).data;
  assert.is(first!['ts'], source.T * 1000);
  assert.is(first!['trade_id'], source.t);
  assert.is(Number(first!['price']), Number(source.p));
  assert.type(first!['price'], 'string');
  assert.is(first!['recording'], report.recording);
  for (let i = 1; i < trades.length; i++) assert.ok(Number(trades[i]!['ts']) >= Number(trades[i - 1]!['ts']));
  assert.is((await rowsOf('mark_prices')).length, 200);
  assert.is((await rowsOf('book_top')).length, 1_997, 'from the snapshot after the third change on');
  assert.is((await rowsOf('features')).length, 1_997);
  assert.ok((await rowsOf('bars_1s')).length > 100);
  assert.ok((await rowsOf('bars_1m')).every((row) => row['interval'] === '1m'));
  assert.equal(await rowsOf('liquidations'), []);
});

test('event times bound the rows: the first that counts, and the first that no longer does', async () => {
  const all = await rowsOf('trades');
  const [from, to] = [Number(all[500]!['ts']), Number(all[1_500]!['ts'])];
  const expected = all.filter((row) => Number(row['ts']) >= from && Number(row['ts']) < to);
  const bound = (timeUs: number): Bound => ({ timeUs, entryId: undefined });
  assert.equal(await rowsOf('trades', bound(from), bound(to)), expected);
});

test('entries bound the rows that came of them, themselves included', async () => {
  const all = await rowsOf('trades');
  const entryOf = (i: number): string => String(all[i]!['entry_id']).split(':')[0]!;
  const bound = (entryId: string): Bound => ({ entryId, timeUs: Number(entryId.split('-')[0]) * 1000 });
  const rows = await rowsOf('trades', bound(entryOf(500)), bound(entryOf(1_500)));
  assert.equal(rows, all.slice(500, 1_501));
});

test('lists the gaps of every recording, with what was expected and found', async () => {
  const gaps = await gapRows(redis, questdbUrl, { instrument, recording: undefined, from: undefined, to: undefined });
  assert.is(gaps.length, 1);
  const missing = JSON.parse(LINES[gone]!.text.split(' ')[1]!).data.t;
  const { channel, reason, expected, found } = gaps[0]!;
  assert.equal(
    { channel, reason, expected, found },
    { channel: 'trade', reason: 'sequence', expected: String(missing), found: String(missing + 1) },
  );
});

test('where recordings cover the same time, takes the one with fewer gaps and says so', async () => {
  const whole = await imported(captureText(LINES));
  const said: string[] = [];
  const trades = await rowsOf('trades', undefined, undefined, (line) => said.push(line));
  await redis.quit();
  assert.equal([...new Set(trades.map((row) => row['recording']))], [whole.recording]);
  assert.is(trades.length, 2_000);
  assert.is(said.length, 1);
  assert.match(said[0]!, `recording ${report.recording} covers the same time as ${whole.recording}, which is taken`);
});

test.run();
