import { grouped } from '../format/decimal.ts';
import { choosingAmong, type RunStatus, type SeedProgress, stepsOf, type TrainingRun } from '../training/run.ts';

const RUN_DOTS: Readonly<Record<RunStatus, string>> = {
  running: 'good',
  done: 'good',
  failed: 'bad',
  stopped: 'warn',
};

export function RunState({ status }: { readonly status: RunStatus }) {
  return (
    <span class="job-state">
      <span class={`dot dot-${RUN_DOTS[status]}`} />
      {status}
    </span>
  );
}

/** How far the seeds of a run that goes on are. */
export function RunProgress(props: { readonly run: TrainingRun; readonly progress: readonly SeedProgress[] }) {
  const { run, progress } = props;
  const share = choosingAmong(run, progress) === null ? stepsOf(run, progress).share : null;
  return (
    // Without a value it says that it goes on, and not how far it is.
    <progress aria-label={`Progress of run ${run.id}`} max={1} {...(share === null ? {} : { value: share })} />
  );
}

/** `12,288 of 600,000 steps`, `choosing among 9 settings` */
export function stepsText(run: TrainingRun, progress: readonly SeedProgress[]): string {
  const choices = choosingAmong(run, progress);
  if (choices !== null) return `choosing among ${grouped(choices, 0)} settings`;
  const { done, of } = stepsOf(run, progress);
  return `${grouped(done, 0)}${of === null ? '' : ` of ${grouped(of, 0)}`} steps`;
}
