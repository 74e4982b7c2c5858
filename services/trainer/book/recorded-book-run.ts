import { join } from 'node:path';
import type { Redis } from 'ioredis';
import { BadInput } from '../../../infra/setup-error.ts';
import { listRecordings } from '../../../streams/recordings.ts';
import { entryIdOn, type Tape } from '../../../streams/tape/tape.ts';
import { openRecordedSpan } from '../../backtest/recorded-span.ts';
import { chooseInstrument, chooseRecording } from '../../cli/choose-recording.ts';
import type { JobProgress } from '../../jobs/job-kind.ts';
import { openBackend } from '../backend/backend.ts';
import type { BookConfig } from './book-config.ts';
import type { BookRunReport } from './book-report.ts';
import { type BookRunData, performBookRun } from './perform-book-run.ts';
import { prepareBookData } from './prepare-book-data.ts';

export interface RecordedBookRunOptions {
  readonly redis: Redis;
  readonly home: string;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: JobProgress) => void;
}

/** Performs a run on a recorded order book. */
export async function recordedBookRun(config: BookConfig, options: RecordedBookRunOptions): Promise<BookRunReport> {
  const { redis, home, signal, onProgress } = options;
  const runData = await readBookRunData(config, redis, join(home, 'tapes'));
  return performBookRun(runData, { home, backend: await openBackend(), signal, onProgress });
}

/**
 * The order book, trades and parts that a config asks for; all of the recording is held in memory.
 * @param folder where tapes are kept
 * @throws BadInput where they are not recorded
 */
export async function readBookRunData(config: BookConfig, redis: Redis, folder: string): Promise<BookRunData> {
  const instrument = await chooseInstrument(redis, config.instrument);
  const recording = await chosenRecording(redis, instrument, config.recording);
  const span = await openRecordedSpan({ redis, instrument, recording, folder });
  const tapes: Tape[] = [];
  for await (const tape of span.tapes()) tapes.push(tape);
  const [first, last] = [tapes[0], tapes.at(-1)];
  if (first === undefined || last === undefined)
    throw new BadInput(`${instrument}, recording ${recording}: expected an order book, found nothing recorded`);
  return {
    data: prepareBookData(config, tapes, span.scale),
    recording,
    fromEntryId: entryIdOn(first, 0),
    toEntryId: entryIdOn(last, last.events - 1),
  };
}

async function chosenRecording(redis: Redis, instrument: string, named: string | undefined): Promise<string> {
  if (named !== undefined) return chooseRecording(redis, instrument, named, undefined);
  // One that is still written does not say what it holds.
  const withDepth = (await listRecordings(redis, instrument)).find(
    ({ counts }) => counts === undefined || counts['depth'],
  );
  if (withDepth !== undefined) return withDepth.recording;
  throw new BadInput(`${instrument}: expected a recording with an order book, found none`);
}
