import type { Redis } from 'ioredis';
import { nearestName } from '../../../infra/nearest-name.ts';
import { connectRedis } from '../../../infra/redis.ts';
import { BadInput } from '../../../infra/setup-error.ts';
import { listAccounts } from '../../../streams/ledger.ts';
import { type Dataset, datasetNamed, knownDatasetNames } from '../../exporter/datasets.ts';
import { type ExportReport, exportDataset } from '../../exporter/export-dataset.ts';
import { exportLedger } from '../../exporter/export-ledger.ts';
import { type Output, openFileOutput, streamOutput } from '../../exporter/output.ts';
import { EXPORT_FORMATS, type ExportFormat } from '../../exporter/row-writer.ts';
import { ensureReadableTables } from '../../features/feature-table.ts';
import { chooseInstrument, chooseRecording } from '../choose-recording.ts';
import { command } from '../command.ts';
import { EXTENT_OPTIONS, readBounds } from '../extent-options.ts';
import { createProgressDisplay } from '../progress.ts';

export default command({
  usage: [
    'export DATASET --instrument I [--from T] [--to T] [--recording R] [--format F] [--out FILE|-]',
    'export ledger --account NAME [--format F] [--out FILE|-]',
  ],
  description: `DATASET: raw (the log itself), book_top, trades, bars_1s, bars_1m, …, liquidations, mark_prices, gaps, features.
Columns are those of the tables; times are integers in µs since the epoch. Prices and quantities are decimal strings in
JSON, numbers in CSV and Parquet. Of raw, --from and --to are receive times, of the others event times. A file appears
only when it is whole. raw as jsonl can be imported again with don import. ledger is all that an account's trader was told
and did, oldest first (docs/trading.md); event is JSON.`,
  examples: [
    'don export trades --instrument binance-usdm:BTCUSDT --from 2024-08-09 --out trades.parquet',
    'don export raw --instrument simulated:BTCUSDT --from -15m | head',
    'don export ledger --account mm --out ledger.csv',
  ],
  options: {
    ...EXTENT_OPTIONS,
    account: { type: 'string', value: 'NAME', help: 'ledger: whose' },
    format: { type: 'string', value: 'F', help: `${EXPORT_FORMATS.join(', ')}; without it by the name of FILE` },
    out: { type: 'string', value: 'FILE', default: '-', help: 'file; - is stdout' },
  },
  async run({ positionals, values, json, signal, print, say, servers }) {
    const dataset = readDataset(positionals);
    const bounds = readBounds(values);
    const isToFile = values.out !== '-';
    const format = readFormat(values.format, values.out, dataset === 'raw' || (json && !isToFile));
    if (format === 'parquet' && !isToFile && process.stdout.isTTY)
      throw new BadInput('--format parquet: a terminal cannot show it; give --out FILE');
    const isOfRedis = dataset === 'raw' || dataset === 'ledger';
    const { redisUrl, questdbUrl } = await servers(
      ...(isOfRedis ? (['redis'] as const) : (['redis', 'questdb'] as const)),
    );
    const redis = await connectRedis(redisUrl);
    const display = createProgressDisplay(process.stderr);
    const onProgress = (done: number): void => {
      if (isToFile) display.update({ what: 'exporting', share: undefined, done, unit: 'rows' });
    };

    /** @returns what the report says beside the rows */
    async function prepare(): Promise<Work> {
      if (dataset === 'ledger') {
        const { instrument, recording, from, to } = values;
        const [untold] = Object.entries({ instrument, recording, from, to }).filter(([, value]) => value !== undefined);
        if (untold !== undefined) throw new BadInput(`--${untold[0]}: expected none with ledger, found ${untold[1]}`);
        const account = await chooseAccount(redis, values.account);
        const of = { redis, account, format, signal };
        return { of: { account }, write: (output) => exportLedger({ ...of, output }) };
      }
      const instrument = await chooseInstrument(redis, values.instrument);
      const { recording: name } = values;
      const recording = name === undefined ? undefined : await chooseRecording(redis, instrument, name, undefined);
      if (dataset !== 'raw') await ensureReadableTables(questdbUrl);
      const extent = { instrument, recording, ...bounds };
      const of = {
        redis,
        questdbUrl: isOfRedis ? undefined : questdbUrl,
        dataset,
        extent,
        format,
        signal,
        say,
        onProgress,
      };
      return { of: { instrument }, write: (output) => exportDataset({ ...of, output }) };
    }

    try {
      const { of, write } = await prepare();
      const output = isToFile ? await openFileOutput(values.out) : streamOutput(process.stdout);
      try {
        const report = await write(output);
        await output.commit();
        display.end();
        const { rows, recordings } = report;
        const count = `${rows.toLocaleString('en')} rows`;
        const from = recordings === undefined ? '' : `, recordings ${recordings.join(', ') || 'none'}`;
        if (isToFile && json) print(JSON.stringify({ file: values.out, format, ...of, ...report }));
        else say(isToFile ? `${count} in ${values.out} (${format}${from})` : count);
      } catch (error) {
        display.end();
        await output.abandon();
        if (!signal.aborted) throw error;
      }
    } finally {
      redis.disconnect();
    }
    return 0;
  },
});

/** What is exported, and how. */
interface Work {
  readonly of: object;
  readonly write: (output: Output) => Promise<Pick<ExportReport, 'rows' | 'bytes'> & Partial<ExportReport>>;
}

async function chooseAccount(redis: Redis, account: string | undefined): Promise<string> {
  const accounts = await listAccounts(redis);
  if (account !== undefined && accounts.includes(account)) return account;
  const expected = accounts.length === 0 ? 'one that has traded; none has' : `one of ${accounts.join(', ')}`;
  throw new BadInput(`--account: expected ${expected}, found ${account ?? 'none'}`);
}

function readDataset(positionals: readonly string[]): Dataset | 'raw' | 'ledger' {
  const [name, ...rest] = positionals;
  const known = [...knownDatasetNames(), 'ledger'];
  if (name === undefined || rest.length > 0)
    throw new BadInput(`don export: expected one DATASET (raw, trades, …), found ${positionals.join(' ') || 'none'}`);
  if (name === 'raw' || name === 'ledger') return name;
  const dataset = datasetNamed(name);
  if (dataset !== undefined) return dataset;
  const near = nearestName(name, known);
  throw new BadInput(
    `don export: no dataset is called ${JSON.stringify(name)}${near ? `; did you mean ${near}?` : `; there are ${known.join(', ')}`}`,
  );
}

function readFormat(text: string | undefined, out: string, isJson: boolean): ExportFormat {
  const ending = /\.(\w+)$/.exec(out)?.[1];
  const named = text ?? (ending === 'json' || ending === 'ndjson' ? 'jsonl' : ending);
  const format = EXPORT_FORMATS.find((known) => known === named);
  if (format !== undefined) return format;
  if (text !== undefined)
    throw new BadInput(`--format: expected one of ${EXPORT_FORMATS.join(', ')}, found ${JSON.stringify(text)}`);
  return isJson ? 'jsonl' : 'csv';
}
