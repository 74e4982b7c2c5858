import type { Parameters } from '../../operators/features/definition.ts';

/** One run of a strategy with some parameters over some span. Times in ms since the epoch. */
export interface TrialAsk {
  readonly parameters: Parameters;
  /** From here on it sees the market. */
  readonly fromMs: number;
  /** From here on it may trade, and is judged. */
  readonly tradeFromMs: number;
  /** First instant that no longer counts. */
  readonly toMs: number;
  /** Of the returns. */
  readonly periodMs: number;
}

/** What a run came to, from the instant on from which it may trade. Shares are fractions, ratios are of a year. */
export interface TrialFigures {
  readonly total: number;
  readonly sharpe: number | null;
  readonly sortino: number | null;
  readonly volatility: number | null;
  /** Of the peak, above 0. */
  readonly maxDrawdown: number;
  /** Σ price · qty ÷ initial balance. */
  readonly turnover: number;
  readonly fills: number;
  readonly liquidations: number;
}

/** How a trial ended. Plain data. */
export interface TrialOutcome {
  /** null: it failed. */
  readonly figures: TrialFigures | null;
  /** Of equal periods from `tradeFromMs` on, the last one may be cut; 0 after all is lost. Empty: it failed. */
  readonly returns: readonly number[];
  /** Of holding the instrument in the same periods; empty without prices. */
  readonly held: readonly number[];
  readonly sent: number;
  /** Orders that the exchange refused, by Binance's code, or a risk limit stopped, by its name. */
  readonly refused: Readonly<Record<string, number>>;
  /** What the run warned of. */
  readonly warnings: readonly string[];
  /** Why it failed; null: it did not. */
  readonly failure: string | null;
}

/** The same text for the same trial. */
export function trialKey({ parameters, fromMs, tradeFromMs, toMs, periodMs }: TrialAsk): string {
  return JSON.stringify([fromMs, tradeFromMs, toMs, periodMs, ...Object.values(parameters)]);
}
