import { useCallback, useState } from 'preact/hooks';
import { get, itemsOf } from '../api/client.ts';
import { clock } from '../clock.ts';
import { duration } from '../format/time.ts';
import { useStore } from '../store/use-store.ts';
import { readRun, seedsText, type TrainingRun } from '../training/run.ts';
import { ProblemText } from './problem-text.tsx';
import { RunProgress, RunState, stepsText } from './run-state.tsx';
import { ItemButton } from './training-item.tsx';
import { usePolled } from './use-polled.ts';

const PERIOD_MS = 2_000;
const SHOWN = 25;
/** As the API lists them at most. */
const SHOWN_MAX = 1_000;

/** Training runs, the newest first. */
export function RunList(props: { readonly left: string | null; readonly onOpen: (id: string) => void }) {
  const [limit, setLimit] = useState(SHOWN);
  const { value: runs, problem } = usePolled(
    useCallback((signal: AbortSignal) => get(`/runs?limit=${limit}`, itemsOf('runs', readRun), signal), [limit]),
    PERIOD_MS,
  );
  return (
    <>
      <ProblemText problem={problem} />
      {runs === null ? (
        problem === null ? (
          <p class="dim">Loading the runs</p>
        ) : null
      ) : runs.length === 0 ? (
        <p class="dim">
          Nothing was trained yet: <code>npx don train</code>
        </p>
      ) : (
        <ul class="job-list" aria-label="Runs">
          {runs.map((run) => (
            <RunRow key={run.id} run={run} hasBeenLeft={run.id === props.left} onOpen={() => props.onOpen(run.id)} />
          ))}
        </ul>
      )}
      {runs !== null && runs.length === limit && limit < SHOWN_MAX ? (
        <button type="button" class="button" onClick={() => setLimit(Math.min(SHOWN_MAX, limit * 2))}>
          Show older ones
        </button>
      ) : null}
    </>
  );
}

function RunRow(props: { readonly run: TrainingRun; readonly hasBeenLeft: boolean; readonly onOpen: () => void }) {
  const { run, hasBeenLeft, onOpen } = props;
  const { id, status, instrument, interval, seeds, progress, createdMs, error, outcome } = run;
  const nowMs = useStore(clock);
  const title = `${instrument} ${interval}`;
  return (
    <li class="job" data-testid="run">
      <div class="job-head">
        <ItemButton label={`Run ${id}, ${title}`} hasBeenLeft={hasBeenLeft} onOpen={onOpen}>
          <b>{title}</b>
        </ItemButton>
        <span class="dim">{seedsText(seeds)}</span>
        <code class="dim">{id}</code>
        <RunState status={status} />
      </div>
      {status === 'running' ? <RunProgress run={run} progress={progress ?? []} /> : null}
      <p class="dim">
        begun {duration(Math.max(0, nowMs - createdMs))} ago
        {status === 'running' && progress !== null ? ` · ${stepsText(run, progress)}` : ''}
      </p>
      {outcome === null ? null : <p class="run-gist">{outcome.verdict}</p>}
      {error === null ? null : <p class="field-problem run-gist">{error}</p>}
    </li>
  );
}
