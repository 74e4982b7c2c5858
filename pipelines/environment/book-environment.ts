import { random } from '../../operators/random.ts';
import { areAllParts } from '../simulation/kept-diffs.ts';
import { voidQuiet } from '../simulation/pass-trades.ts';
import { strategyFeatureSet } from '../simulation/strategy-features.ts';
import type { EpisodeEnd } from './account-info.ts';
import type { BookEnvironmentOptions, BookInfo } from './book-environment-options.ts';
import { createBookEpisode } from './book-episode.ts';
import { bookPlaces } from './book-places.ts';
import { standIn } from './book-stand-in.ts';
import { createTradeFlow } from './book-trade-flow.ts';
import { createBookTrader } from './book-trader.ts';
import type { Environment, Step } from './environment.ts';
import { noNormalisation } from './normalisation.ts';

/** An environment on an order book. */
export interface BookEnvironment extends Environment {
  /** What each number of an observation is. */
  readonly observationNames: readonly string[];
}

type Mutable<Type> = { -readonly [Name in keyof Type]: Type[Name] };

/** How far from the mark price, as a part of it, it is known that trades do nothing to the account but value it. */
const QUIET_PART = 0.01;

/**
 * Trading on a recorded order book: a decision at each tick of a clock, by the book as it has been told by then, and a reward
 * for what came of it by the next. Orders meet the exchange of the one simulator, with queue and latency.
 * @throws RangeError for an option that cannot be
 */
export function createBookEnvironment(options: BookEnvironmentOptions): BookEnvironment {
  const {
    createRun,
    tape,
    clock,
    reward,
    scale,
    episode,
    leverage,
    balance,
    levels = 10,
    distance = 'ticks',
  } = options;
  const { features = [], seed = 1, actions, size } = options;
  const { maxSteps = Number.POSITIVE_INFINITY } = episode;
  const strategy = standIn({
    clock,
    features,
    onTimer: (timeUs) => course.onTimer(timeUs),
    onFill: (fill, timeUs) => trader.onFill(fill, timeUs),
  });
  const columns = (strategyFeatureSet(strategy, {})?.columns ?? []).map(({ name }) => name);
  const { normalisation = noNormalisation({ columns }) } = options;
  if (normalisation.columns.join() !== columns.join())
    throw new RangeError(
      `normalisation: expected the columns ${columns.join(', ')}, found ${normalisation.columns.join(', ')}`,
    );
  const [stepSize, tickSize] = [scale.qty.toNumber(1), scale.price.toNumber(1)];
  const trader = createBookTrader({ levels, distance, normalisation, actions, size, stepSize, tickSize, balance });
  areAllParts(tape.parts);
  const flow = createTradeFlow(tape);
  const course = createBookEpisode({ tape, clock, flow, createRun: newRun });
  const places = bookPlaces(tape, clock, episode);
  const { shape, observation } = trader;
  const info: BookInfo = {
    timeMs: 0,
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
  const quiet = { lowTicks: 0, highTicks: 0 };
  const listener = { onStopped: () => info.stopped++ };
  let chance = random(seed);
  let isUnderWay = false;
  let steps = 0;

  function newRun(isPaused: () => boolean) {
    const { instrument, queue, latency, feeTier, limits } = options;
    const terms = { instrument, scale, queue, latency, balance, leverage, feeTier, limits };
    const its = { strategy, parameters: {}, seed: chance.below(2 ** 32), sampleMs: Number.POSITIVE_INFINITY };
    return createRun({ ...terms, ...its, skewUs: tape.skewUs, isPaused, quiet, listener });
  }

  /** What there is at the decision that the episode has come to. */
  function look(): void {
    const { simulation, account } = course.run;
    const { state } = account;
    const { both, markPriceE8 } = state.books[0]!;
    const { market, counts } = simulation;
    trader.look(market, flow);
    info.timeMs = market.timeUs / 1_000;
    info.equity = market.equity();
    info.price = markPriceE8 / 1e8;
    info.position = scale.qty.toNumber(both.steps);
    info.fees = state.feesE8 / 1e8;
    info.funding = state.fundingE8 / 1e8;
    info.sent = counts.sent;
    info.filled = counts.filled;
    info.liquidations = account.liquidations;
    calm();
  }

  /** A position that is worth less than the equity is not liquidated, whatever its margin. */
  function calm(): void {
    const { equity, price, position } = info;
    if (Math.abs(position) * price * (1 + 2 * QUIET_PART) > equity) voidQuiet(quiet);
    else {
      quiet.lowTicks = (price * (1 - QUIET_PART)) / tickSize;
      quiet.highTicks = (price * (1 + QUIET_PART)) / tickSize;
    }
  }

  function endOf(): EpisodeEnd {
    const { equity, price, position } = info;
    // Nothing is left, or too little for the least order.
    if (equity <= 0 || (position === 0 && equity * leverage < trader.minSteps * stepSize * price)) return 'ruin';
    if (!course.hasNext()) return course.isLast ? 'data' : 'invalid';
    return steps >= maxSteps ? 'length' : '';
  }

  return {
    observationNames: shape.names,
    observationSpace: shape.space,
    actionSpace: trader.actionSpace,
    reset({ seed } = {}) {
      if (seed !== undefined) chance = random(seed);
      isUnderWay = false;
      steps = 0;
      trader.reset();
      voidQuiet(quiet);
      info.end = '';
      info.target = 0;
      info.stopped = 0;
      course.begin(episode.begin === 'first' ? places[0]! : places[chance.below(places.length)]!);
      look();
      reward.reset(info.equity, info.price);
      isUnderWay = true;
      return said;
    },
    step(action) {
      if (!isUnderWay) throw new Error('step: expected an episode under way, found none: reset begins one');
      trader.read(action);
      trader.act(course.run.simulation.market);
      info.target = scale.qty.toNumber(trader.wantedSteps);
      steps++;
      course.next();
      look();
      info.end = endOf();
      said.reward = reward.next(info.equity, info.position, info.price, info.target);
      said.terminated = info.end === 'ruin';
      said.truncated = info.end !== '' && !said.terminated;
      isUnderWay = info.end === '';
      return said;
    },
    close() {
      isUnderWay = false;
    },
  };
}
