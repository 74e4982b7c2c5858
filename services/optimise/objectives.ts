import type { TrialFigures } from './trial.ts';

/** What a trial is judged by. */
export interface Objective {
  readonly name: string;
  readonly says: string;
  readonly isGreaterBetter: boolean;
  readonly of: (figures: TrialFigures) => number | null;
  /** It is written as per cent. */
  readonly isShare: boolean;
}

export const OBJECTIVES: readonly Objective[] = [
  {
    name: 'sharpe',
    says: 'Sharpe ratio a year',
    isGreaterBetter: true,
    of: ({ sharpe }) => sharpe,
    isShare: false,
  },
  {
    name: 'sortino',
    says: 'Sortino ratio a year',
    isGreaterBetter: true,
    of: ({ sortino }) => sortino,
    isShare: false,
  },
  {
    name: 'return',
    says: 'return over the span',
    isGreaterBetter: true,
    of: ({ total }) => total,
    isShare: true,
  },
  {
    name: 'return-to-drawdown',
    says: 'return over the span by its greatest drawdown',
    isGreaterBetter: true,
    of: ({ total, maxDrawdown }) => (maxDrawdown > 0 ? total / maxDrawdown : null),
    isShare: false,
  },
  {
    name: 'max-drawdown',
    says: 'greatest drawdown',
    isGreaterBetter: false,
    of: ({ maxDrawdown }) => maxDrawdown,
    isShare: true,
  },
  {
    name: 'volatility',
    says: 'volatility a year',
    isGreaterBetter: false,
    of: ({ volatility }) => volatility,
    isShare: true,
  },
  {
    name: 'turnover',
    says: 'traded, in initial balances',
    isGreaterBetter: false,
    of: ({ turnover }) => turnover,
    isShare: false,
  },
];

export const OBJECTIVE_NAMES: readonly string[] = OBJECTIVES.map(({ name }) => name);

export function objectiveNamed(name: string): Objective {
  return OBJECTIVES.find((objective) => objective.name === name)!;
}

/** Less is better; infinite where there is no figure, as of a trial that failed, or never traded. */
export function lossOf({ of, isGreaterBetter }: Objective, figures: TrialFigures | null): number {
  // One that never traded has done nothing well: no drawdown, no turnover.
  const value = figures === null || figures.fills === 0 ? null : of(figures);
  if (value === null || !Number.isFinite(value)) return Number.POSITIVE_INFINITY;
  return isGreaterBetter ? -value : value;
}
