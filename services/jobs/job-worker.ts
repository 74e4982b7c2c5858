import { type Job, WaitingError, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import { connectRedis } from '../../infra/redis.ts';
import type { Log } from '../../infra/service.ts';
import { JOBS, jobCancelKey } from '../../streams/keys.ts';
import { CANCELLED, type KeptProgress, type ToldProgress } from './job-record.ts';
import { createProgressGauge } from './progress-gauge.ts';
import { runInThread } from './run-in-thread.ts';

export interface JobWorkerOptions {
  readonly redisUrl: string;
  /** QuestDB over HTTP. */
  readonly questdbUrl: string;
  /** For kinds that need it. */
  readonly postgresUrl?: string | undefined;
  /** Jobs side by side. */
  readonly jobsMax: number;
  readonly log: Log;
  /** How often jobs of a process that died are looked for. */
  readonly lookEveryMs?: number;
}

/** A job that is being worked on. */
export interface RunningJob {
  readonly id: string;
  readonly kind: string;
  readonly progress: ToldProgress | null;
}

export interface JobWorker {
  running(): readonly RunningJob[];
  /** Stops; what runs waits again, for whoever comes next. */
  stop(): Promise<void>;
}

/** How long a process may be silent before its job is another's. */
const LOCK_MS = 10_000;
/**
 * Jobs of a process that died are looked for so often. One is taken up again after at most the lock's time and two looks,
 * 18 s: the first sees it, the second that it has no lock.
 */
const LOOK_EVERY_MS = 4_000;
/** A job that takes its process with it so often is given up. */
const STALLS_MAX = 10;
const TELL_EVERY_MS = 500;
const LOOK_FOR_CANCEL_MS = 500;

interface Run {
  readonly id: string;
  readonly kind: string;
  readonly abort: AbortController;
  told: ToldProgress | null;
}

/** Takes jobs up, one thread each, until it is stopped. */
export async function startJobWorker(options: JobWorkerOptions): Promise<JobWorker> {
  const { redisUrl, questdbUrl, postgresUrl, jobsMax, log, lookEveryMs = LOOK_EVERY_MS } = options;
  const redis = await connectRedis(redisUrl, { patient: true });
  const runs = new Map<string, Run>();
  let isStopping = false;

  async function work(job: Job, token?: string): Promise<unknown> {
    const run: Run = { id: job.id!, kind: job.name, abort: new AbortController(), told: null };
    runs.set(run.id, run);
    log('info', 'job begins', { id: run.id, kind: run.kind, starts: job.attemptsStarted });
    try {
      if (await isCancelled(redis, run.id)) throw new Error(CANCELLED);
      const { saved } = (job.progress || {}) as Partial<KeptProgress>;
      const teller = createTeller(job, run, saved, log);
      const thread = { kind: job.name, data: job.data, saved, redisUrl, questdbUrl, postgresUrl };
      const result = await runInThread(thread, { ...teller, signal: run.abort.signal });
      await teller.end();
      log('info', 'job done', { id: run.id, kind: run.kind });
      return result;
    } catch (error) {
      if (isStopping) {
        await job.moveToWait(token);
        throw new WaitingError();
      }
      const reason = run.abort.signal.aborted ? String(run.abort.signal.reason) : (error as Error).message;
      log(reason === CANCELLED ? 'info' : 'error', `job ${run.id} failed: ${reason}`, { kind: run.kind });
      throw new Error(reason);
    } finally {
      runs.delete(run.id);
      await redis.del(jobCancelKey(run.id));
    }
  }

  const worker = new Worker(JOBS.queue, work, {
    connection: redis,
    prefix: JOBS.prefix,
    concurrency: jobsMax,
    lockDuration: LOCK_MS,
    stalledInterval: lookEveryMs,
    maxStalledCount: STALLS_MAX,
    skipVersionCheck: true,
  });
  worker.on('error', (error) => log('warn', error.message));
  worker.on('stalled', (id) => log('warn', `job ${id} was left by its process; it is taken up again`));
  // Another has taken it up, or will: two must not go on.
  worker.on('lockRenewalFailed', (ids) => {
    for (const id of ids) runs.get(id)?.abort.abort('its lock was lost');
  });
  const looking = setInterval(() => {
    for (const { id, abort } of runs.values())
      isCancelled(redis, id).then(
        (isWanted) => isWanted && abort.abort(CANCELLED),
        () => {},
      );
  }, LOOK_FOR_CANCEL_MS);

  return {
    running: () => [...runs.values()].map(({ id, kind, told }) => ({ id, kind, progress: told })),
    async stop() {
      isStopping = true;
      clearInterval(looking);
      for (const { abort } of runs.values()) abort.abort('its process stops');
      await worker.close();
      redis.disconnect();
    },
  };
}

/** Tells of a job's progress, not more often than it is looked at. */
function createTeller(job: Job, run: Run, savedBefore: unknown, log: Log) {
  const gauge = createProgressGauge();
  let saved = savedBefore;
  let toldMs = Number.NEGATIVE_INFINITY;
  let last: Promise<void> = Promise.resolve();

  function tell(): void {
    toldMs = Date.now();
    const kept: KeptProgress = { told: run.told, ...(saved === undefined ? {} : { saved }) };
    last = last
      .then(() => job.updateProgress(kept))
      .catch((error: Error) => log('warn', `the progress of job ${run.id} could not be kept: ${error.message}`));
  }

  return {
    onProgress(progress: Parameters<typeof gauge>[0]): void {
      run.told = gauge(progress, Date.now());
      if (Date.now() - toldMs >= TELL_EVERY_MS) tell();
    },
    onSaved(state: unknown): void {
      saved = state;
      tell();
    },
    /** What was said last, without what only a restart needs. */
    async end(): Promise<void> {
      saved = undefined;
      tell();
      await last;
    },
  };
}

async function isCancelled(redis: Redis, id: string): Promise<boolean> {
  return (await redis.exists(jobCancelKey(id))) === 1;
}
