import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { makePrivateFolder, readIfThere } from '../../../infra/home.ts';
import { BadInput } from '../../../infra/setup-error.ts';
import { RANDOM_SEARCH } from '../../../operators/search/random-search.ts';
import type { SearchDimension } from '../../../operators/search/search-space.ts';
import { PPO_SETTINGS } from '../algorithms/ppo-settings.ts';
import type { Backend } from '../backend/backend.ts';
import type { BarData } from './bar-data.ts';
import { inLanes } from './in-lanes.ts';
import { runSeedThread } from './run-seeds.ts';
import type { TrainConfig } from './train-config.ts';
import type { TrainStudy, Varied } from './train-study.ts';

/** What a search of settings came to. Plain data. */
export interface StudyOutcome {
  readonly trials: readonly StudyTrial[];
  /** Number of the trial whose settings were taken. */
  readonly chosen: number;
}

export interface StudyTrial {
  readonly settings: Readonly<Partial<Record<Varied, number>>>;
  /** At each halt that it came to. */
  readonly halts: readonly Halt[];
}

export interface Halt {
  /** Steps that were done. */
  readonly step: number;
  /** Sharpe ratio a year on the validation span; null: its losses were not finite. */
  readonly sharpe: number | null;
}

export interface RunStudyOptions {
  readonly folder: string;
  readonly backend: Backend['name'];
  readonly workers: number;
  readonly signal?: AbortSignal | undefined;
  /** Trials that have come to a halt, all halts together. */
  readonly onProgress: (done: number, of: number) => void;
}

/**
 * Chooses settings by successive halving: all trials train a part of the steps with the config's first seed; those with the
 * best Sharpe ratios on the validation span go on, with several times as many, until one is left. The test span is not
 * looked at. It goes on from what its folder holds.
 * @see Jamieson & Talwalkar (2016), "Non-stochastic Best Arm Identification and Hyperparameter Optimization", AISTATS.
 */
export async function runStudy(data: BarData, study: TrainStudy, options: RunStudyOptions): Promise<StudyOutcome> {
  const { config } = data;
  const { folder, backend, workers, signal, onProgress } = options;
  const points = drawnSettings(study, config.ppo);
  const halts = haltsOf(points.length, study.keepOneOf, config);
  const scores = openScores(makePrivateFolder(folder));
  const found: Halt[][] = points.map(() => []);
  const of = halts.reduce((sum, { trials }) => sum + trials, 0);
  let done = 0;
  let left = points.map((_, trial) => trial);
  for (const { step, trials } of halts) {
    left = left.slice(0, trials).sort((one, other) => one - other);
    await inLanes(left.length, workers, signal, async (at, either) => {
      const trial = left[at]!;
      const known = scores.find(trial, step);
      const sharpe = known === undefined ? await train(trial, step, either) : known.sharpe;
      if (known === undefined) scores.add(trial, { step, sharpe });
      found[trial]!.push({ step, sharpe });
      onProgress(++done, of);
    });
    left.sort((one, other) => scoreOf(found[other]!) - scoreOf(found[one]!) || one - other);
  }
  return { trials: points.map((settings, trial) => ({ settings, halts: found[trial]! })), chosen: left[0]! };

  async function train(trial: number, untilStep: number, either: AbortSignal): Promise<number | null> {
    const trialFolder = makePrivateFolder(join(folder, `trial-${trial}`));
    const work = { seed: config.seeds[0]!, folder: trialFolder, backend, untilStep };
    const said = await runSeedThread({ ...data, config: withSettings(config, points[trial]!) }, work, either);
    if (said.type !== 'halted') throw new Error(`trial ${trial}: its thread did not halt`);
    return said.sharpe;
  }
}

/** A config with settings in place of its own. */
export function withSettings(config: TrainConfig, settings: StudyTrial['settings']): TrainConfig {
  return { ...config, ppo: { ...config.ppo, ...settings } };
}

/** @throws BadInput that names the range, or the end of it, that no setting can be of */
export function drawnSettings({ vary, trials, seed }: TrainStudy, ppo: TrainConfig['ppo']): StudyTrial['settings'][] {
  const space = Object.entries(vary).map(([name, { from, to, step, log = false }]): SearchDimension => {
    for (const [end, value] of Object.entries({ from, to })) {
      const issue = PPO_SETTINGS.safeParse({ ...ppo, [name]: value }).error?.issues[0];
      if (issue !== undefined)
        throw new BadInput(`study/vary/${name}/${end}: expected ${issue.message}, found ${value}`);
    }
    const isWhole = !PPO_SETTINGS.safeParse({ ...ppo, [name]: from + 0.5 }).success && Number.isInteger(from);
    return { name, least: from, most: to, step: step ?? (isWhole ? 1 : null), isLog: log };
  });
  try {
    const drawn = RANDOM_SEARCH.suggest(RANDOM_SEARCH.initialState({ space, trials, seed }));
    return drawn.map((point) => Object.fromEntries(space.map(({ name }, n) => [name, point[n]!])));
  } catch (error) {
    throw error instanceof RangeError ? new BadInput(`study: ${error.message}`) : error;
  }
}

/** Where trials halt, and how many come there: at the last halt one is left to be trained with all steps. */
export function haltsOf(
  trials: number,
  keepOneOf: number,
  { ppo, environments }: Pick<TrainConfig, 'ppo' | 'environments'>,
): { readonly step: number; readonly trials: number }[] {
  const counts: number[] = [];
  for (let count = trials; count > 1; count = Math.ceil(count / keepOneOf)) counts.push(count);
  const stepsAnUpdate = ppo.stepsPerUpdate * environments;
  return counts.map((count, n) => {
    const share = keepOneOf ** (n - counts.length);
    return { step: Math.ceil((ppo.totalSteps * share) / stepsAnUpdate) * stepsAnUpdate, trials: count };
  });
}

function scoreOf(halts: readonly Halt[]): number {
  return halts.at(-1)?.sharpe ?? Number.NEGATIVE_INFINITY;
}

interface Scores {
  readonly find: (trial: number, step: number) => Halt | undefined;
  readonly add: (trial: number, halt: Halt) => void;
}

/** A line a halt; one that a killed process did not finish counts for nothing. */
function openScores(folder: string): Scores {
  const path = join(folder, 'halts.jsonl');
  const known = new Map<string, Halt>();
  for (const line of (readIfThere(path) ?? '').split('\n')) {
    const said = parsedLine(line);
    if (said !== undefined) known.set(`${said[0]} ${said[1].step}`, said[1]);
  }
  return {
    find: (trial, step) => known.get(`${trial} ${step}`),
    // A line of its own, whatever was left before it.
    add: (trial, halt) => appendFileSync(path, `\n${JSON.stringify([trial, halt])}\n`, { mode: 0o600 }),
  };
}

function parsedLine(line: string): [trial: number, halt: Halt] | undefined {
  try {
    return JSON.parse(line) as [number, Halt];
  } catch {
    return undefined;
  }
}
