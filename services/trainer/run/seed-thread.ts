import { parentPort, workerData } from 'node:worker_threads';
import { createScale } from '../../../streams/events/scale.ts';
import { type Metrics, TrainingDiverged } from '../algorithms/learner.ts';
import type { PolicyData } from '../algorithms/policy.ts';
import { type Backend, openBackend } from '../backend/backend.ts';
import type { BarData } from './bar-data.ts';
import { splitOf, validationSharpe } from './early-stopping.ts';
import { loadRewardFile } from './reward-file.ts';
import { openSeedFiles } from './run-folder.ts';
import type { SeedOutcome } from './run-report.ts';
import { judgeSeed } from './train-run.ts';
import { trainSeed } from './train-seed.ts';

// One seed of a run as a thread: it trains, keeps what it goes on from, and judges.

/** What a thread is started with. */
export interface SeedWork {
  readonly seed: number;
  readonly folder: string;
  readonly backend: Backend['name'];
  /** Where it halts, to be looked at; null: it trains to its end, and is judged. */
  readonly untilStep: number | null;
  readonly tickSize: string;
  readonly stepSize: string;
  readonly data: Omit<BarData, 'scale' | 'ownReward'>;
}

/** What a thread says. */
export type SeedSays =
  /** Of the updates up to where it goes on. */
  | { readonly type: 'kept'; readonly metrics: readonly Metrics[] }
  | { readonly type: 'metrics'; readonly metrics: Metrics }
  /** Sharpe ratio a year on the validation span of the policy that it halted with; null: its losses were not finite. */
  | { readonly type: 'halted'; readonly sharpe: number | null }
  | { readonly type: 'done'; readonly outcome: SeedOutcome; readonly policy: PolicyData };

const { seed, folder, backend: wanted, untilStep, tickSize, stepSize, data: plain }: SeedWork = workerData;
const abort = new AbortController();
parentPort!.on('message', () => abort.abort());
const say = (said: SeedSays): void => parentPort!.postMessage(said);

const { file, parameters } = plain.config.reward;
const data: BarData = {
  ...plain,
  scale: createScale(tickSize, stepSize),
  ownReward: file === undefined ? undefined : await loadRewardFile(file, parameters),
};
const files = openSeedFiles(folder, seed);
const metrics: Metrics[] = [...files.metrics];
say({ type: 'kept', metrics });
const trained = await trainSeed(data, await openBackend(wanted), seed, {
  from: files.checkpoint,
  onMetrics(said) {
    metrics.push(said);
    files.addMetrics(said);
    say({ type: 'metrics', metrics: said });
  },
  onCheckpoint: files.keep,
  signal: abort.signal,
  untilStep: untilStep ?? undefined,
}).catch((error: unknown) => {
  // A trial that comes to nothing is no fault of the study's.
  if (untilStep === null || !(error instanceof TrainingDiverged)) throw error;
  return null;
});
if (trained === null) say({ type: 'halted', sharpe: null });
else if (untilStep !== null)
  say({ type: 'halted', sharpe: validationSharpe(data, splitOf(data).validation!, trained.last) });
else {
  const { policy, steps, chosen } = trained;
  const judged = judgeSeed(data, seed, policy);
  say({ type: 'done', outcome: { seed, steps, chosen, metrics, ...judged }, policy });
}
parentPort!.close();
