import type { JobState as BullState, Job } from 'bullmq';
import type { JobProgress } from './job-kind.ts';

export const JOB_STATES = ['scheduled', 'waiting', 'running', 'done', 'failed', 'cancelled'] as const;
export type JobState = (typeof JOB_STATES)[number];

/** What the reason of a failure is where the job was cancelled. */
export const CANCELLED = 'cancelled';

/** Progress as it is told: with how fast it goes. */
export interface ToldProgress extends JobProgress {
  /** Things a second, of the last seconds; null where it is not known yet. */
  readonly rate: number | null;
  readonly secondsLeft: number | null;
}

/** What is kept of a job while it runs. */
export interface KeptProgress {
  readonly told: ToldProgress | null;
  /** What the job goes on with when it is taken up again. */
  readonly saved?: unknown;
}

/** A job as the CLI and the API show it. Times are µs since the epoch. */
export interface JobRecord {
  readonly id: string;
  readonly kind: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly state: JobState;
  readonly progress: ToldProgress | null;
  /** Present once it is done. */
  readonly result: unknown;
  /** Why it failed. */
  readonly error: string | null;
  /** How often it was taken up: more than once where its process was stopped or killed. */
  readonly starts: number;
  readonly createdTime: number;
  /** When one that is scheduled begins. */
  readonly dueTime: number | null;
  readonly startedTime: number | null;
  readonly endedTime: number | null;
}

const STATES: Readonly<Record<string, JobState>> = {
  delayed: 'scheduled',
  active: 'running',
  completed: 'done',
  failed: 'failed',
};

/** @param state BullMQ's own */
export function toRecord(job: Job, state: BullState | 'unknown'): JobRecord {
  const isCancelled = state === 'failed' && job.failedReason === CANCELLED;
  const { told = null } = (job.progress || {}) as Partial<KeptProgress>;
  return {
    id: job.id!,
    kind: job.name,
    data: job.data,
    state: isCancelled ? 'cancelled' : (STATES[state] ?? 'waiting'),
    progress: told,
    result: job.returnvalue ?? null,
    error: state === 'failed' && !isCancelled ? job.failedReason : null,
    starts: job.attemptsStarted,
    createdTime: job.timestamp * 1_000,
    dueTime: state === 'delayed' ? (job.timestamp + job.delay) * 1_000 : null,
    startedTime: micros(job.processedOn),
    endedTime: micros(job.finishedOn),
  };
}

function micros(ms: number | undefined): number | null {
  return ms === undefined ? null : ms * 1_000;
}

/** Whether nothing more happens to it. */
export function hasEnded({ state }: JobRecord): boolean {
  return state === 'done' || state === 'failed' || state === 'cancelled';
}
