import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Redis } from 'ioredis';
import { checkpointKey, rawKey, recentKey, sequenceKey } from '../../streams/keys.ts';
import { describeRecording, type Recording, registerRecording } from '../../streams/recordings.ts';
import { CONSUMER } from '../deriver/deriver.ts';
import { appendEvents } from './append-pass.ts';
import { openContent } from './content.ts';
import { removeDeadLines } from './dead-lines.ts';
import { type Format, recogniseFormat } from './formats.ts';
import { withImportLock } from './import-lock.ts';
import { ImportRefusal } from './import-refusal.ts';
import { type ImportProgress, type ImportReport, reportOf } from './import-report.ts';
import { type InstrumentName, instrumentNamed } from './instrument-name.ts';
import { knownInstrument } from './known-instrument.ts';
import { readLines } from './lines.ts';
import { nothingUsable } from './nothing-usable.ts';
import { createPayloadCheck, type PayloadCheck, type Sizes } from './payload-check.ts';
import { surveyFile } from './survey.ts';

export interface ImportOptions {
  readonly redis: Redis;
  readonly file: string;
  /** `venue:SYMBOL` */
  readonly instrument: string;
  readonly format?: Format | undefined;
  /** Of candles, e.g. `1m`. */
  readonly interval?: string | undefined;
  readonly tickSize?: string | undefined;
  readonly stepSize?: string | undefined;
  /** Stores what is derived from the recording; a file counts as imported only when it has. */
  readonly derive?: ((instrument: string, recording: string) => Promise<void>) | undefined;
  readonly onProgress?: ((progress: ImportProgress) => void) | undefined;
  /** Stops the import; the next one of the file begins anew. */
  readonly signal?: AbortSignal | undefined;
}

/** `importing`: the log has a part; `appended`: it has all of it; `complete`: so have the tables. */
interface ImportedRecording extends Recording {
  readonly state: 'importing' | 'appended' | 'complete';
  readonly report?: ImportReport;
}

/**
 * Imports a file as a recording of its own, named by its content. An import that was interrupted is begun anew by the
 * next; one that was not adds nothing.
 *
 * @throws ImportRefusal where the file holds nothing to import or cannot be read; then nothing was added
 */
export async function importFile(options: ImportOptions): Promise<ImportReport> {
  const { redis, file, instrument, tickSize, stepSize, interval } = options;
  const progress = (now: ImportProgress): void => {
    options.signal?.throwIfAborted();
    options.onProgress?.(now);
  };
  const wanted = instrumentNamed(instrument);
  const changed = await changeWatch(file);
  const { sample, innerName } = await readSample(file);
  checkArchiveName(file, innerName, wanted);
  const format = recogniseFormat(sample, { file, wanted, format: options.format, interval });
  const payloads = createPayloadCheck({
    ...(tickSize === undefined ? {} : { tickSize }),
    ...(stepSize === undefined ? {} : { stepSize }),
  });
  const survey = await surveyFile(file, format, payloads, (bytes, bytesTotal) =>
    progress({ phase: 'survey', bytes, bytesTotal, events: 0 }),
  );
  if (Object.keys(survey.events).length === 0) throw nothingUsable(file, wanted, survey);
  const recording = recordingName(survey.contentHash, { tickSize, stepSize, interval });

  return withImportLock(redis, instrument, recording, async () => {
    const before = (await describeRecording(redis, instrument, recording)) as ImportedRecording | undefined;
    const hasLog = (await redis.exists(rawKey(instrument, recording))) === 1;
    if (before?.state === 'complete' && before.report !== undefined && hasLog)
      return { ...before.report, file, alreadyImported: true };
    let report = before?.state === 'appended' && hasLog ? before.report : undefined;
    if (report === undefined) {
      await beginAnew(redis, instrument, recording, file);
      const { info, sizes } = await instrumentOf(options, wanted.symbol, payloads);
      const tally = await appendEvents({
        redis,
        file,
        instrument,
        recording,
        format,
        survey,
        instrumentInfo: info,
        onProgress: (bytes, bytesTotal, events) => progress({ phase: 'append', bytes, bytesTotal, events }),
      });
      await changed();
      report = reportOf(options, recording, format, survey, sizes, tally);
      await register(redis, instrument, report, 'appended');
    }
    if (options.derive !== undefined) {
      progress({ phase: 'derive', bytes: 0, bytesTotal: 0, events: total(report.events) });
      await options.derive(instrument, recording);
    }
    await register(redis, instrument, report, 'complete');
    return report;
  });
}

const SAMPLE_BYTES = 512 * 1024;
const SAMPLE_LINES = 2_000;

async function readSample(
  file: string,
): Promise<{ readonly sample: readonly string[]; readonly innerName: string | undefined }> {
  const content = await openContent(file);
  const { innerName } = content;
  const sample: string[] = [];
  let bytes = 0;
  for await (const { lines } of readLines(content.chunks)) {
    for (const line of lines) {
      if (sample.length >= SAMPLE_LINES || bytes >= SAMPLE_BYTES) return { sample, innerName };
      sample.push(line.toString());
      bytes += line.length;
    }
  }
  return { sample, innerName };
}

/** Tables do not say of which symbol they are; what Binance packs into a zip is named by it. */
const ARCHIVED = /^([\p{Lu}\p{Lo}\p{N}_]+)-(?:aggTrades|trades|fundingRate|\d+(?:s|m|h|d|w|mo|M))-\d{4}-\d{2}/u;

function checkArchiveName(
  file: string,
  innerName: string | undefined,
  { venue, symbol, instrument }: InstrumentName,
): void {
  const archived = ARCHIVED.exec(basename(innerName ?? ''))?.[1];
  if (archived !== undefined && archived !== symbol)
    throw new ImportRefusal(
      `${file}: expected an archive of ${instrument}, found ${innerName}. Import it with --instrument ${venue}:${archived}.`,
    );
}

/** The file is read twice: it must be the same both times. */
async function changeWatch(file: string): Promise<() => Promise<void>> {
  const look = async (): Promise<string> => {
    const found = await stat(file).catch(() => undefined);
    return `${found?.size} ${found?.mtimeMs}`;
  };
  const before = await look();
  return async () => {
    if ((await look()) !== before)
      throw new Error(`${file}: it was written to while it was imported. Import it again when it is whole.`);
  };
}

/** What is inferred follows from the content; what the user says otherwise makes another recording of it. */
function recordingName(contentHash: string, said: Readonly<Record<string, string | undefined>>): string {
  const choices = Object.entries(said).filter(([, value]) => value !== undefined);
  if (choices.length === 0) return contentHash.slice(0, 12);
  return createHash('sha256')
    .update(`${contentHash} ${JSON.stringify(choices)}`)
    .digest('hex')
    .slice(0, 12);
}

/** Takes away what an interrupted import left, so that the log of this one depends on nothing but the file. */
async function beginAnew(redis: Redis, instrument: string, recording: string, file: string): Promise<void> {
  const keys = [rawKey, sequenceKey, recentKey].map((keyOf) => keyOf(instrument, recording));
  await redis.unlink(...keys, checkpointKey(instrument, CONSUMER, recording));
  await removeDeadLines(redis, instrument, recording);
  const begun: ImportedRecording = { recording, kind: 'import', file: basename(file), state: 'importing' };
  await registerRecording(redis, instrument, begun);
}

/** The `instrument` event that the recording begins with (undefined: the file has its own), and its sizes. */
async function instrumentOf(
  { redis, instrument, tickSize, stepSize }: ImportOptions,
  symbol: string,
  payloads: PayloadCheck,
): Promise<{ readonly info: string | undefined; readonly sizes: Sizes }> {
  const sizes = payloads.sizes();
  if (!payloads.needsInstrument()) return { info: undefined, sizes };
  const isGiven = tickSize !== undefined || stepSize !== undefined;
  const known = isGiven ? undefined : await knownInstrument(redis, instrument, sizes);
  if (known !== undefined) return { info: known.payload, sizes: known.sizes };
  const filters = [
    { filterType: 'PRICE_FILTER', tickSize: sizes.tickSize },
    { filterType: 'LOT_SIZE', stepSize: sizes.stepSize },
  ];
  return { info: JSON.stringify({ symbol, inferred: true, filters }), sizes };
}

async function register(
  redis: Redis,
  instrument: string,
  report: ImportReport,
  state: 'appended' | 'complete',
): Promise<void> {
  const { recording, file, fromUs, toUs, events, gaps } = report;
  const done: ImportedRecording = {
    recording,
    kind: 'import',
    file: basename(file),
    fromUs,
    toUs,
    // What reads recordings chooses by the number of their gaps.
    counts: { ...events, gap: total(gaps) },
    state,
    report: { ...report, file: basename(file) },
  };
  await registerRecording(redis, instrument, done);
}

function total(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
