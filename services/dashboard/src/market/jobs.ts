import { type Fields, fieldsOf, isObject } from '../api/fields.ts';
import { grouped } from '../format/decimal.ts';
import { duration } from '../format/time.ts';

/** Long work that the service `jobs` does. */
export interface DonJob {
  readonly id: string;
  readonly kind: string;
  readonly state: 'scheduled' | 'waiting' | 'running' | 'done' | 'failed' | 'cancelled';
  /** What it is about: instrument, set and the like. */
  readonly subject: string;
  readonly progress: JobProgress | null;
  /** Why it failed. */
  readonly error: string | null;
  readonly createdMs: number;
  /** When one that is scheduled comes; null where it is not known. */
  readonly dueMs: number | null;
  readonly startedMs: number | null;
  readonly endedMs: number | null;
}

export interface JobProgress {
  /** From 0 to 1; null where it is not known. */
  readonly share: number | null;
  /** `filling live: 12,400 of 90,000 rows · 3,100/s · 25 s left` */
  readonly text: string;
}

const STATES = ['scheduled', 'waiting', 'running', 'done', 'failed', 'cancelled'] as const;
/** What is being done stands above what will be, and that above what has ended. */
const RANKS: Readonly<Record<DonJob['state'], number>> = {
  running: 0,
  waiting: 1,
  scheduled: 2,
  done: 3,
  failed: 3,
  cancelled: 3,
};

/** @throws TypeError naming the field that is not as expected */
export function readJob(value: unknown): DonJob {
  const fields = fieldsOf('job', value);
  const state = fields.text('state');
  const found = STATES.find((known) => known === state);
  if (found === undefined) throw new TypeError(`job/state: expected one of ${STATES.join(', ')}, was ${state}`);
  return {
    id: fields.text('id'),
    kind: fields.text('kind'),
    state: found,
    subject: subjectOf(fields.raw('data')),
    progress: isObject(fields.raw('progress')) ? readProgress(fieldsOf('job/progress', fields.raw('progress'))) : null,
    error: fields.textOrNull('error'),
    createdMs: fields.timeMs('createdTime'),
    dueMs: fields.timeMsOrNull('dueTime'),
    startedMs: fields.timeMsOrNull('startedTime'),
    endedMs: fields.timeMsOrNull('endedTime'),
  };
}

function subjectOf(data: unknown): string {
  if (!isObject(data)) return '';
  return ['account', 'set', 'instrument', 'other', 'recording'].flatMap((name) => data[name] ?? []).join(' · ');
}

function readProgress(fields: Fields): JobProgress {
  const of = fields.numberOrNull('of');
  const rate = fields.numberOrNull('rate');
  const leftS = fields.numberOrNull('secondsLeft');
  const count = `${grouped(fields.number('done'), 0)}${of === null ? '' : ` of ${grouped(of, 0)}`} ${fields.text('unit')}`;
  const parts = [
    `${fields.text('text')}: ${count}`,
    rate === null ? null : `${grouped(rate, 0)}/s`,
    leftS === null ? null : `${duration(leftS * 1_000)} left`,
  ];
  return { share: fields.numberOrNull('share'), text: parts.filter((part) => part !== null).join(' · ') };
}

/** Those that run first, then those to come, then the last that have ended. */
export function inOrder(jobs: readonly DonJob[]): readonly DonJob[] {
  return jobs.toSorted((a, b) => RANKS[a.state] - RANKS[b.state] || b.createdMs - a.createdMs);
}

export function canBeCancelled({ state }: DonJob): boolean {
  return state === 'running' || state === 'waiting';
}

/** How the last job that verified everything came out. */
export interface LastVerify {
  readonly endedMs: number;
  readonly rows: number;
  readonly differences: number;
  /** Recordings and sets that were derived by another version, which says nothing of them. */
  readonly outdated: number;
}

/** Null where there was none yet. @throws TypeError naming the field */
export function readLastVerify(value: unknown): LastVerify | null {
  if (!isObject(value)) return null;
  const fields = fieldsOf('status/lastVerify', value);
  return {
    endedMs: fields.timeMs('time'),
    rows: fields.number('rows'),
    differences: fields.number('differenceCount'),
    outdated: fields.list('outdated').length,
  };
}
