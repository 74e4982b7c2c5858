import { useCallback, useState } from 'preact/hooks';
import { get, post } from '../api/client.ts';
import { fieldsOf } from '../api/fields.ts';
import type { Problem } from '../api/problem.ts';
import { grouped } from '../format/decimal.ts';
import { dateTime } from '../format/time.ts';
import { type DecisionComparison, type Divergence, readComparison } from '../market/decision-comparison.ts';
import { type DonJob, readJob } from '../market/jobs.ts';
import { ComparisonCharts } from './comparison-charts.tsx';
import { ProblemText } from './problem-text.tsx';
import { usePolled } from './use-polled.ts';

const [RUNNING_PERIOD_MS, ENDED_PERIOD_MS] = [1_000, 600_000];

/** Runs the last session of an account again from the log, and shows whether its decisions and its equity come out the same. */
export function VerifyDecisions({ account, unit }: { readonly account: string; readonly unit: string }) {
  const [job, setJob] = useState<string | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);

  async function begin(): Promise<void> {
    const asked = { kind: 'verify-decisions', data: { account } };
    const answer = await post('/jobs', asked, (body) => fieldsOf('job', body).text('id'));
    setProblem(answer.isOk ? null : answer.problem);
    if (answer.isOk) setJob(answer.value);
  }

  return (
    <section class="verify-decisions" aria-label={`Decisions of ${account}`}>
      <div>
        <button type="button" class="button" onClick={begin}>
          Verify decisions
        </button>
      </div>
      <ProblemText problem={problem} />
      {job === null ? null : <Verification key={job} id={job} unit={unit} />}
    </section>
  );
}

interface VerifyJob {
  readonly job: DonJob;
  /** null: it is not done. */
  readonly comparison: DecisionComparison | null;
}

function readVerifyJob(body: unknown): VerifyJob {
  const job = readJob(body);
  return { job, comparison: job.state === 'done' ? readComparison(fieldsOf('job', body).raw('result')) : null };
}

function Verification({ id, unit }: { readonly id: string; readonly unit: string }) {
  const [hasEnded, setHasEnded] = useState(false);
  const question = useCallback(
    async (signal: AbortSignal) => {
      const answer = await get(`/jobs/${encodeURIComponent(id)}`, readVerifyJob, signal);
      if (answer.isOk && answer.value.job.endedMs !== null) setHasEnded(true);
      return answer;
    },
    [id],
  );
  const { value, problem } = usePolled(question, hasEnded ? ENDED_PERIOD_MS : RUNNING_PERIOD_MS);
  if (value === null) return problem === null ? <p class="dim">Asking</p> : <ProblemText problem={problem} />;
  const { job, comparison } = value;
  if (comparison !== null) return <Outcome comparison={comparison} unit={unit} />;
  if (job.error !== null) return <p class="field-problem">{job.error}</p>;
  if (job.state === 'cancelled') return <p class="dim">It was cancelled</p>;
  const share = job.progress?.share ?? null;
  return (
    <>
      <progress aria-label="Progress of the verification" max={1} {...(share === null ? {} : { value: share })} />
      <p class="dim">{job.progress?.text ?? 'It waits for its turn'}</p>
    </>
  );
}

function Outcome({ comparison, unit }: { readonly comparison: DecisionComparison; readonly unit: string }) {
  const { obstacle, divergence, decisions, differenceMax, points } = comparison;
  if (obstacle !== null) return <p class="warn-text">The session cannot be run again: {obstacle}.</p>;
  const apart = differenceMax === 0 ? null : `${grouped(differenceMax, differenceMax < 1 ? 6 : 2)} ${unit}`;
  return (
    <>
      {divergence === null ? (
        <p role="status" data-testid="verified">
          <span class="dot dot-good" /> Forward test and backtest are the same: {grouped(decisions, 0)} decisions, to
          the last bit. The difference of their equity is 0 throughout.
        </p>
      ) : (
        <DivergenceText divergence={divergence} before={decisions} />
      )}
      {divergence === null ? null : (
        <p class="dim">
          {apart === null
            ? 'The difference of their equity is 0 throughout all the same.'
            : `Their equities are ${apart} apart at most.`}
        </p>
      )}
      <ComparisonCharts points={points} divergedMs={divergence?.timeMs ?? null} isApart={apart !== null} unit={unit} />
    </>
  );
}

function DivergenceText({ divergence, before }: { readonly divergence: Divergence; readonly before: number }) {
  const { kind, event, entryId, timeMs, differing } = divergence;
  return (
    <div class="refusal" role="alert" data-testid="divergence">
      <p>
        The {kind}
        {timeMs === null ? '' : ` of ${dateTime(timeMs)} UTC`}, event {grouped(event, 0)} of the session
        {entryId === null ? '' : `, behind entry ${entryId} of the log`}, comes out otherwise.{' '}
        {before === 0
          ? 'No decision before it was checked.'
          : `${grouped(before, 0)} decisions before it are the same.`}
      </p>
      <ul>
        {differing.map(({ field, stored, again }) => (
          <li key={field}>
            <code>{field}</code>: was {stored}; comes out as {again}
          </li>
        ))}
      </ul>
    </div>
  );
}
