import { hash } from 'node:crypto';
import { defineStrategy, type Market, type StrategyDefinition } from '../simulation/strategy.ts';
import type { WantedFeature } from '../simulation/strategy-features.ts';
import { createToldTrades } from './book-told-trades.ts';
import { type BookTrader, type BookTraderOptions, createBookTrader } from './book-trader.ts';
import { checkClock, type DecisionClock } from './decision-clock.ts';

/** A policy on an order book with all that it was trained to see and to do. */
export interface BookAgent extends Omit<BookTraderOptions, 'stepSize' | 'tickSize' | 'balance'> {
  /** As a strategy. */
  readonly name: string;
  readonly title: string;
  readonly says: string;
  readonly clock: DecisionClock;
  /** In the order of the normalisation's columns. */
  readonly features: readonly WantedFeature[];
  /** Makes what decides, once for each run: it may remember what it saw before. */
  readonly createPolicy: () => (observation: Float32Array) => number | Float32Array;
}

/**
 * A trained agent as a strategy: at each tick of its clock it sees what it saw in training, by the same code, and its decision
 * becomes the same orders. It begins once the book and every feature are valid; where one is not later, quotes are withdrawn
 * and targets wait. Profit is observed in parts of the wallet that it begins with. Each decision is noted with what was seen:
 * features and account as they are, and of all of it a digest.
 * @throws RangeError for a clock that cannot be
 */
export function bookAgent(agent: BookAgent): StrategyDefinition {
  const { name, title, says, clock, features } = agent;
  checkClock(clock);
  const isTimed = 'everyMs' in clock;
  return defineStrategy({
    name,
    title,
    says,
    parameters: {},
    events: ['trade', isTimed ? 'timer' : 'heard'],
    ...(isTimed ? { everyMs: () => clock.everyMs } : {}),
    features,
    create() {
      const decider = createDecider(agent);
      // Of events, in which the first decision is not waited for.
      let left = 1;
      return {
        onEvent(event, market) {
          if (event.type === 'trade')
            decider.trades.hear(event.aggressorSide === 'sell', event.priceTicks, event.qtySteps);
          else if (event.type === 'timer') decider.decide(market);
          else if (event.type === 'heard' && --left === 0)
            left = decider.decide(market) && !isTimed ? clock.everyEvents : 1;
        },
        onFill: (fill, market) => decider.trader(market).onFill(fill, market.timeUs),
      };
    },
  });
}

function createDecider(agent: BookAgent) {
  const policy = agent.createPolicy();
  const trades = createToldTrades();
  let made: BookTrader | undefined;
  let [tickSize, stepSize] = [Number.NaN, Number.NaN];
  let hasBegun = false;

  function traderOn(market: Market): BookTrader {
    if (made === undefined || market.tickSize !== tickSize || market.stepSize !== stepSize) {
      ({ tickSize, stepSize } = market);
      made = createBookTrader({ ...agent, tickSize, stepSize, balance: market.wallet() });
    }
    return made;
  }

  return {
    trades,
    trader: traderOn,
    /** @returns whether it has begun */
    decide(market: Market): boolean {
      if (!hasBegun) {
        hasBegun = market.isBookValid && market.areFeaturesValid;
        if (!hasBegun) return false;
        // What was heard before the first decision is no flow since the last one.
        trades.clear();
      }
      const trader = traderOn(market);
      const { observation } = trader;
      trader.look(market, trades);
      const action = policy(observation);
      trader.read(action);
      trader.act(market);
      market.note({
        observation: Array.from(observation.subarray(trader.shape.featuresAt)),
        digest: digestOf(observation),
        action: typeof action === 'number' ? action : Array.from(action),
        targetSteps: trader.wantedSteps,
        equity: market.equity(),
      });
      return true;
    },
  };
}

function digestOf({ buffer, byteOffset, byteLength }: Float32Array): string {
  return hash('sha256', new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength)).slice(0, 16);
}
