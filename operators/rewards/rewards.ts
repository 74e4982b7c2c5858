import { resolveParameters } from '../features/resolve-feature-set.ts';
import { DIFFERENTIAL_SHARPE } from './differential-sharpe.ts';
import { DRAWDOWN_PENALISED } from './drawdown-penalised.ts';
import { IMPLEMENTATION_SHORTFALL } from './implementation-shortfall.ts';
import { INVENTORY_PENALISED } from './inventory-penalised.ts';
import { LOG_RETURN } from './log-return.ts';
import { PNL } from './pnl.ts';
import type { Reward, RewardDefinition } from './reward.ts';

/** Every reward that Don comes with, by its name. */
export const REWARDS = {
  pnl: PNL,
  'log-return': LOG_RETURN,
  'differential-sharpe': DIFFERENTIAL_SHARPE,
  'drawdown-penalised': DRAWDOWN_PENALISED,
  'inventory-penalised': INVENTORY_PENALISED,
  'implementation-shortfall': IMPLEMENTATION_SHORTFALL,
} as const;

export type RewardName = keyof typeof REWARDS;

/** Parameters of a reward; those that are not said are its own. */
export type RewardParameters<Name extends RewardName> = Partial<
  Readonly<Record<keyof (typeof REWARDS)[Name]['parameters'], number>>
>;

/** A reward by its name, as a file of settings says it. */
export type NamedReward = {
  [Name in RewardName]: { readonly name: Name; readonly parameters?: RewardParameters<Name> };
}[RewardName];

/** Whether there is a reward of that name. */
export function isRewardName(name: string): name is RewardName {
  return Object.hasOwn(REWARDS, name);
}

/**
 * A reward of Don's.
 * @throws RangeError that names the reward, or the parameter, what was expected and what was found
 */
export function rewardNamed({ name, parameters = {} }: NamedReward): Reward {
  if (!isRewardName(name))
    throw new RangeError(`reward: expected one of ${Object.keys(REWARDS).join(', ')}, found ${String(name)}`);
  return createReward(REWARDS[name] as RewardDefinition, parameters);
}

/** Any reward, such as one of a user's own. @throws RangeError that names the parameter */
export function createReward(
  definition: RewardDefinition,
  parameters: Readonly<Partial<Record<string, number>>> = {},
): Reward {
  const said = Object.fromEntries(Object.entries(parameters).filter(([, value]) => value !== undefined));
  return definition.create(resolveParameters(`reward ${definition.name}`, definition, said as Record<string, number>));
}
