import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { Redis } from 'ioredis';
import * as assert from 'uvu/assert';
import type { JobQueue } from '../../../services/jobs/job-queue.ts';
import type { JobRecord } from '../../../services/jobs/job-record.ts';
import { JOBS } from '../../../streams/keys.ts';
import { until } from '../../support/until.ts';

/** A job is another's at the latest so long after its process has said its last. */
const LOCK_MAX_MS = 10_000;

export interface WorkerServers {
  readonly redisUrl: string;
  /** Nowhere where not said: not every kind needs it. */
  readonly questdbUrl?: string;
  /** Beside that of the tests. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts a worker of jobs as a process. */
export function startWorker({ redisUrl, questdbUrl = 'http://127.0.0.1:1', env = {} }: WorkerServers): ChildProcess {
  return forkWorker([redisUrl, questdbUrl], env);
}

export interface HaltingWorker {
  /** Lets it go on until the job has come so far, where it halts. @returns the job */
  untilJob(what: string, id: string, fits: (job: JobRecord) => boolean): Promise<JobRecord>;
  /** Kills it where it halts, and lets the time of its lock on the job pass. */
  kill(redis: Redis, id: string): Promise<void>;
}

/**
 * Starts one that halts each time that it has told how far a job is. So it can be killed in the middle of one however
 * late this process is.
 */
export function startHaltingWorker(servers: WorkerServers, queue: JobQueue): HaltingWorker {
  const { redisUrl, questdbUrl = 'http://127.0.0.1:1', env = {} } = servers;
  const child = forkWorker([redisUrl, questdbUrl, 'halts'], env);
  return {
    untilJob: (what, id, fits) =>
      until(what, async () => {
        const job = await queue.find(id);
        if (job !== undefined && fits(job)) return job;
        child.kill('SIGCONT');
        return false;
      }),
    async kill(redis, id) {
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
      const lock = `${JOBS.prefix}:${JOBS.queue}:${id}:lock`;
      // Less than nothing: −2 where its time has passed already, −1 where it would never pass.
      const leftMs = await redis.pttl(lock);
      assert.ok(leftMs === -2 || (leftMs >= 0 && leftMs <= LOCK_MAX_MS), `the lock on job ${id} lasts ${leftMs} ms`);
      await redis.del(lock);
    },
  };
}

function forkWorker(args: readonly string[], env: Readonly<Record<string, string>>): ChildProcess {
  return fork(new URL('./worker-process.ts', import.meta.url), args, { env: { ...process.env, ...env } });
}
