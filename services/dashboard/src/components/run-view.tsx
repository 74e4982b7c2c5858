import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { announce } from '../announcer.ts';
import { get } from '../api/client.ts';
import { clock } from '../clock.ts';
import { dateTime, duration } from '../format/time.ts';
import { useStore } from '../store/use-store.ts';
import { type FollowedRun, followRun } from '../training/follow-run.ts';
import type { TrainingPlace } from '../training/place.ts';
import { choosingAmong, readRun, type SeedProgress, seedsText, type TrainingRun } from '../training/run.ts';
import { progressOf, type RunUpdates } from '../training/run-updates.ts';
import { Fact, spanText } from './facts.tsx';
import { FiguresTable } from './figures-table.tsx';
import { ProblemText } from './problem-text.tsx';
import { RunCurves } from './run-curves.tsx';
import { RunEpisodes } from './run-episodes.tsx';
import { RunProgress, RunState, stepsText } from './run-state.tsx';
import { ItemHead } from './training-item.tsx';
import { usePolled } from './use-polled.ts';

const PERIOD_MS = 5_000;
/** No update takes that long: what says that it runs and tells nothing may have been killed. */
const SILENT_MS = 300_000;

interface RunViewProps {
  readonly id: string;
  readonly onGo: (place: TrainingPlace) => void;
}

/** One training run: how it learns, live, and what it came to. */
export function RunView({ id, onGo }: RunViewProps) {
  const {
    value: run,
    problem,
    ask,
  } = usePolled(
    useCallback((signal: AbortSignal) => get(`/runs/${encodeURIComponent(id)}`, readRun, signal), [id]),
    PERIOD_MS,
  );
  const [followed, setFollowed] = useState<FollowedRun | null>(null);
  useEffect(() => {
    const following = followRun(id, ask);
    setFollowed(following);
    return () => following.close();
  }, [id]);
  useAnnounced(run);
  return (
    <>
      <ItemHead title={run === null ? `Run ${id}` : `${run.instrument} ${run.interval}`} list="runs" onGo={onGo}>
        {run === null ? null : <RunState status={run.status} />}
      </ItemHead>
      <ProblemText problem={problem} />
      {run === null || followed === null ? (
        problem === null ? (
          <p class="dim">Loading the run</p>
        ) : null
      ) : (
        <FollowedView run={run} followed={followed} onGo={onGo} />
      )}
    </>
  );
}

/** Tells of a status that is another one than it was. */
function useAnnounced(run: TrainingRun | null): void {
  const status = run?.status ?? null;
  const before = useRef(status);
  useEffect(() => {
    if (before.current !== null && status !== null && before.current !== status) announce(`The run is ${status}`);
    before.current = status;
  }, [status]);
}

function FollowedView(props: {
  readonly run: TrainingRun;
  readonly followed: FollowedRun;
  readonly onGo: RunViewProps['onGo'];
}) {
  const { run, followed, onGo } = props;
  const updates = useStore(followed.updates);
  const problem = useStore(followed.problem);
  const progress = updates === null ? (run.progress ?? []) : progressOf(updates);
  return (
    <div class="item">
      <RunFacts run={run} />
      {run.status === 'running' ? <RunProgress run={run} progress={progress} /> : null}
      <RunCourse run={run} progress={progress} followed={followed} />
      {run.outcome === null ? null : <p class="verdict">{run.outcome.verdict}</p>}
      <ProblemText problem={problem} />
      <Curves run={run} updates={updates} hasFailed={problem !== null} />
      <RunEpisodes run={run} />
      {run.outcome === null ? null : <RunTables run={run} onGo={onGo} />}
    </div>
  );
}

function Curves(props: {
  readonly run: TrainingRun;
  readonly updates: RunUpdates | null;
  readonly hasFailed: boolean;
}) {
  const { run, updates, hasFailed } = props;
  if (updates === null) return hasFailed ? null : <p class="dim">Loading the curves</p>;
  if (updates.size > 0) return <RunCurves seeds={run.seeds} updates={updates} />;
  return <p class="dim">{withoutUpdates(run)}</p>;
}

function withoutUpdates(run: TrainingRun): string {
  if (choosingAmong(run, []) !== null)
    return (
      'Its study tries them on the validation span first, which may take long and tells of no update; then it is ' +
      'trained with the best. If its process was killed, the same config trained again goes on from there.'
    );
  return run.status === 'running' ? 'No update has ended yet' : 'There was no update';
}

function RunFacts({ run }: { readonly run: TrainingRun }) {
  const { id, seeds, setup, train, test, outcome, backend, codeVersion, createdMs } = run;
  return (
    <dl class="facts">
      <Fact name="Run">
        <code>{id}</code>, begun {dateTime(createdMs)} UTC
      </Fact>
      <Fact name="Config">{[seedsText(seeds), setup].filter((part) => part !== '').join(', ')}</Fact>
      {outcome?.settings == null ? null : <Fact name="Chosen">{outcome.settings}</Fact>}
      <Fact name="Trained on">{spanText(train)}</Fact>
      {outcome?.validation == null ? null : <Fact name="Validated on">{spanText(outcome.validation)}</Fact>}
      <Fact name="Tested on">{spanText(test)}</Fact>
      <Fact name="Code">
        {codeVersion}, {backend}
      </Fact>
    </dl>
  );
}

/** How far it came, and what to do where it does not go on. */
function RunCourse(props: {
  readonly run: TrainingRun;
  readonly progress: readonly SeedProgress[];
  readonly followed: FollowedRun;
}) {
  const { run, progress, followed } = props;
  const { status, starts, startedMs, endedMs, error } = run;
  const nowMs = useStore(clock);
  const lastMs = useStore(followed.lastMs);
  const silentMs = nowMs - Math.max(startedMs, lastMs ?? 0);
  const taken = starts > 1 ? ` · taken up again ${starts === 2 ? 'once' : `${starts - 1} times`}` : '';
  const since = endedMs === null ? `for ${duration(nowMs - startedMs)}` : `ended ${dateTime(endedMs)} UTC`;
  return (
    <>
      <p class="dim" data-testid="run-course">
        {stepsText(run, progress)} · {since}
        {taken}
      </p>
      {error === null ? null : <p class="field-problem">{error}</p>}
      {status === 'failed' || status === 'stopped' ? (
        <p class="dim">The same config trained again goes on from the last checkpoint of each seed.</p>
      ) : null}
      {status === 'running' && silentMs > SILENT_MS && choosingAmong(run, progress) === null ? (
        <p class="warn-text" role="status">
          Silent for {duration(silentMs)}. If its process was killed, the same config trained again goes on from there.
        </p>
      ) : null}
    </>
  );
}

function RunTables({ run, onGo }: { readonly run: TrainingRun; readonly onGo: RunViewProps['onGo'] }) {
  const { seeds, baselines } = run.outcome!;
  const models = new Map(seeds.map(({ tested, model }) => [tested, model]));
  return (
    <>
      <section>
        <h4>Test span, which nothing was learned of</h4>
        <FiguresTable
          label="Test span"
          instrument={run.instrument}
          figures={[...seeds.map(({ tested }) => tested), ...baselines]}
          model={(figures) => models.get(figures) ?? null}
          onModel={(id) => onGo({ kind: 'model', id })}
        />
      </section>
      <details>
        <summary>In-sample: of the span that was learned from, and so no result</summary>
        <FiguresTable label="In-sample" instrument={run.instrument} figures={seeds.map(({ trained }) => trained)} />
      </details>
    </>
  );
}
