import { BadInput } from '../../../infra/setup-error.ts';
import { random } from '../../../operators/random.ts';
import { episodeSpan } from '../../../pipelines/environment/bar-span.ts';
import { spaceSize } from '../../../pipelines/environment/space.ts';
import type { Demonstrations } from '../algorithms/demonstrations.ts';
import { type BarData, environmentOf, type Span } from './bar-data.ts';
import { nearestAction } from './nearest-action.ts';
import type { StrategyTargets } from './strategy-targets.ts';

/** Demonstrations of a strategy. */
export interface StrategyDemonstrations extends Demonstrations {
  /** Of each row: the candle's number on the tape. */
  readonly bars: Int32Array;
}

/** Candles, on average, after which it is drawn anew whether others decide. */
const DRAWN_EVERY = 20;

/**
 * What an agent sees and should do that wants what a strategy wanted: environments pass over the span, episode after episode as
 * long as in training, and at each close the action nearest to the strategy's target is written down beside the observation.
 * For `noise` of the candles other actions are taken, a while each; what is written down is the strategy's all the same.
 * Without that the position alone tells what is wanted, and a policy learns to keep what it has.
 * @throws BadInput where it is the same action everywhere
 * @see Laskey et al. (2017), "DART: Noise Injection for Robust Imitation Learning", CoRL.
 */
export function strategyDemonstrations(
  data: BarData,
  { fromMs, toMs }: Span,
  { targets, greatest }: Pick<StrategyTargets, 'targets' | 'greatest'>,
  noise: number,
): StrategyDemonstrations {
  const { bars, features, config } = data;
  const { openTimesMs } = bars;
  const anywhere = { warmUpBars: 1, maxSteps: Number.POSITIVE_INFINITY, mayCrossInvalid: false };
  const { starts } = episodeSpan({ bars, features, fromMs, toMs, ...anywhere });
  const environmentFrom = (bar: number) => {
    const endMs = Math.min(toMs, openTimesMs[bar + config.episodeSteps + 1] ?? toMs);
    return environmentOf(data, { begin: 'first', fromMs: openTimesMs[bar]!, toMs: endMs }, 1);
  };
  const { observationSpace, actionSpace } = environmentFrom(starts[0]!);
  const [observationSize, actionSize] = [spaceSize(observationSpace), spaceSize(actionSpace)];
  const observations = new Float32Array(starts.length * observationSize);
  const actions = new Float32Array(starts.length * actionSize);
  const rowBars = new Int32Array(starts.length);
  const actionOf = nearestAction(config.actions);
  const { uniform } = random(1);
  let rows = 0;
  for (let start: number | undefined = starts[0]!; start !== undefined; ) {
    const environment = environmentFrom(start);
    /** undefined: the strategy decides. */
    let other: number | undefined;
    let { observation, info } = environment.reset();
    for (let isOver = false; !isOver; ) {
      const bar = info['bar'] as number;
      const action = actionOf(targets[bar]!);
      rowBars[rows] = bar;
      observations.set(observation, rows * observationSize);
      if (typeof action === 'number') actions[rows] = action;
      else actions.set(action, rows * actionSize);
      rows++;
      if (uniform() < 1 / DRAWN_EVERY) other = uniform() < noise ? 2 * uniform() - 1 : undefined;
      const step = environment.step(other === undefined ? action : actionOf(other));
      ({ observation, info } = step);
      isOver = step.terminated || step.truncated;
    }
    const reached = info['bar'] as number;
    start = starts.find((bar) => bar >= reached);
  }
  const [seen, taken] = [observations.subarray(0, rows * observationSize), actions.subarray(0, rows * actionSize)];
  if (taken.every((value) => value === taken[0]))
    throw new BadInput(
      `warmStart/strategy: expected positions that several actions are near to, found at most ${Number(greatest.toPrecision(2))} of the greatest one: warmStart/fullPosition says what counts as 1`,
    );
  return { observations: seen, actions: taken, observationSize, actionSpace, bars: rowBars.subarray(0, rows) };
}
