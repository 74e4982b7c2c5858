import { nearestName } from '../../../infra/nearest-name.ts';
import { connectRedis } from '../../../infra/redis.ts';
import { BadInput } from '../../../infra/setup-error.ts';
import { type Dataset, datasetNamed, knownDatasetNames } from '../../exporter/datasets.ts';
import { exportDataset } from '../../exporter/export-dataset.ts';
import { openFileOutput, streamOutput } from '../../exporter/output.ts';
import { EXPORT_FORMATS, type ExportFormat } from '../../exporter/row-writer.ts';
import { ensureReadableTables } from '../../features/feature-table.ts';
import { chooseInstrument, chooseRecording } from '../choose-recording.ts';
import { command } from '../command.ts';
import { EXTENT_OPTIONS, readBounds } from '../extent-options.ts';
import { createProgressDisplay } from '../progress.ts';

export default command({
  usage: ['export DATASET --instrument I [--from T] [--to T] [--recording R] [--format F] [--out FILE|-]'],
  description: `DATASET: raw (the log itself), book_top, trades, bars_1s, bars_1m, …, liquidations, mark_prices, gaps, features.
Columns are those of the tables; times are integers in µs since the epoch. Prices and quantities are decimal strings in
JSON, numbers in CSV and Parquet. Of raw, --from and --to are receive times, of the others event times. A file appears
only when it is whole. raw as jsonl can be imported again with don import.`,
  examples: [
    'don export trades --instrument binance-usdm:BTCUSDT --from 2024-08-09 --out trades.parquet',
    'don export raw --instrument simulated:BTCUSDT --from -15m | head',
  ],
  options: {
    ...EXTENT_OPTIONS,
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
    const { redisUrl, questdbUrl } = await servers(
      ...(dataset === 'raw' ? (['redis'] as const) : (['redis', 'questdb'] as const)),
    );
    const redis = await connectRedis(redisUrl);
    const display = createProgressDisplay(process.stderr);
    try {
      const instrument = await chooseInstrument(redis, values.instrument);
      const { recording: name } = values;
      const recording = name === undefined ? undefined : await chooseRecording(redis, instrument, name, undefined);
      if (dataset !== 'raw') await ensureReadableTables(questdbUrl);
      const output = isToFile ? await openFileOutput(values.out) : streamOutput(process.stdout);
      try {
        const report = await exportDataset({
          redis,
          questdbUrl: dataset === 'raw' ? undefined : questdbUrl,
          dataset,
          extent: { instrument, recording, ...bounds },
          format,
          output,
          signal,
          say,
          onProgress: (done) => {
            if (isToFile) display.update({ what: 'exporting', share: undefined, done, unit: 'rows' });
          },
        });
        await output.commit();
        display.end();
        if (isToFile && json) print(JSON.stringify({ file: values.out, format, instrument, ...report }));
        else {
          const count = `${report.rows.toLocaleString('en')} rows`;
          say(
            isToFile
              ? `${count} in ${values.out} (${format}, recordings ${report.recordings.join(', ') || 'none'})`
              : count,
          );
        }
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

function readDataset(positionals: readonly string[]): Dataset | 'raw' {
  const [name, ...rest] = positionals;
  const known = knownDatasetNames();
  if (name === undefined || rest.length > 0)
    throw new BadInput(`don export: expected one DATASET (raw, trades, …), found ${positionals.join(' ') || 'none'}`);
  if (name === 'raw') return 'raw';
  if (name === 'ledger')
    throw new BadInput('don export ledger: there is no ledger yet, as nothing trades in this version');
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
