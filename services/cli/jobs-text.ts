import { styleText } from 'node:util';
import type { VerifyReport } from '../deriver/verify-recording.ts';
import type { BackfillReport } from '../features/backfill/backfill.ts';
import type { JobRecord, JobState } from '../jobs/job-record.ts';
import type { StudyReport } from '../optimise/report/study-report.ts';
import { studyText } from '../optimise/report/study-text.ts';
import { clockOf } from '../trainer/model/model-clock.ts';
import type { RunConfig } from '../trainer/run/run-config.ts';
import type { RunReport } from '../trainer/run/run-report.ts';
import { trainText } from '../trainer/run/run-text.ts';
import { backfillText } from './features-text.ts';
import { table } from './table.ts';
import { formatTime } from './time.ts';
import { isEqual, verifyText } from './verify-text.ts';

const COLOURS: Partial<Record<JobState, 'green' | 'red' | 'yellow' | 'cyan'>> = {
  running: 'cyan',
  done: 'green',
  failed: 'red',
  cancelled: 'yellow',
};

/** A line each. */
export function jobsText(jobs: readonly JobRecord[]): string {
  if (jobs.length === 0) return 'There are no jobs.';
  const rows = jobs.map((job) => [
    job.id,
    job.kind,
    stateText(job),
    dataText(job),
    seconds(job.createdTime),
    lasted(job),
    detail(job),
  ]);
  return table(['ID', 'KIND', 'STATE', 'OF', 'ASKED', 'TOOK', ''], rows, ['TOOK']);
}

/** All of one, with its result. */
export function jobText(job: JobRecord): string {
  const { id, kind, createdTime, startedTime, endedTime, starts, error } = job;
  const time = (us: number | null): string => (us === null ? '–' : seconds(us));
  const facts = [
    ['job', `${id}, ${kind}`],
    ['state', stateText(job)],
    ['of', dataText(job)],
    ['asked', time(createdTime)],
    ['begun', `${time(startedTime)}${starts > 1 ? ` (taken up ${starts} times)` : ''}`],
    ['ended', `${time(endedTime)}${endedTime === null ? '' : `, after ${lasted(job)}`}`],
    ...(job.state === 'running' && job.progress !== null ? [['now', detail(job)]] : []),
    ...(error === null ? [] : [['failed', error]]),
  ];
  const lines = facts.map(([name, value]) => `${name!.padEnd(8)}${value}`).join('\n');
  const result = resultText(job);
  return result === undefined ? lines : `${lines}\n\n${result}`;
}

/** What a job found, for people; undefined where it has no result. */
export function resultText({ kind, result }: JobRecord): string | undefined {
  if (result === null) return undefined;
  if (kind === 'features-backfill') return backfillText(itemsOf<BackfillReport>(result));
  if (kind === 'verify') return verifyText(itemsOf<VerifyReport>(result));
  if (kind === 'optimise') return studyText(result as StudyReport);
  if (kind === 'train') return trainText(result as RunReport);
  return JSON.stringify(result, null, 2);
}

/** Whether what it found is well: a verification may be done and have found differences. */
export function isWell({ kind, state, result }: JobRecord): boolean {
  return state === 'done' && (kind !== 'verify' || itemsOf<VerifyReport>(result).every(isEqual));
}

function itemsOf<Item>(result: unknown): readonly Item[] {
  return (result as { readonly items: readonly Item[] }).items;
}

function stateText({ state }: JobRecord): string {
  const colour = COLOURS[state];
  return colour === undefined ? state : styleText(colour, state, { stream: process.stdout });
}

function dataText({ kind, data }: JobRecord): string {
  if (kind === 'train') return trainingText(data as unknown as RunConfig);
  const parts = Object.entries(data).map(([name, value]) => {
    if (name === 'from' || name === 'to') return `${name} ${formatTime(Number(value))}`;
    return name === 'workers' ? '' : valueText(value);
  });
  return parts.filter((part) => part !== '').join(' ') || 'everything';
}

/** Of a training's config what tells it from others; --json has all. */
function trainingText(config: RunConfig): string {
  const market = 'environment' in config ? ' book' : '';
  return `${config.instrument}${market} ${clockOf(config).interval} seeds ${config.seeds.join(',')}`;
}

/** `5`, `1,2`, `fast from 5 to 50`. */
function valueText(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) return value.map(valueText).join(',');
  if (typeof value !== 'object') return String(value);
  return Object.entries(value)
    .map(([name, part]) => `${name} ${valueText(part)}`)
    .join(' ');
}

function detail({ state, progress, error, kind, result, dueTime }: JobRecord): string {
  if (dueTime !== null) return `due ${seconds(dueTime)}`;
  if (state === 'failed') return error ?? '';
  if (state === 'done' && kind === 'verify') {
    const count = itemsOf<VerifyReport>(result).reduce((sum, { differenceCount }) => sum + differenceCount, 0);
    return count === 0 ? (isWell({ kind, state, result } as JobRecord) ? 'equal' : 'OUTDATED') : `${count} DIFFERENCES`;
  }
  if (state !== 'running' || progress === null) return '';
  const { text, share, done, unit, rate } = progress;
  const parts = [
    ...(share === null ? [] : [`${Math.floor(share * 100)} %`]),
    `${done.toLocaleString('en')} ${unit}`,
    ...(rate === null ? [] : [`${Math.round(rate).toLocaleString('en')}/s`]),
  ];
  return `${text}: ${parts.join(', ')}`;
}

function seconds(us: number): string {
  return `${formatTime(Math.floor(us / 1e6) * 1e6).slice(0, 19)}Z`;
}

function lasted({ startedTime, endedTime, state }: JobRecord): string {
  if (startedTime === null || (endedTime === null && state !== 'running')) return '–';
  const took = ((endedTime ?? Date.now() * 1_000) - startedTime) / 1e6;
  if (took < 120) return `${took.toFixed(1)} s`;
  return took < 7_200 ? `${(took / 60).toFixed(1)} min` : `${(took / 3_600).toFixed(1)} h`;
}
