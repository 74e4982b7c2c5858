import type { Backend } from '../backend/backend.ts';
import { createDqn, type DqnCheckpoint } from './dqn.ts';
import { DQN_SETTINGS, type DqnSettings } from './dqn-settings.ts';
import type { Learner } from './learner.ts';
import { createPpo, type PpoCheckpoint, type PpoWarmStart } from './ppo.ts';
import { PPO_SETTINGS, type PpoSettings } from './ppo-settings.ts';
import { createSac, type SacCheckpoint } from './sac.ts';
import { SAC_SETTINGS, type SacSettings } from './sac-settings.ts';
import type { ValueThread } from './value-thread.ts';
import type { Environments } from './vector-environment.ts';

/** An algorithm with all that it is told. */
export type Algorithm =
  | { readonly name: 'ppo'; readonly settings: PpoSettings }
  | { readonly name: 'dqn'; readonly settings: DqnSettings }
  | { readonly name: 'sac'; readonly settings: SacSettings };

/** What each can be told. */
export const ALGORITHMS = { ppo: PPO_SETTINGS, dqn: DQN_SETTINGS, sac: SAC_SETTINGS };

export type AlgorithmCheckpoint = PpoCheckpoint | DqnCheckpoint | SacCheckpoint;

/**
 * @param from a seed, a policy to begin with (PPO alone), or a checkpoint of the same algorithm, settings and environments
 * @param valueThread as of PPO; the others have no use for it
 * @throws RangeError where the actions are not such as the algorithm can choose
 * @throws BadInput that names the setting which wants more memory than there is
 */
export function createLearner(
  backend: Backend,
  environments: Environments,
  { name, settings }: Algorithm,
  from: number | PpoWarmStart | AlgorithmCheckpoint,
  valueThread?: ValueThread,
): Learner<AlgorithmCheckpoint> {
  switch (name) {
    case 'ppo':
      return createPpo(backend, environments, settings, from as number | PpoWarmStart | PpoCheckpoint, valueThread);
    case 'dqn':
      return createDqn(backend, environments, settings, from as number | DqnCheckpoint);
    case 'sac':
      return createSac(backend, environments, settings, from as number | SacCheckpoint);
  }
}
