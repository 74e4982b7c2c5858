import type { Redis } from 'ioredis';
import { LAST_VERIFY_KEY } from '../../streams/keys.ts';
import type { Difference, VerifyReport } from '../deriver/verify-recording.ts';

/** How the last job that verified everything came out. */
export interface LastVerify {
  /** When it ended, µs since the epoch. */
  readonly time: number;
  readonly recordings: number;
  readonly rows: number;
  readonly differenceCount: number;
  readonly firstDifference: (Pick<VerifyReport, 'instrument' | 'recording'> & Difference) | null;
  /** Recordings and sets whose rows were derived by another version: `INSTRUMENT RECORDING`, with the set where it is one. */
  readonly outdated: readonly string[];
}

/** Keeps the outcome for `don status` and the API. */
export async function keepLastVerify(redis: Redis, reports: readonly VerifyReport[]): Promise<void> {
  await redis.set(LAST_VERIFY_KEY, JSON.stringify(summarise(reports, Date.now() * 1_000)));
}

/** null where everything was never verified by a job. */
export async function readLastVerify(redis: Redis): Promise<LastVerify | null> {
  return JSON.parse((await redis.get(LAST_VERIFY_KEY)) ?? 'null') as LastVerify | null;
}

function summarise(reports: readonly VerifyReport[], time: number): LastVerify {
  const firstOf = reports.find(({ differences }) => differences.length > 0);
  const rows = reports.flatMap((report) => Object.values(report.rows));
  return {
    time,
    recordings: reports.length,
    rows: rows.reduce((sum, count) => sum + count, 0),
    differenceCount: reports.reduce((sum, { differenceCount }) => sum + differenceCount, 0),
    firstDifference:
      firstOf === undefined
        ? null
        : { instrument: firstOf.instrument, recording: firstOf.recording, ...firstOf.differences[0]! },
    outdated: reports.flatMap(({ instrument, recording, outdated, outdatedSets }) => [
      ...(outdated === null ? [] : [`${instrument} ${recording}`]),
      ...outdatedSets.map(({ set }) => `${instrument} ${recording} ${set}`),
    ]),
  };
}
