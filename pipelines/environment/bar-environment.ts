import { random } from '../../operators/random.ts';
import type { BarTape } from '../../streams/tape/bar-tape.ts';
import { defineStrategy } from '../simulation/strategy.ts';
import type { EpisodeEnd } from './account-info.ts';
import type { BarEnvironmentOptions, BarEpisodeRun, BarInfo } from './bar-environment-options.ts';
import type { BarFeatures } from './bar-features.ts';
import { episodeSpan } from './bar-span.ts';
import { createBarTrader } from './bar-trader.ts';
import type { Environment, Step } from './environment.ts';
import { type Normalisation, noNormalisation } from './normalisation.ts';

/** An environment of candles. */
export interface BarEnvironment extends Environment {
  /** What each number of an observation is. */
  readonly observationNames: readonly string[];
}

type Mutable<Type> = { -readonly [Name in keyof Type]: Type[Name] };

/** It sends nothing by itself: the environment does so at each candle's close, where a strategy's `onBar` would. */
const PASSIVE = defineStrategy({
  name: 'agent',
  title: 'Agent',
  says: 'what an agent decides',
  parameters: {},
  events: [],
  create: () => ({}),
});

/**
 * Trading on candles: a decision at each close, which becomes a market order for the difference to the position that is
 * wanted, and a reward for what came of it by the next close. Where a feature is not valid nothing is done, as by an agent that
 * trades.
 * @throws RangeError for an option that cannot be
 */
export function createBarEnvironment(options: BarEnvironmentOptions): BarEnvironment {
  const { createRun, bars, features, reward, scale, episode, leverage, balance } = options;
  const { funding = bars.funding, normalisation = noNormalisation(features), seed = 1 } = options;
  const { maxSteps = Number.POSITIVE_INFINITY, warmUpBars = 1, mayCrossInvalid = false } = episode;
  const { fromMs = Number.NEGATIVE_INFINITY, toMs = Number.POSITIVE_INFINITY } = episode;
  checkColumns(features, normalisation, bars);
  if (!(maxSteps >= 1)) throw new RangeError(`episode, maxSteps: expected a number from 1, found ${maxSteps}`);
  const span = episodeSpan({ bars, features, fromMs, toMs, warmUpBars, maxSteps, mayCrossInvalid });
  const stepSize = scale.qty.toNumber(1);
  const { actions, size } = options;
  const trader = createBarTrader({ normalisation, actions, size, stepSize, intervalMs: bars.intervalMs });
  const { shape, observation } = trader;
  const info: BarInfo = {
    timeMs: 0,
    bar: 0,
    equity: 0,
    price: 0,
    position: 0,
    target: 0,
    fees: 0,
    funding: 0,
    sent: 0,
    filled: 0,
    stopped: 0,
    liquidations: 0,
    end: '',
  };
  const said: Mutable<Step> = { observation, reward: 0, terminated: false, truncated: false, info };
  const width = features.columns.length;
  const { values } = features;
  const { close } = bars;
  const now = {
    isUnderWay: false,
    bar: 0,
    /** Up to which candle the episode may come. */
    last: 0,
  };
  let chance = random(seed);
  let run = newRun(seed);

  function newRun(seed: number): BarEpisodeRun {
    const { instrument, assumptions, latency, feeTier, limits } = options;
    const terms = { instrument, scale, assumptions, latency, balance, leverage, feeTier, limits };
    const its = { bars, funding, strategy: PASSIVE, parameters: {}, seed };
    return createRun({ ...terms, ...its });
  }

  /** What there is at the close of the candle that the episode has come to. */
  function look(): void {
    const { simulation, account } = run;
    const { state } = account;
    const { market, counts } = simulation;
    const { bar } = now;
    trader.look(market, values, bar * width);
    info.timeMs = market.timeUs / 1_000;
    info.bar = bar;
    info.equity = market.equity();
    info.price = scale.price.toNumber(close[bar]!);
    info.position = scale.qty.toNumber(trader.heldSteps);
    info.target = scale.qty.toNumber(trader.wantedSteps);
    info.fees = state.feesE8 / 1e8;
    info.funding = state.fundingE8 / 1e8;
    info.sent = counts.sent;
    info.filled = counts.filled;
    info.liquidations = account.liquidations;
  }

  /** Whether every feature is valid at a candle. */
  function isValid(bar: number): boolean {
    for (let n = bar * width; n < (bar + 1) * width; n++) if (Number.isNaN(values[n]!)) return false;
    return true;
  }

  /** Nothing is left, or too little for the least order. */
  function isRuined(): boolean {
    const { equity, price } = info;
    return equity <= 0 || (trader.heldSteps === 0 && equity * leverage < trader.minSteps * stepSize * price);
  }

  function endOf(steps: number): EpisodeEnd {
    if (isRuined()) return 'ruin';
    if (now.bar === now.last) return now.bar === span.end ? 'data' : 'invalid';
    return steps >= maxSteps ? 'length' : '';
  }

  let begunBar = 0;
  return {
    observationNames: shape.names,
    observationSpace: shape.space,
    actionSpace: trader.actionSpace,
    reset({ seed } = {}) {
      if (seed !== undefined) chance = random(seed);
      const { starts, lasts } = span;
      begunBar = episode.begin === 'first' ? starts[0]! : starts[chance.below(starts.length)]!;
      run = newRun(chance.below(2 ** 32));
      now.bar = begunBar;
      now.last = lasts[begunBar]!;
      trader.reset();
      now.isUnderWay = true;
      info.stopped = 0;
      info.end = '';
      run.simulation.next(bars, begunBar);
      look();
      reward.reset(info.equity, info.price);
      return said;
    },
    step(action) {
      if (!now.isUnderWay) throw new Error('step: expected an episode under way, found none: reset begins one');
      // Where an episode may not cross what is not valid, every candle that it comes to is.
      const mayAct = !mayCrossInvalid || isValid(now.bar);
      if (mayAct && trader.act(run.simulation.market, action)) info.stopped++;
      now.bar++;
      run.simulation.next(bars, now.bar);
      look();
      info.end = endOf(now.bar - begunBar);
      said.reward = reward.next(info.equity, info.position, info.price, info.target);
      said.terminated = info.end === 'ruin';
      said.truncated = info.end !== '' && !said.terminated;
      now.isUnderWay = info.end === '';
      return said;
    },
    close() {
      now.isUnderWay = false;
    },
  };
}

function checkColumns({ columns, values }: BarFeatures, normalisation: Normalisation, { openTimesMs }: BarTape): void {
  if (normalisation.columns.join() !== columns.join())
    throw new RangeError(
      `normalisation: expected the columns ${columns.join(', ')}, found ${normalisation.columns.join(', ')}`,
    );
  if (values.length !== openTimesMs.length * columns.length)
    throw new RangeError(
      `features: expected rows of ${openTimesMs.length} candles, found those of ${values.length / columns.length}`,
    );
}
