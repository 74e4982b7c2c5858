import { usualPeriodMs } from '../../operators/performance/period-returns.ts';
import { neighbours } from '../../operators/search/neighbours.ts';
import { pointKey, type SearchPoint } from '../../operators/search/search-space.ts';
import { SEARCHES } from '../../operators/search/searches.ts';
import type { WalkForwardWindow } from '../../operators/search/walk-forward.ts';
import { counted, utc } from '../backtest/report/numbers.ts';
import { lossOf, type Objective, objectiveNamed } from './objectives.ts';
import type { Study } from './study.ts';
import { parametersOf } from './study-space.ts';
import type { TrialAsk, TrialOutcome } from './trial.ts';

/** A point with what it came to on a training span. */
export interface StudyTrial {
  readonly point: SearchPoint;
  readonly outcome: TrialOutcome;
  /** By the first objective; infinite: none. */
  readonly loss: number;
}

/** What a window gave. */
export interface WindowOutcome {
  readonly window: WalkForwardWindow;
  /** Of the training span's returns. */
  readonly trainPeriodMs: number;
  /** Each point once, in the order in which they were tried first. */
  readonly trials: readonly StudyTrial[];
  readonly chosen: StudyTrial;
  /** Points beside the chosen one, on the training span; they were not chosen from. */
  readonly beside: readonly StudyTrial[];
  /** The chosen parameters on the test span. */
  readonly test: TrialOutcome;
}

export interface RunStudy {
  /** Gives the same outcome for the same trial, in whatever order it is asked. */
  readonly runTrials: (asks: readonly TrialAsk[]) => Promise<readonly TrialOutcome[]>;
  /** Trials that have ended, of so many at most. */
  readonly onProgress?: (done: number, of: number) => void;
}

/**
 * Runs a study: in each window the search tries points on the training span alone, and the best is run once on the test
 * span, which nothing was chosen by.
 * @throws where no trial of a window came to its end
 */
export async function runStudy(study: Study, { runTrials, onProgress }: RunStudy): Promise<WindowOutcome[]> {
  const { windows, trials, space } = study.settings;
  const perWindow = trials + 2 * space.length + 1;
  const outcomes: WindowOutcome[] = [];
  for (const [n, window] of windows.entries()) {
    const onTrial = (done: number): void =>
      onProgress?.(n * perWindow + Math.min(done, perWindow), windows.length * perWindow);
    outcomes.push(await runWindow(study, window, runTrials, onTrial));
    onTrial(perWindow);
  }
  return outcomes;
}

async function runWindow(
  study: Study,
  window: WalkForwardWindow,
  runTrials: RunStudy['runTrials'],
  onTrials: (done: number) => void,
): Promise<WindowOutcome> {
  const { settings, strategy } = study;
  const { space, set, periodMs } = settings;
  const objective = objectiveNamed(settings.objectives[0]!);
  const trainPeriodMs = usualPeriodMs(window.trainToMs - window.trainFromMs);
  const train = { fromMs: window.trainFromMs, tradeFromMs: window.trainFromMs, toMs: window.trainToMs };
  const askOf = (point: SearchPoint): TrialAsk => ({
    parameters: parametersOf(strategy.definition, set, space, point),
    ...train,
    periodMs: trainPeriodMs,
  });
  const tried = await search(study, objective, async (points) => runTrials(points.map(askOf)), onTrials);
  const chosen = bestOf(tried, window);
  const around = neighbours(space, chosen.point);
  // It saw the training span, as it would have by then: its averages are there when the test begins.
  const test: TrialAsk = {
    parameters: askOf(chosen.point).parameters,
    fromMs: window.trainFromMs,
    tradeFromMs: window.testFromMs,
    toMs: window.testToMs,
    periodMs,
  };
  const [tested, ...others] = await runTrials([test, ...around.map(askOf)]);
  const beside = around.map((point, k) => trialOf(point, others[k]!, objective));
  return { window, trainPeriodMs, trials: tried, chosen, beside, test: tested! };
}

/** Each point once. A batch is asked for as a whole, so that no order of ends can decide on the next. */
async function search(
  { settings }: Study,
  objective: Objective,
  run: (points: readonly SearchPoint[]) => Promise<readonly TrialOutcome[]>,
  onTrials: (done: number) => void,
): Promise<StudyTrial[]> {
  const { space, trials, seed } = settings;
  const { initialState, suggest, observe } = SEARCHES.find(({ name }) => name === settings.search)!;
  const known = new Map<string, StudyTrial>();
  let state = initialState({ space, trials, seed });
  let asked = 0;
  for (let batch = suggest(state); batch.length > 0; batch = suggest(state)) {
    const fresh = [...new Map(batch.map((point) => [pointKey(point), point]))].filter(([key]) => !known.has(key));
    const outcomes = await run(fresh.map(([, point]) => point));
    for (const [k, [key, point]] of fresh.entries()) known.set(key, trialOf(point, outcomes[k]!, objective));
    asked += batch.length;
    onTrials(asked);
    state = observe(
      state,
      batch.map((point) => known.get(pointKey(point))!.loss),
    );
  }
  return [...known.values()];
}

function trialOf(point: SearchPoint, outcome: TrialOutcome, objective: Objective): StudyTrial {
  return { point, outcome, loss: lossOf(objective, outcome.figures) };
}

/** The first of equals; where none has a figure the first that came to its end. */
function bestOf(trials: readonly StudyTrial[], { trainFromMs, trainToMs }: WalkForwardWindow): StudyTrial {
  const ended = trials.filter(({ outcome }) => outcome.failure === null);
  const [first] = ended;
  if (first === undefined)
    throw new Error(
      `every one of ${counted(trials.length, 'trial')} on ${utc(trainFromMs)} to ${utc(trainToMs)} UTC failed; the first: ${trials[0]?.outcome.failure}`,
    );
  return ended.reduce((best, trial) => (trial.loss < best.loss ? trial : best), first);
}
