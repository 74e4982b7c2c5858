import type { Redis } from 'ioredis';
import type { JobQueue } from '../jobs/job-queue.ts';

/** The queue of jobs, opened when it is first asked for: most of the time nobody does, and it takes 15 MB. */
export interface OpenJobs {
  (): Promise<JobQueue>;
  close(): Promise<void>;
}

export function createOpenJobs(redis: Redis): OpenJobs {
  let opened: Promise<JobQueue> | undefined;
  const open = (): Promise<JobQueue> => {
    opened ??= import('../jobs/job-queue.ts').then(({ openJobQueue }) => openJobQueue(redis));
    return opened;
  };
  return Object.assign(open, {
    async close() {
      await (await opened)?.close();
    },
  });
}
