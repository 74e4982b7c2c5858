import { setTimeout as sleep } from 'node:timers/promises';
import { connectRedis } from '../../infra/redis.ts';
import { BadInput } from '../../infra/setup-error.ts';
import { readStatus } from '../../streams/status.ts';
import { followJob } from '../jobs/follow-job.ts';
import { BadJobData } from '../jobs/job-kind.ts';
import { type JobQueue, openJobQueue } from '../jobs/job-queue.ts';
import { hasEnded, type JobRecord } from '../jobs/job-record.ts';
import { type JobWorker, startJobWorker } from '../jobs/job-worker.ts';
import type { Context } from './command.ts';
import { barOf } from './job-progress.ts';
import { createProgressDisplay } from './progress.ts';

export interface JobServers {
  readonly redisUrl: string;
  readonly questdbUrl: string;
  /** For kinds that need it. */
  readonly postgresUrl?: string | undefined;
}

export interface AskedWork {
  readonly kind: string;
  readonly data: Readonly<Record<string, unknown>>;
  /** Whether the fields of its data are those of a file, and not flags. */
  readonly isOfFile?: boolean | undefined;
  /** Not to be followed: only its id is told. */
  readonly isDetached: boolean;
}

/** How a job that was followed came out. */
export type Followed = { readonly job: JobRecord } | { readonly exit: number };

/**
 * Asks for a job and follows it with a bar until it has ended. Where no service works on jobs, this process does, until then.
 * @returns the job that is done, or the exit status where it is not
 * @throws where it failed
 */
export async function workJob(
  { say, print, json, signal }: Pick<Context, 'say' | 'print' | 'json' | 'signal'>,
  { redisUrl, questdbUrl, postgresUrl }: JobServers,
  { kind, data, isOfFile = false, isDetached }: AskedWork,
): Promise<Followed> {
  const redis = await connectRedis(redisUrl);
  const queue = openJobQueue(redis);
  let worker: JobWorker | undefined;
  try {
    const { job, isNew } = await ask(queue, { kind, data }, isOfFile ? '' : '--');
    const { id } = job;
    if (!isNew) say(`This is being done already, as job ${id}.`);
    const isServed = (await readStatus(redis, 'jobs')) !== undefined;
    if (isDetached) {
      if (!isServed) say(`No service works on jobs now: it waits until Don runs (don start).`);
      else if (isNew) say(`It goes on by itself: don jobs follow ${id} shows it.`);
      print(json ? JSON.stringify(job) : id);
      return { exit: 0 };
    }
    if (!isServed) worker = await startJobWorker({ redisUrl, questdbUrl, postgresUrl, jobsMax: 1, log: () => {} });
    const end = await followWithBar(queue, id, signal);
    if (end !== undefined && hasEnded(end)) return { job: checkDone(id, end) };
    const isOurs = worker?.running().some((running) => running.id === id) ?? false;
    if (signal.aborted && isOurs) {
      await queue.cancel(id);
      // Ends by itself, after its grace at the latest.
      while (worker?.running().some((running) => running.id === id)) await sleep(50);
      say('Interrupted. The same command goes on from here.');
      return { exit: 130 };
    }
    if (signal.aborted) {
      say(`Interrupted. Job ${id} goes on: don jobs follow ${id} shows it, don jobs cancel ${id} ends it.`);
      return { exit: 130 };
    }
    return { job: checkDone(id, end) };
  } finally {
    await worker?.stop();
    await queue.close();
    redis.disconnect();
  }
}

/** Shows a job's progress until it has ended, or the signal aborts. @returns undefined where it was taken out */
export async function followWithBar(queue: JobQueue, id: string, signal: AbortSignal): Promise<JobRecord | undefined> {
  const display = createProgressDisplay(process.stderr);
  const onChange = (job: JobRecord): void => {
    const bar = barOf(job);
    if (bar !== undefined && job.state === 'running') display.update(bar);
  };
  try {
    return await followJob(queue, id, { onChange, signal });
  } finally {
    display.end();
  }
}

/** @throws where the job is not done */
export function checkDone(id: string, job: JobRecord | undefined): JobRecord {
  if (job === undefined) throw new Error(`job ${id} was cancelled before it began`);
  if (job.state === 'cancelled') throw new Error(`job ${id} was cancelled`);
  if (job.state === 'failed') throw new Error(`job ${id} failed: ${job.error}`);
  return job;
}

/** Fields of a job are flags here, or fields of a file. */
async function ask(queue: JobQueue, { kind, data }: Pick<AskedWork, 'kind' | 'data'>, field: '' | '--') {
  try {
    return await queue.ask(kind, data);
  } catch (error) {
    if (error instanceof BadJobData) throw new BadInput(error.message.replaceAll('data/', field));
    throw error;
  }
}
