import { type Job, type JobType, Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { JOBS, jobCancelKey } from '../../streams/keys.ts';
import { hasEnded, type JobRecord, toRecord } from './job-record.ts';

/** Jobs that have ended are kept so many of those that are done, and as many that are not. */
const ENDED_MAX = 200;
/** More than so many waiting are a mistake of whoever asks. */
const WAITING_MAX = 1_000;
/** Progress and ends are told by BullMQ's own stream of events too, which nothing here reads. */
const EVENTS_MAX = 100;
/** A cancelled job that nobody takes up keeps its mark so long. */
const CANCEL_SECONDS = 7 * 86_400;

export const JOB_OPTIONS = { removeOnComplete: { count: ENDED_MAX }, removeOnFail: { count: ENDED_MAX } } as const;

export interface Asked {
  readonly job: JobRecord;
  /** False where the same work waited or ran already, and `job` is that. */
  readonly isNew: boolean;
}

export interface JobQueue {
  /** @throws BadJobData naming each field that is not as expected, TooManyJobs */
  ask(kind: unknown, data: unknown): Promise<Asked>;
  find(id: string): Promise<JobRecord | undefined>;
  /** Every job that is kept, the newest first. */
  list(): Promise<JobRecord[]>;
  /** Takes out one that waits, and tells one that runs to stop. @returns undefined where there is none of that id */
  cancel(id: string): Promise<'removed' | 'told' | 'ended' | 'scheduled' | undefined>;
  /** Those that nobody works on yet. */
  waiting(): Promise<number>;
  /** Repeats a job at a time of each day, UTC, `03:00`; undefined: no more. One that was missed comes at once. */
  repeatDaily(name: string, at: string | undefined, kind: string): Promise<void>;
  /** When that comes next, ms since the epoch. */
  nextRun(name: string): Promise<number | undefined>;
  close(): Promise<void>;
}

export class TooManyJobs extends Error {
  override readonly name = 'TooManyJobs';
}

/** In the order that a job goes through them: one that goes on while they are read is in a later one. */
const TYPES = ['delayed', 'prioritized', 'wait', 'active', 'completed', 'failed'] as const satisfies JobType[];

/** The jobs over a connection that stays its owner's. */
export function openJobQueue(redis: Redis): JobQueue {
  const queue = new Queue(JOBS.queue, {
    connection: redis,
    prefix: JOBS.prefix,
    streams: { events: { maxLen: EVENTS_MAX } },
    skipVersionCheck: true,
  });
  // What fails says so itself; without a listener it would end the process as well.
  queue.on('error', () => {});

  async function find(id: string): Promise<JobRecord | undefined> {
    const get = async (): Promise<Job | undefined> => queue.getJob(id);
    const job = await get();
    if (job === undefined) return undefined;
    const state = await queue.getJobState(id);
    if (state === 'unknown') return undefined;
    // One that ended between the two has its result by now.
    const isNewer = job.finishedOn === undefined && (state === 'completed' || state === 'failed');
    const last = isNewer ? await get() : job;
    return last && toRecord(last, state);
  }

  async function jobsOf(type: (typeof TYPES)[number]): Promise<JobRecord[]> {
    const jobs = (await queue.getJobs([type])) as (Job | undefined)[];
    const state = type === 'wait' ? 'waiting' : type;
    return jobs.flatMap((job) => (job === undefined ? [] : [toRecord(job, state)]));
  }

  return {
    async ask(kind, data) {
      // What the kinds are made of is loaded by those who ask alone.
      const { checkJob } = await import('./job-kinds.ts');
      const asked = checkJob(kind, data);
      await asked.kind.check?.(redis, asked.data);
      const isKnown = (await queue.getDeduplicationJobId(asked.workId)) !== null;
      if (!isKnown && (await queue.getWaitingCount()) >= WAITING_MAX)
        throw new TooManyJobs(`jobs: expected fewer than ${WAITING_MAX} that wait, found that many; cancel some`);
      const options = { ...JOB_OPTIONS, deduplication: { id: asked.workId } };
      const { id } = await queue.add(asked.kind.name, asked.data, options);
      return { job: (await find(id!))!, isNew: !isKnown };
    },
    find,
    async list() {
      const jobs = (await Promise.all(TYPES.map(jobsOf))).flat();
      // One that changes its state meanwhile is seen in both.
      const byId = new Map(jobs.map((job) => [job.id, job]));
      return [...byId.values()].sort(newestFirst);
    },
    async cancel(id) {
      const job = await find(id);
      if (job === undefined || hasEnded(job)) return job && 'ended';
      if (job.state === 'scheduled') return 'scheduled';
      if (job.state === 'waiting' && (await remove(queue, id))) return 'removed';
      await redis.set(jobCancelKey(id), '1', 'EX', CANCEL_SECONDS);
      return 'told';
    },
    waiting: async () => queue.getWaitingCount(),
    async repeatDaily(name, at, kind) {
      if (at === undefined) {
        await queue.removeJobScheduler(name);
        return;
      }
      const [hour, minute] = at.split(':').map(Number);
      const pattern = `${minute} ${hour} * * *`;
      // Setting it anew would leave out a run that was missed.
      if ((await queue.getJobScheduler(name))?.pattern === pattern) return;
      await queue.upsertJobScheduler(name, { pattern, tz: 'UTC' }, { name: kind, data: {}, opts: JOB_OPTIONS });
    },
    nextRun: async (name) => (await queue.getJobScheduler(name))?.next,
    close: () => queue.close(),
  };
}

/** @returns false where it is being worked on by now */
async function remove(queue: Queue, id: string): Promise<boolean> {
  try {
    return (await queue.remove(id)) > 0;
  } catch {
    return false;
  }
}

export function newestFirst(one: JobRecord, other: JobRecord): number {
  return other.createdTime - one.createdTime || other.id.localeCompare(one.id, 'en', { numeric: true });
}
