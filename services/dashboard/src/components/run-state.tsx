import { grouped } from '../format/decimal.ts';
import { type RunStatus, type SeedProgress, stepsOf, type TrainingRun } from '../training/run.ts';

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
  const { share } = stepsOf(props.run, props.progress);
  return (
    // Without a value it says that it goes on, and not how far it is.
    <progress aria-label={`Progress of run ${props.run.id}`} max={1} {...(share === null ? {} : { value: share })} />
  );
}

/** `12,288 of 600,000 steps` */
export function stepsText(run: TrainingRun, progress: readonly SeedProgress[]): string {
  const { done, of } = stepsOf(run, progress);
  return `${grouped(done, 0)}${of === null ? '' : ` of ${grouped(of, 0)}`} steps`;
}
