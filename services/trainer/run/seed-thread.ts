import { parentPort, workerData } from 'node:worker_threads';
import type { Episode } from '../algorithms/episode-follower.ts';
import { type Metrics, TrainingDiverged } from '../algorithms/learner.ts';
import type { PolicyData } from '../algorithms/policy.ts';
import { openValueThread } from '../algorithms/value-thread.ts';
import { type Backend, openBackend } from '../backend/backend.ts';
import { algorithmOf } from './config-algorithm.ts';
import type { Validated } from './judge.ts';
import { openTraining, type PlainTraining } from './open-training.ts';
import { openSeedFiles } from './run-folder.ts';
import type { SeedOutcome } from './run-report.ts';
import { trainSeed } from './train-seed.ts';

// One seed of a run as a thread: it trains, keeps what it goes on from, and judges.

/** What a thread is started with. */
export interface SeedWork {
  readonly seed: number;
  readonly folder: string;
  readonly backend: Backend['name'];
  /** Where it halts, to be looked at; null: it trains to its end, and is judged. */
  readonly untilStep: number | null;
  readonly training: PlainTraining;
  /** Whether there is a processor for a second thread, where the algorithm has a use for one. */
  readonly hasSecond: boolean;
}

/** What a thread says. */
export type SeedSays =
  /** Of the updates up to where it goes on. */
  | { readonly type: 'kept'; readonly metrics: readonly Metrics[]; readonly episodes: readonly Episode[] }
  | { readonly type: 'metrics'; readonly metrics: Metrics; readonly episodes: readonly Episode[] }
  /** What the policy that it halted with is worth on the validation span; null: its losses were not finite. */
  | { readonly type: 'halted'; readonly validated: Validated | null }
  | { readonly type: 'done'; readonly outcome: SeedOutcome; readonly policy: PolicyData };

const { seed, folder, backend: wanted, untilStep, training: plain, hasSecond }: SeedWork = workerData;
const abort = new AbortController();
parentPort!.on('message', () => abort.abort());
const say = (said: SeedSays): void => parentPort!.postMessage(said);

const training = await openTraining(plain);
const algorithm = algorithmOf(training.config).name;
const files = openSeedFiles(folder, seed, algorithm);
const metrics: Metrics[] = [...files.metrics];
say({ type: 'kept', metrics, episodes: files.episodes });
const valueThread = hasSecond && algorithm === 'ppo' ? await openValueThread(wanted) : undefined;
const trained = await trainSeed(training, await openBackend(wanted), seed, {
  from: files.checkpoint,
  onMetrics(said, episodes) {
    metrics.push(said);
    files.addMetrics(said);
    files.addEpisodes(episodes);
    say({ type: 'metrics', metrics: said, episodes });
  },
  onCheckpoint: files.keep,
  signal: abort.signal,
  valueThread,
  untilStep: untilStep ?? undefined,
}).catch((error: unknown) => {
  // A trial that comes to nothing is no fault of the study's.
  if (untilStep === null || !(error instanceof TrainingDiverged)) throw error;
  return null;
});
await valueThread?.close();
if (trained === null) say({ type: 'halted', validated: null });
else if (untilStep !== null) say({ type: 'halted', validated: training.validate(trained.last) });
else {
  const { policy, steps, chosen, warmStart } = trained;
  const judged = training.judgeSeed(seed, policy);
  say({ type: 'done', outcome: { seed, steps, chosen, warmStart, metrics, ...judged }, policy });
}
parentPort!.close();
