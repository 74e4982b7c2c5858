import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { makePrivateFolder, readIfThere } from '../../../infra/home.ts';
import { BadInput } from '../../../infra/setup-error.ts';
import { RANDOM_SEARCH } from '../../../operators/search/random-search.ts';
import type { SearchDimension } from '../../../operators/search/search-space.ts';
import { ALGORITHMS, type Algorithm } from '../algorithms/algorithm.ts';
import type { Backend } from '../backend/backend.ts';
import { type ChoiceLuck, choiceLuck } from '../evaluate/choice-luck.ts';
import { algorithmOf } from './config-algorithm.ts';
import { inLanes } from './in-lanes.ts';
import type { RunConfig } from './run-config.ts';
import { runSeedThread } from './run-seeds.ts';
import { type TrainStudy, VARIED } from './train-study.ts';
import type { Training } from './training.ts';

/** What a search of settings came to. Plain data. */
export interface StudyOutcome {
  readonly trials: readonly StudyTrial[];
  /** Number of the trial whose settings were taken. */
  readonly chosen: number;
  /** Of each halt: how much luck there is in the choice of its best. */
  readonly luck: readonly HaltLuck[];
}

export interface HaltLuck extends ChoiceLuck {
  readonly step: number;
}

export interface StudyTrial {
  readonly settings: Readonly<Record<string, number>>;
  /** At each halt that it came to. */
  readonly halts: readonly Halt[];
}

export interface Halt {
  /** Steps that were done. */
  readonly step: number;
  /** Sharpe ratio a year on the validation span; null: its losses were not finite. */
  readonly sharpe: number | null;
}

/** A halt as the study's folder keeps it. */
interface KeptHalt extends Halt {
  /** On the validation span; null: its losses were not finite. */
  readonly returns: readonly number[] | null;
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
export async function runStudy(training: Training, study: TrainStudy, options: RunStudyOptions): Promise<StudyOutcome> {
  const { config } = training;
  const { folder, backend, workers, signal, onProgress } = options;
  const points = drawnSettings(study, algorithmOf(config));
  const halts = haltsOf(points.length, study.keepOneOf, config);
  const scores = openScores(makePrivateFolder(folder));
  const found: KeptHalt[][] = points.map(() => []);
  const luck: HaltLuck[] = [];
  const of = halts.reduce((sum, { trials }) => sum + trials, 0);
  let done = 0;
  let left = points.map((_, trial) => trial);
  for (const { step, trials } of halts) {
    left = left.slice(0, trials).sort((one, other) => one - other);
    await inLanes(left.length, workers, signal, async (at, either) => {
      const trial = left[at]!;
      const known = scores.find(trial, step);
      const halt = known ?? { step, ...(await train(trial, step, either)) };
      if (known === undefined) scores.add(trial, halt);
      found[trial]!.push(halt);
      onProgress(++done, of);
    });
    luck.push({ step, ...choiceLuck(left.flatMap((trial) => returnsOf(found[trial]!))) });
    left.sort((one, other) => scoreOf(found[other]!) - scoreOf(found[one]!) || one - other);
  }
  const trials = points.map((settings, trial) => ({
    settings,
    halts: found[trial]!.map(({ step, sharpe }) => ({ step, sharpe })),
  }));
  return { trials, chosen: left[0]!, luck };

  async function train(trial: number, untilStep: number, either: AbortSignal): Promise<Omit<KeptHalt, 'step'>> {
    const trialFolder = makePrivateFolder(join(folder, `trial-${trial}`));
    const work = {
      seed: config.seeds[0]!,
      folder: trialFolder,
      backend,
      untilStep,
      hasSecond: workers >= 2 * left.length,
    };
    const said = await runSeedThread(withSettings(training, points[trial]!), work, either);
    if (said.type !== 'halted') throw new Error(`trial ${trial}: its thread did not halt`);
    return said.validated ?? { sharpe: null, returns: null };
  }
}

/** The same with settings in place of its own. */
export function withSettings(training: Training, settings: StudyTrial['settings']): Training {
  const { name, settings: own } = algorithmOf(training.config);
  return training.withAlgorithm({ name, settings: { ...own, ...settings } } as Algorithm);
}

/** @throws BadInput that names the range, or the end of it, that no setting can be of */
export function drawnSettings(
  { vary, trials, seed }: TrainStudy,
  { name: of, settings }: Algorithm,
): StudyTrial['settings'][] {
  const schema = ALGORITHMS[of];
  for (const name of Object.keys(vary))
    if (!VARIED[of].includes(name))
      throw new BadInput(`study/vary/${name}: expected one of ${VARIED[of].join(', ')}, found ${name}`);
  const space = Object.entries(vary).map(([name, { from, to, step, log = false }]): SearchDimension => {
    for (const [end, value] of Object.entries({ from, to })) {
      const issue = schema.safeParse({ ...settings, [name]: value }).error?.issues[0];
      if (issue !== undefined)
        throw new BadInput(`study/vary/${name}/${end}: expected ${issue.message}, found ${value}`);
    }
    const isWhole = !schema.safeParse({ ...settings, [name]: from + 0.5 }).success && Number.isInteger(from);
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
  config: Pick<RunConfig, 'ppo' | 'dqn' | 'sac' | 'environments'>,
): { readonly step: number; readonly trials: number }[] {
  const counts: number[] = [];
  for (let count = trials; count > 1; count = Math.ceil(count / keepOneOf)) counts.push(count);
  const { totalSteps, stepsPerUpdate } = algorithmOf(config).settings;
  const stepsAnUpdate = stepsPerUpdate * config.environments;
  return counts.map((count, n) => {
    const share = keepOneOf ** (n - counts.length);
    return { step: Math.ceil((totalSteps * share) / stepsAnUpdate) * stepsAnUpdate, trials: count };
  });
}

function scoreOf(halts: readonly Halt[]): number {
  return halts.at(-1)?.sharpe ?? Number.NEGATIVE_INFINITY;
}

/** One list, or none. */
function returnsOf(halts: readonly KeptHalt[]): (readonly number[])[] {
  const returns = halts.at(-1)?.returns ?? null;
  return returns === null ? [] : [returns];
}

interface Scores {
  readonly find: (trial: number, step: number) => KeptHalt | undefined;
  readonly add: (trial: number, halt: KeptHalt) => void;
}

/** A line a halt; one that a killed process did not finish counts for nothing. */
function openScores(folder: string): Scores {
  const path = join(folder, 'halts.jsonl');
  const known = new Map<string, KeptHalt>();
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

function parsedLine(line: string): [trial: number, halt: KeptHalt] | undefined {
  try {
    return JSON.parse(line) as [number, KeptHalt];
  } catch {
    return undefined;
  }
}
