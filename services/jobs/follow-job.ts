import { setTimeout as sleep } from 'node:timers/promises';
import type { JobQueue } from './job-queue.ts';
import { hasEnded, type JobRecord } from './job-record.ts';

const LOOK_EVERY_MS = 250;

export interface FollowJob {
  readonly onChange: (job: JobRecord) => void;
  /** Aborted: nobody follows any more. */
  readonly signal: AbortSignal;
}

/** Looks at a job until it has ended. @returns it as it was last; undefined where it was taken out, which cancels one that waits */
export async function followJob(
  queue: JobQueue,
  id: string,
  { onChange, signal }: FollowJob,
): Promise<JobRecord | undefined> {
  for (;;) {
    const job = await queue.find(id);
    if (job === undefined) return undefined;
    onChange(job);
    if (hasEnded(job) || signal.aborted) return job;
    await sleep(LOOK_EVERY_MS, undefined, { signal }).catch(() => {});
  }
}
