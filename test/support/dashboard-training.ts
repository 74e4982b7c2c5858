import { type Episode, episodesPerKept } from '../../services/trainer/algorithms/episode-follower.ts';
import type { ModelRecord } from '../../services/trainer/registry/model-record.ts';
import { registerModel } from '../../services/trainer/registry/register-model.ts';
import type { Run } from '../../services/trainer/run/run-identity.ts';
import { runOf } from '../../services/trainer/run/run-identity.ts';
import type { RunSummary } from '../../services/trainer/run/run-report.ts';
import { trainVerdict } from '../../services/trainer/run/run-text.ts';
import { createRunRecorder, type RunRecorder } from '../../services/trainer/store/run-recorder.ts';
import type { TestApi } from '../services/api/test-api.ts';
import { goodModel, home } from '../services/trainer/registry/registry-rig.ts';
import { madeRun } from '../services/trainer/run/made-run.ts';

// Training runs and models for the dashboard, written as training writes them.

type Servers = Pick<TestApi, 'postgres' | 'redis'>;

/** A run of which nothing is written yet. */
export function newRun(seeds: readonly number[], more: object = {}): Run {
  return runOf(madeRun({ seeds, ...more }), 'wasm', 'test');
}

/** What an update measures, of a training that slowly succeeds. */
export function measured(step: number, seed: number) {
  const noise = Math.sin(step * 12.9898 + seed * 78.233) * 43_758.5453;
  const chance = noise - Math.floor(noise) - 0.5;
  const learned = 1 - Math.exp(-step / 900);
  return {
    globalStep: step,
    episodes: Math.floor(step / 60),
    episodeReturnMean: step < 64 ? null : 0.04 * learned * (1 - seed / 10) - 0.012 + 0.006 * chance,
    entropy: 1.0986 * (1 - 0.6 * learned),
    approxKl: 0.01 + 0.004 * chance,
    explainedVariance: 0.8 * learned + 0.1 * chance,
  };
}

/** Steps that an episode takes, of both environments together. */
const EPISODE = 16;

/** Episodes of a training that slowly succeeds: they scatter about what the updates say. */
function endedUpTo(seed: number, { from, to }: { readonly from: number; readonly to: number }): Episode[] {
  const episodes: Episode[] = [];
  const first = Math.ceil(Math.max(1, from - 31) / EPISODE);
  for (let episode = first; episode * EPISODE <= to; episode++) {
    const standsFor = episodesPerKept(episode);
    if (episode % standsFor !== 0) continue;
    const step = episode * EPISODE;
    const chance = Math.sin(step * 78.233 + seed) * 43_758.5453;
    const share = chance - Math.floor(chance);
    const gain = 0.04 * (1 - Math.exp(-step / 900)) - 0.012 + 0.02 * (share - 0.5) * (1 + Math.exp(-step / 900));
    episodes.push({
      episode,
      standsFor,
      step,
      length: EPISODE / 2,
      return: gain,
      ending: share < 0.02 ? 'ruin' : share > 0.95 ? 'data' : 'length',
      from: 1_700_000_000_000_000,
      to: 1_700_000_480_000_000,
      equityFrom: 10_000,
      equityTo: 10_000 * (1 + gain),
      fees: 1,
      filled: 4,
    });
  }
  return episodes;
}

const recorders: RunRecorder[] = [];

/** Begins a run, or takes it up again, and tells updates of each seed `from` one step `to` another. */
export async function begun(
  { postgres, redis }: Servers,
  run: Run,
  { from = 32, to, isNew = true }: { readonly from?: number; readonly to: number; readonly isNew?: boolean },
): Promise<RunRecorder> {
  const recorder = createRunRecorder({ sql: postgres, redis });
  recorders.push(recorder);
  await recorder.begin(run, isNew);
  for (const seed of run.identity.config.seeds) {
    const metrics = [];
    for (let step = from; step <= to; step += 32) metrics.push(measured(step, seed));
    recorder.metrics(seed, metrics, true);
    recorder.episodes(seed, endedUpTo(seed, { from, to }));
  }
  return recorder;
}

/** Stops whatever was begun: a recorder that was not ended would keep the process alive. */
export async function endRuns(): Promise<void> {
  for (const recorder of recorders) await recorder.end('stopped');
}

/** A model of each seed, and what the run came to with them. */
export async function outcomeOf(
  { postgres }: Servers,
  { id, identity }: Run,
  name: string,
): Promise<{ readonly summary: RunSummary; readonly models: readonly ModelRecord[] }> {
  const models: ModelRecord[] = [];
  for (const seed of identity.config.seeds)
    models.push(
      (
        await registerModel(
          postgres,
          home,
          goodModel(seed, { name: `seed ${seed}`, total: 0.1 / seed, filled: 1_204 }),
          {
            name,
            runId: id,
            who: 'don train',
          },
        )
      ).record,
    );
  const seeds = models.map(({ id: model, seed, tested }) => ({
    seed,
    model,
    steps: identity.config.ppo!.totalSteps,
    updates: 80,
    chosen: null,
    curve: [],
    trained: { ...tested.model, total: 0.9 },
    tested: tested.model,
  }));
  const [flat] = models[0]!.tested.baselines;
  const baselines = [flat!, { ...flat!, name: 'holding', total: -0.061, sharpe: -0.8, filled: 1 }];
  const comparisons = baselines.map(({ name }) => ({ name, is: 'better' }) as const);
  return {
    models,
    summary: { validation: null, study: null, seeds, baselines, verdict: trainVerdict({ runs: seeds, comparisons }) },
  };
}
