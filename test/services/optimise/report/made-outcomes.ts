import { random } from '../../../../operators/random.ts';
import { DEFAULT_RISK_LIMITS } from '../../../../operators/risk/risk-limits.ts';
import { defineStrategy, wholeNumber } from '../../../../pipelines/simulation/strategy.ts';
import type { StudyTrial, WindowOutcome } from '../../../../services/optimise/run-study.ts';
import type { Study } from '../../../../services/optimise/study.ts';
import type { TrialOutcome } from '../../../../services/optimise/trial.ts';

// Outcomes of a study of one parameter, as runs would give them, with an edge that is known.

const DAY = 86_400_000;
const HOUR = 3_600_000;
const POINTS = Array.from({ length: 21 }, (_, n) => n);

export interface MadeStudy {
  readonly windows: number;
  /** Mean return of an hour at the best value, 10; it falls to 0 at the ends of the range. */
  readonly edge: number;
  readonly seed?: number;
}

export function madeStudy({ windows, edge, seed = 1 }: MadeStudy): { study: Study; outcomes: WindowOutcome[] } {
  const { normal } = random(seed);
  const held = (hours: number): number[] => Array.from({ length: hours }, () => 0.002 * normal());
  const outcomeOf = (value: number, market: readonly number[]): TrialOutcome => {
    const mean = edge * (1 - Math.abs(value - 10) / 10);
    const returns = market.map(() => mean + 0.003 * normal());
    const total = returns.reduce((product, gain) => product * (1 + gain), 1) - 1;
    const sum = returns.reduce((all, gain) => all + gain, 0) / returns.length;
    const figures = {
      total,
      sharpe: sum,
      sortino: sum,
      volatility: 0.1,
      maxDrawdown: 0.01,
      turnover: 1,
      fills: 20,
      liquidations: 0,
    };
    return { figures, returns, held: market, sent: 20, refused: {}, warnings: [], failure: null };
  };
  const trialOf = (value: number, market: readonly number[]): StudyTrial => {
    const outcome = outcomeOf(value, market);
    return { point: [value], outcome, loss: -outcome.figures!.total };
  };
  const spans = Array.from({ length: windows }, (_, n) => ({
    trainFromMs: n * DAY,
    trainToMs: (n + 5) * DAY,
    testFromMs: (n + 5) * DAY,
    testToMs: (n + 6) * DAY,
  }));
  const outcomes = spans.map((window): WindowOutcome => {
    const [trained, tested] = [held(5 * 24), held(24)];
    const trials = POINTS.map((value) => trialOf(value, trained));
    const chosen = trials.reduce((best, trial) => (trial.loss < best.loss ? trial : best));
    const value = chosen.point[0]!;
    const beside = [value - 1, value + 1]
      .filter((near) => near >= 0 && near <= 20)
      .map((near) => trialOf(near, trained));
    return { window, trainPeriodMs: HOUR, trials, chosen, beside, test: outcomeOf(value, tested) };
  });
  const definition = defineStrategy({
    name: 'made',
    title: '',
    says: '',
    parameters: { value: wholeNumber('', { default: 10, says: '', least: 0, most: 20 }) },
    events: [],
    create: () => ({}),
  });
  const model = { seed: 1, balance: 10_000, leverage: 5, feeTier: 0, queue: 'risk-averse', latency: '5,5' };
  const study: Study = {
    id: `made-${seed}`,
    settings: {
      strategy: 'made',
      strategyHash: '0',
      instrument: 'simulated:BTCUSDT',
      recording: 'live',
      set: {},
      space: [{ name: 'value', least: 0, most: 20, step: 1, isLog: false }],
      search: 'grid',
      trials: 21,
      objectives: ['return', 'max-drawdown'],
      purgeMs: 0,
      embargoMs: 0,
      isAnchored: false,
      windows: spans,
      periodMs: HOUR,
      ...model,
      limits: {},
      simulator: 's',
      optimiser: 'o',
    },
    strategy: { definition, hash: '0' },
    market: {
      instrument: 'simulated:BTCUSDT',
      recording: 'live',
      strategy: 'made',
      ...model,
      limits: DEFAULT_RISK_LIMITS,
    },
    leftOverMs: 0,
  };
  return { study, outcomes };
}
