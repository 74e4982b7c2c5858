import { useState } from 'preact/hooks';
import { announce } from '../announcer.ts';
import { type Answer, cancel, get, itemsOf } from '../api/client.ts';
import { clock } from '../clock.ts';
import { grouped } from '../format/decimal.ts';
import { dateTime, duration } from '../format/time.ts';
import { canBeCancelled, type DonJob, inOrder, type LastVerify, readJob } from '../market/jobs.ts';
import { systemStatus } from '../session.ts';
import { useStore } from '../store/use-store.ts';
import { Dialog, DialogHead } from './dialog.tsx';
import { ProblemText } from './problem-text.tsx';
import { usePolled } from './use-polled.ts';

const PERIOD_MS = 1_000;
const JOBS_MAX = 20;

function askJobs(signal: AbortSignal): Promise<Answer<DonJob[]>> {
  return get(`/jobs?limit=${JOBS_MAX}`, itemsOf('jobs', readJob), signal);
}

/** Long work: what runs, what is to come, what has ended; and how the last verification came out. */
export function JobsDialog({ onClose }: { readonly onClose: () => void }) {
  const { value: jobs, problem, ask } = usePolled(askJobs, PERIOD_MS);
  const status = useStore(systemStatus);
  return (
    <Dialog label="Jobs" class="help jobs" onClose={onClose}>
      <DialogHead title="Jobs" />
      <VerifyState last={status?.lastVerify ?? null} />
      <ProblemText problem={problem} />
      {jobs === null ? (
        problem === null ? (
          <p class="dim">Loading the jobs</p>
        ) : null
      ) : jobs.length === 0 ? (
        <p class="dim">No job was asked for yet</p>
      ) : (
        <ul class="job-list">
          {inOrder(jobs).map((job) => (
            <JobRow key={job.id} job={job} onCancelled={ask} />
          ))}
        </ul>
      )}
    </Dialog>
  );
}

function VerifyState({ last }: { readonly last: LastVerify | null }) {
  if (last === null)
    return <p class="verify-state dim">Everything stored was not verified yet; that is done each night.</p>;
  const { endedMs, rows, differences, outdated } = last;
  const isGood = differences === 0;
  return (
    <p class="verify-state">
      <span class={`dot dot-${isGood ? 'good' : 'bad'}`} />
      Verified {dateTime(endedMs)} UTC: {grouped(rows, 0)} rows,{' '}
      {isGood ? 'none differs' : `${grouped(differences, 0)} differ`}
      {outdated === 0 ? '' : `, ${outdated} of another version`}
    </p>
  );
}

const DOTS: Readonly<Record<DonJob['state'], string>> = {
  scheduled: 'idle',
  waiting: 'idle',
  running: 'good',
  done: 'good',
  failed: 'bad',
  cancelled: 'idle',
};

function JobRow({ job, onCancelled }: { readonly job: DonJob; readonly onCancelled: () => void }) {
  const { id, kind, state, subject, progress, error } = job;
  const [refusal, setRefusal] = useState<string | null>(null);

  async function stop(): Promise<void> {
    const answer = await cancel(`/jobs/${encodeURIComponent(id)}`);
    setRefusal(answer.isOk ? null : answer.problem.detail);
    if (answer.isOk) announce(`${kind} is being cancelled`);
    onCancelled();
  }

  return (
    <li class="job" data-testid="job">
      <div class="job-head">
        <b>{kind}</b>
        <span class="job-subject dim">{subject}</span>
        <span class="job-state">
          {state === 'running' ? null : <span class={`dot dot-${DOTS[state]}`} />}
          {state}
        </span>
        {canBeCancelled(job) ? (
          <button type="button" class="button" aria-label={`Cancel ${kind} ${subject}`} onClick={stop}>
            Cancel
          </button>
        ) : null}
      </div>
      {state === 'running' ? (
        // Without a value it says that it goes on, and not how far it is.
        <progress
          aria-label={`Progress of ${kind}`}
          max={1}
          {...(progress?.share == null ? {} : { value: progress.share })}
        />
      ) : null}
      <p class="dim">
        <JobTimes job={job} />
        {progress === null || state !== 'running' ? '' : ` · ${progress.text}`}
      </p>
      {error === null && refusal === null ? null : <p class="field-problem">{error ?? refusal}</p>}
    </li>
  );
}

function JobTimes({ job: { state, createdMs, dueMs, startedMs, endedMs } }: { readonly job: DonJob }) {
  const nowMs = useStore(clock);
  if (state === 'scheduled') return <>{dueMs === null ? 'comes by itself' : `due ${dateTime(dueMs)} UTC`}</>;
  if (startedMs === null) return <>since {dateTime(createdMs)} UTC</>;
  const tookMs = (endedMs ?? nowMs) - startedMs;
  return (
    <>
      {dateTime(startedMs)} UTC · {endedMs === null ? 'for' : 'took'} {duration(tookMs)}
    </>
  );
}
