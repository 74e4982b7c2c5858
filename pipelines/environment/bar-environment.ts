import { random } from '../../operators/random.ts';
import type { BarTape } from '../../streams/tape/bar-tape.ts';
import type { BarSimulation } from '../simulation/bar-simulation.ts';
import { defineStrategy } from '../simulation/strategy.ts';
import { targetActions } from './bar-actions.ts';
import type { BarEnvironmentOptions, BarEpisodeRun, BarInfo, EpisodeEnd } from './bar-environment-options.ts';
import type { BarFeatures } from './bar-features.ts';
import { type AccountView, createBarObservation, SINCE_TRADE_BARS } from './bar-observation.ts';
import { episodeSpan } from './bar-span.ts';
import { positionSizer } from './bar-target.ts';
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

const REDUCE_ONLY = { isReduceOnly: true } as const;
const MAY_OPEN = {} as const;

/**
 * Trading on candles: a decision at each close, which becomes a market order for the difference to the position that is
 * wanted, and a reward for what came of it by the next close.
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
  const actions = targetActions(options.actions);
  const size = positionSizer(options.size, scale);
  const shape = createBarObservation(normalisation);
  const observation = new Float32Array(shape.names.length);
  const view: AccountView = { position: 0, unrealised: 0, sinceTrade: 1, openOrders: 0 };
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
  const stepSize = scale.qty.toNumber(1);
  const now = {
    isUnderWay: false,
    bar: 0,
    /** Up to which candle the episode may come. */
    last: 0,
    /** What was wanted last, and in steps. */
    target: 0,
    wantedSteps: 0,
    /** Steps that the target 1 is now. */
    unitSteps: 0,
    heldSteps: 0,
    tradedBar: 0,
  };
  let chance = random(seed);
  let run = newRun(seed);

  function newRun(seed: number): BarEpisodeRun {
    const { instrument, assumptions, latency, feeTier, limits } = options;
    const terms = { instrument, scale, assumptions, latency, balance, leverage, feeTier, limits };
    const its = { bars, funding, strategy: PASSIVE, parameters: {}, seed };
    return createRun({ ...terms, ...its });
  }

  /** Sends what is needed to come from the position, with what is under way, to the one that is wanted. */
  function decide(target: number): void {
    const { market } = run.simulation;
    if (target !== now.target || size.isFixed) {
      now.target = target;
      // Half a step is rounded away from 0 on both sides: long and short are alike.
      const steps = Math.round(Math.abs(target) * now.unitSteps);
      now.wantedSteps = target < 0 ? 0 - steps : steps;
    }
    const openSteps = openOf(market.orders);
    const held = market.positionSteps;
    const steps = now.wantedSteps - held - openSteps;
    if (Math.abs(steps) < size.minSteps) return;
    const isReducing = openSteps === 0 && held * steps < 0 && Math.abs(steps) <= Math.abs(held);
    const sent = market.placeMarket(steps > 0 ? 'buy' : 'sell', Math.abs(steps), isReducing ? REDUCE_ONLY : MAY_OPEN);
    if (sent === 0) info.stopped++;
  }

  /** What there is at the close of the candle that the episode has come to. */
  function look(): void {
    const { simulation, account, curve } = run;
    const { state } = account;
    const { both } = state.books[0]!;
    const { market, counts } = simulation;
    const { bar } = now;
    const equity = curve.equityAt(close[bar]!);
    const price = scale.price.toNumber(close[bar]!);
    if (both.steps !== now.heldSteps) {
      now.heldSteps = both.steps;
      now.tradedBar = bar;
    }
    now.unitSteps = size.unitSteps(equity, price);
    const wallet = state.walletE8 / 1e8;
    view.position = market.positionSteps / now.unitSteps;
    view.unrealised = (equity - wallet) / wallet;
    view.sinceTrade = Math.min(1, (bar - now.tradedBar) / SINCE_TRADE_BARS);
    view.openOrders = openOf(market.orders) / now.unitSteps;
    shape.write(observation, values, bar * width, view);
    info.timeMs = market.timeUs / 1_000;
    info.bar = bar;
    info.equity = equity;
    info.price = price;
    info.position = scale.qty.toNumber(both.steps);
    info.target = scale.qty.toNumber(now.wantedSteps);
    info.fees = state.feesE8 / 1e8;
    info.funding = state.fundingE8 / 1e8;
    info.sent = counts.sent;
    info.filled = counts.filled;
    info.liquidations = account.liquidations;
  }

  /** Nothing is left, or too little for the least order. */
  function isRuined(): boolean {
    const { equity, price } = info;
    return equity <= 0 || (now.heldSteps === 0 && equity * leverage < size.minSteps * stepSize * price);
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
    actionSpace: actions.space,
    reset({ seed } = {}) {
      if (seed !== undefined) chance = random(seed);
      const { starts, lasts } = span;
      begunBar = episode.begin === 'first' ? starts[0]! : starts[chance.below(starts.length)]!;
      run = newRun(chance.below(2 ** 32));
      now.bar = begunBar;
      now.last = lasts[begunBar]!;
      now.target = 0;
      now.wantedSteps = 0;
      now.heldSteps = 0;
      now.tradedBar = Number.NEGATIVE_INFINITY;
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
      decide(actions.targetOf(action));
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

/** Steps that own orders may still move the position by. */
function openOf(orders: BarSimulation['market']['orders']): number {
  let steps = 0;
  for (let n = 0; n < orders.length; n++)
    steps += orders[n]!.side === 'buy' ? orders[n]!.leftSteps : -orders[n]!.leftSteps;
  return steps;
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
