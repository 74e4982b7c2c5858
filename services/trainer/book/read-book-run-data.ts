import type { Redis } from 'ioredis';
import { BadInput } from '../../../infra/setup-error.ts';
import { listRecordings } from '../../../streams/recordings.ts';
import { entryIdOn, type Tape } from '../../../streams/tape/tape.ts';
import { openRecordedSpan } from '../../backtest/recorded-span.ts';
import { chooseInstrument, chooseRecording } from '../../cli/choose-recording.ts';
import type { ReadRunOptions, RunData } from '../run/read-run-data.ts';
import { loadReward } from '../run/reward-file.ts';
import type { BookConfig } from './book-config.ts';
import type { BookData } from './book-data.ts';
import { bookTraining } from './book-training.ts';
import { prepareBookData } from './prepare-book-data.ts';

/**
 * The order book, trades and parts that a config asks for; all of the recording is held in memory, once for all threads.
 * @throws BadInput where they are not recorded
 */
export async function readBookRunData(
  config: BookConfig,
  { redis, folder, part }: ReadRunOptions,
): Promise<RunData & { readonly data: BookData }> {
  const ownReward = await loadReward(config.reward);
  const instrument = await chooseInstrument(redis, config.instrument);
  const recording = part?.recording ?? (await chosenRecording(redis, instrument, config.recording));
  const span = await openRecordedSpan({
    redis,
    instrument,
    recording,
    folder,
    from: part?.fromEntryId,
    to: part?.toEntryId,
  });
  const tapes: Tape[] = [];
  for await (const tape of span.tapes()) tapes.push(tape);
  const [first, last] = [tapes[0], tapes.at(-1)];
  if (first === undefined || last === undefined)
    throw new BadInput(`${instrument}, recording ${recording}: expected an order book, found nothing recorded`);
  const data = prepareBookData(config, tapes, span.scale, ownReward);
  return {
    data,
    training: bookTraining(data),
    part: { recording, fromEntryId: entryIdOn(first, 0), toEntryId: entryIdOn(last, last.events - 1) },
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
