import type { JobRecord } from '../jobs/job-record.ts';
import type { Progress } from './progress.ts';

/** A job's progress as the bar shows it; undefined while there is none. */
export function barOf({ progress }: JobRecord): Progress | undefined {
  if (progress === null) return undefined;
  const { text, share, done, unit, rate, secondsLeft, detail } = progress;
  return {
    what: text,
    share: share ?? undefined,
    done,
    unit,
    rate,
    secondsLeft,
    ...(detail === undefined ? {} : { detail }),
  };
}
