import { availableParallelism } from 'node:os';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { nearestName } from '../../../infra/nearest-name.ts';
import { AVAILABLE_SETS, featureSetNamed } from '../../../pipelines/feature-sets.ts';
import { LIVE } from '../../../streams/keys.ts';
import { describeRecording, listRecordings, type RecordingName } from '../../../streams/recordings.ts';
import type { BackfillReport } from '../../features/backfill/backfill.ts';
import { checkRecorded, instrumentField, recordingField, timeField } from '../job-fields.ts';
import { BadJobData, jobKind } from '../job-kind.ts';

const SETS = AVAILABLE_SETS.map(({ id }) => id);

function expectedSet(found: unknown): string {
  const nearest = typeof found === 'string' ? nearestName(found, SETS) : undefined;
  return `one of ${SETS.join(', ')}${nearest === undefined ? '' : ` (did you mean ${nearest}?)`}`;
}

const data = z.strictObject(
  {
    instrument: instrumentField,
    set: z.string(expectedSet(undefined)).refine((id) => featureSetNamed(id) !== undefined, {
      error: ({ input }) => expectedSet(input),
    }),
    /** Where the set is one of two instruments. */
    other: instrumentField.optional(),
    /** All of the instrument where it is not said. */
    recording: recordingField.optional(),
    /** Receive times of the rows that are stored, both included. */
    from: timeField.optional(),
    to: timeField.optional(),
    /** Threads; one a processor where it is not said. */
    workers: z
      .int('a whole number from 1 to 64')
      .min(1, 'a whole number from 1 to 64')
      .max(64, 'a whole number from 1 to 64')
      .optional(),
  },
  'an object with instrument and set',
);
type Data = z.infer<typeof data>;

/** What it goes on with: reports of the recordings that are done. Inside a recording the backfill has its own checkpoint. */
interface Saved {
  readonly reports: readonly BackfillReport[];
}

/** Derives a feature set of what is recorded of an instrument anew. */
export const featuresBackfill = jobKind({
  name: 'features-backfill',
  role: 'replay',
  says: 'derives a feature set of what is recorded anew, in chunks side by side, and stores its rows',
  example: { instrument: 'simulated:BTCUSDT', set: 'flow-v1' },
  data,
  sameWork: ({ workers: _, ...work }) => work,
  async check(redis, asked) {
    await checkRecorded(redis, asked);
    await checkOther(redis, asked);
  },
  async run({ instrument, set: id, other: beside, from, to, workers = availableParallelism(), ...asked }, tools) {
    const { redis, redisUrl, questdbUrl, signal } = tools;
    const { backfill } = await import('../../features/backfill/backfill.ts');
    const set = featureSetNamed(id)!;
    const recordings =
      asked.recording === undefined
        ? (await listRecordings(redis, instrument)).map(({ recording }) => recording)
        : [asked.recording];
    const reports = [...((tools.saved as Saved | undefined)?.reports ?? [])];
    const before = new Set(reports.map(({ recording }) => recording));
    for (const recording of recordings) {
      if (before.has(recording)) continue;
      const onProgress = (chunks: number, of: number, rows: number): void =>
        tools.report({ text: `filling ${recording}`, done: rows, of: null, unit: 'rows', share: chunks / of });
      const other = beside === undefined ? undefined : await recordingBeside(redis, beside, { instrument, recording });
      const of = { redis, redisUrl, questdbUrl, instrument, recording, other, set };
      reports.push(await backfill({ ...of, workers, signal, onProgress, fromUs: from, toUs: to }));
      tools.save({ reports } satisfies Saved);
    }
    return { items: reports };
  },
});

async function checkOther(redis: Redis, { instrument, set: id, other }: Data): Promise<void> {
  const { isOfPair } = featureSetNamed(id)!;
  const isFine = isOfPair ? other !== undefined && other !== instrument : other === undefined;
  if (isFine) return checkRecorded(redis, { instrument: other }, 'data/other');
  const expected = isOfPair ? `another instrument, since ${id} is of two` : `none, since ${id} is of one instrument`;
  throw new BadJobData([{ field: 'data/other', expected, found: other ?? null }]);
}

/** The other instrument's recording of the same time: the live one beside the live one, an import beside an import. */
async function recordingBeside(redis: Redis, other: string, { instrument, recording }: RecordingName) {
  if (recording === LIVE) return { instrument: other, recording };
  const own = await describeRecording(redis, instrument, recording);
  const [fromUs = 0, toUs = Number.POSITIVE_INFINITY] = [own?.fromUs, own?.toUs];
  const shared = (await listRecordings(redis, other))
    .filter((each) => each.kind === 'import')
    .map((each) => ({ each, us: Math.min(toUs, each.toUs ?? 0) - Math.max(fromUs, each.fromUs ?? 0) }))
    .filter(({ us }) => us > 0)
    .sort((one, another) => another.us - one.us);
  const [longest] = shared;
  if (longest === undefined) throw new Error(`${other} has no recording of the time of ${instrument} ${recording}`);
  return { instrument: other, recording: longest.each.recording };
}
