import { defineStrategy, type StrategyDefinition } from '../simulation/strategy.ts';
import type { WantedFeature } from '../simulation/strategy-features.ts';
import { type BarTrader, type BarTraderOptions, createBarTrader } from './bar-trader.ts';

/** A policy with all that it was trained to see and to do. */
export interface BarAgent extends Omit<BarTraderOptions, 'stepSize'> {
  /** As a strategy. */
  readonly name: string;
  readonly title: string;
  readonly says: string;
  /** Of bars, in the order of the normalisation's columns. */
  readonly features: readonly WantedFeature[];
  /** Makes what decides, once for each run: it may remember what it saw before. */
  readonly createPolicy: () => (observation: Float32Array) => number | Float32Array;
}

/**
 * A trained agent as a strategy: at each bar's close it sees what it saw in training, by the same code, and its decision
 * becomes the same order. It begins once every feature is valid, and leaves things as they are while one, or the book, is not.
 * Each decision is noted with what was seen.
 */
export function barAgent(agent: BarAgent): StrategyDefinition {
  const { name, title, says, features, intervalMs, normalisation, createPolicy } = agent;
  const { columns } = normalisation;
  return defineStrategy({
    name,
    title,
    says,
    parameters: {},
    events: [],
    barMs: () => intervalMs,
    features,
    create() {
      const policy = createPolicy();
      const values = new Float64Array(columns.length);
      let trader: BarTrader | undefined;
      let stepSize = Number.NaN;
      let hasBegun = false;
      return {
        onBar(_, market) {
          if (Number.isNaN(market.bidTicks + market.askTicks)) return;
          const isValid = market.areFeaturesValid && market.isBookValid;
          hasBegun ||= isValid;
          if (!hasBegun) return;
          if (trader === undefined || market.stepSize !== stepSize) {
            stepSize = market.stepSize;
            trader = createBarTrader({ ...agent, stepSize });
          }
          for (let n = 0; n < columns.length; n++) values[n] = market.feature(columns[n]!);
          const observation = trader.look(market, values, 0);
          const action = policy(observation);
          if (!isValid) return;
          trader.act(market, action);
          market.note({
            observation: Array.from(observation),
            action: typeof action === 'number' ? action : Array.from(action),
            targetSteps: trader.wantedSteps,
            equity: market.equity(),
          });
        },
      };
    },
  });
}
