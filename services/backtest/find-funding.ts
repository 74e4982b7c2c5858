import type { Redis } from 'ioredis';
import { BadInput } from '../../infra/setup-error.ts';
import { ensureBarTape } from '../../pipelines/build-bar-tape.ts';
import type { Scale } from '../../streams/events/scale.ts';
import { listRecordings, type Recording } from '../../streams/recordings.ts';
import type { BarTape, FundingColumns } from '../../streams/tape/bar-tape.ts';

/** Settlements, and where they are from. */
export interface FoundFunding {
  readonly funding: FundingColumns;
  /** undefined: none is recorded. */
  readonly recording: string | undefined;
}

export interface FindFundingOptions {
  readonly redis: Redis;
  readonly instrument: string;
  readonly recording: string;
  readonly scale: Scale;
  readonly folder: string;
  /** The recording that it is to be taken from. */
  readonly named: string | undefined;
}

/**
 * The funding of a run on candles: of the recording that is named, else of the candles' own, else of the instrument's
 * recording that covers most of the run.
 * @throws BadInput where the named one is not there, or holds none
 */
export async function findFunding(options: FindFundingOptions, bars: BarTape): Promise<FoundFunding> {
  const { redis, instrument, recording, named } = options;
  if (named === undefined && bars.funding.timesMs.length > 0) return { funding: bars.funding, recording };
  const recordings = await listRecordings(redis, instrument);
  const holding = recordings.filter(({ counts }) => counts?.['fundingRate']);
  if (named !== undefined) {
    if (holding.some((known) => known.recording === named)) return read(options, named);
    const names = holding.map((known) => known.recording).join(', ') || 'none';
    throw new BadInput(
      `--funding: expected a recording of ${instrument} that holds funding rates (${names}), found ${named}`,
    );
  }
  const fromUs = (bars.openTimesMs[0] ?? 0) * 1_000;
  const toUs = (bars.openTimesMs.at(-1) ?? 0) * 1_000;
  const overlapUs = (known: Recording): number =>
    Math.min(known.toUs ?? 0, toUs) - Math.max(known.fromUs ?? Number.POSITIVE_INFINITY, fromUs);
  // They come in the order of their names, and sorting is stable.
  const [best] = holding.filter((known) => overlapUs(known) > 0).sort((a, b) => overlapUs(b) - overlapUs(a));
  if (best !== undefined) return read(options, best.recording);
  return { funding: { timesMs: new Float64Array(), rates: new Float64Array() }, recording: undefined };
}

async function read(
  { redis, instrument, scale, folder }: FindFundingOptions,
  recording: string,
): Promise<FoundFunding> {
  // Of whatever candles: only its funding is asked for.
  const tape = await ensureBarTape({ redis, instrument, recording, interval: '1d', scale, folder });
  if (tape === undefined) throw new BadInput(`${instrument}, recording ${recording}: its log is not there`);
  return { funding: tape.funding, recording };
}
