import type { ParameterDefinition, Parameters } from '../features/definition.ts';

export { realNumber, wholeNumber } from '../features/definition.ts';

/**
 * A reward as it goes through an episode. Positive is good. Kept by one episode at a time: `reset` begins the next.
 *
 * `equity` is wallet and unrealised profit in the quote asset, after all costs so far; `position` and `target` are in the base
 * asset, negative: short; `price` is the one by which the position is valued, in the quote asset.
 */
export interface Reward {
  reset(equity: number, price: number): void;
  /**
   * What the time since the last call, or the reset, was worth.
   * @param target the position that was wanted at its beginning
   */
  next(equity: number, position: number, price: number, target: number): number;
}

/** A reward as it is declared. */
export interface RewardDefinition<Name extends string = string> {
  /** kebab-case */
  readonly name: string;
  readonly title: string;
  readonly parameters: Readonly<Record<Name, ParameterDefinition>>;
  /** `quote asset`, or `ratio` of money to money. */
  readonly unit: 'quote asset' | 'ratio';
  readonly formula: string;
  /** The paper or the book. */
  readonly source: string;
  readonly create: (parameters: Parameters<Name>) => Reward;
}

/** Declares a reward. */
export function defineReward<const Name extends string>(definition: RewardDefinition<Name>): RewardDefinition<Name> {
  return definition;
}
