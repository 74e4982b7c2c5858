import type { Redis } from 'ioredis';
import { connectRedis } from '../../../infra/redis.ts';
import { BadInput } from '../../../infra/setup-error.ts';
import type { FeatureSet } from '../../../operators/features/resolve-feature-set.ts';
import { deriveRecording } from '../../deriver/derive-recording.ts';
import { chosenSets } from '../../features/chosen-sets.ts';
import { ensureReadableTables } from '../../features/feature-table.ts';
import { FORMATS, type Format } from '../../importer/formats.ts';
import { importFile } from '../../importer/import-file.ts';
import { ImportRefusal } from '../../importer/import-refusal.ts';
import type { ImportProgress, ImportReport } from '../../importer/import-report.ts';
import { command } from '../command.ts';
import { importSummary } from '../import-summary.ts';
import { createProgressDisplay, type Progress } from '../progress.ts';

export default command({
  usage: ['import FILE… --instrument I [--format F] [--interval i] [--tick-size S] [--step-size S]'],
  description: `Each file becomes a recording of its own, named by its content, so a second import adds nothing. Returns when the rows
derived from it are stored. The form is recognised by the content, plain or packed as gzip, zstd or zip:

  capture        lines of <receive time in s, ms, us or ns> <JSON frame>
  frames         JSON frames without receive times; their event times take the place
  rest           lines of <REST address> -> <receive time in s>: <answer>
  aggTrades, trades, klines, funding, liquidations
                 CSV, with or without a header, such as Binance Vision's archives
  export         what don export raw writes

A bad line is counted, named, and kept as a dead letter; the rest is imported. A file that is cut short is imported up
to there, which is said, and the exit status is 1. Damaged data (a wrong checksum) are refused whole.`,
  examples: [
    'don import btcusdt_20240808.gz --instrument binance-usdm:BTCUSDT',
    'don import BTCUSDT-aggTrades-2024-10-*.zip --instrument binance-usdm:BTCUSDT',
  ],
  options: {
    instrument: { type: 'string', value: 'I', help: 'venue:SYMBOL that the file, or the part wanted of it, is of' },
    format: { type: 'string', value: 'F', help: 'refuse a file that is not of this form' },
    interval: { type: 'string', value: 'i', help: 'of candles, where it cannot be told from their times: 1m, 1h, …' },
    'tick-size': { type: 'string', value: 'S', help: 'price unit; without it the one that all prices fit' },
    'step-size': { type: 'string', value: 'S', help: 'quantity unit; without it the one that all quantities fit' },
  },
  async run({ positionals, values, config, json, signal, print, say, servers }) {
    const { instrument } = values;
    if (positionals.length === 0) throw new BadInput('don import: expected a FILE, found none; see don import --help');
    if (instrument === undefined)
      throw new BadInput('--instrument: expected venue:SYMBOL such as binance-usdm:BTCUSDT, found nothing');
    const format = readFormat(values.format);
    const featureSets = chosenSets(config);
    const { redisUrl, questdbUrl } = await servers('redis', 'questdb');
    await ensureReadableTables(questdbUrl);
    const redis = await connectRedis(redisUrl);
    const display = createProgressDisplay(process.stderr);
    const reports: ImportReport[] = [];
    const refusals: string[] = [];
    try {
      for (const file of positionals) {
        const outcome = await attempt(() =>
          importFile({
            redis,
            file,
            instrument,
            format,
            interval: values.interval,
            tickSize: values['tick-size'],
            stepSize: values['step-size'],
            signal,
            onProgress: (progress) => display.update(shownProgress(progress)),
            derive: (name, recording) =>
              derive({ redis, questdbUrl, featureSets, signal }, name, recording, display.update),
          }),
        );
        display.end();
        if (typeof outcome === 'string') {
          refusals.push(outcome);
          say(`don import: ${outcome}`);
        } else {
          reports.push(outcome);
          if (!json) print(importSummary(outcome));
        }
      }
    } catch (error) {
      display.end();
      if (!signal.aborted) throw error;
      say('Interrupted. The same command begins this file anew.');
    } finally {
      redis.disconnect();
    }
    if (json) print(JSON.stringify({ imported: reports, refused: refusals }));
    if (refusals.length > 0) return 2;
    return reports.some((report) => report.cutShort !== null) ? 1 : 0;
  },
});

function readFormat(text: string | undefined): Format | undefined {
  const format = FORMATS.find((known) => known === text);
  if (text !== undefined && format === undefined)
    throw new BadInput(`--format: expected one of ${FORMATS.join(', ')}, found ${JSON.stringify(text)}`);
  return format;
}

/** One file that cannot be imported does not keep the others from it. */
async function attempt(work: () => Promise<ImportReport>): Promise<ImportReport | string> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ImportRefusal) return error.message;
    throw error;
  }
}

interface Deriving {
  readonly redis: Redis;
  readonly questdbUrl: string;
  readonly featureSets: readonly FeatureSet[];
  readonly signal: AbortSignal;
}

async function derive(
  { redis, questdbUrl, featureSets, signal }: Deriving,
  instrument: string,
  recording: string,
  update: (progress: Progress) => void,
): Promise<void> {
  await deriveRecording({
    redis,
    questdbUrl,
    instrument,
    recording,
    featureSets,
    signal,
    onProgress: (done) => update({ what: 'deriving', share: undefined, done, unit: 'events' }),
  });
}

function shownProgress({ phase, bytes, bytesTotal, events }: ImportProgress): Progress {
  const share = bytesTotal === 0 ? undefined : bytes / bytesTotal;
  const what = { survey: 'reading', append: 'appending', derive: 'deriving' }[phase];
  return { what, share: phase === 'derive' ? undefined : share, done: events, unit: 'events' };
}
