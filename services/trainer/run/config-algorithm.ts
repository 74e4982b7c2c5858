import { BadInput } from '../../../infra/setup-error.ts';
import type { Algorithm } from '../algorithms/algorithm.ts';
import type { RunConfig } from './run-config.ts';
import type { WarmStart } from './warm-start-settings.ts';

/** A config names its algorithm by the field that holds its settings. */
export const ALGORITHM_FIELDS = ['ppo', 'dqn', 'sac'] as const;
type AlgorithmField = (typeof ALGORITHM_FIELDS)[number];

/** Actions that are numbers within bounds, not one of several. */
const BOX_ACTIONS: ReadonlySet<string> = new Set(['continuous', 'quotes']);

/** The algorithm of a config; PPO as usual where none is named. */
export function namedAlgorithm(raw: object): AlgorithmField {
  return ALGORITHM_FIELDS.find((name) => name in raw) ?? 'ppo';
}

/** A config with the field of its algorithm, so that a schema says all its settings. */
export function withNamedAlgorithm(raw: unknown): unknown {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return raw;
  const name = namedAlgorithm(raw);
  return name in raw ? raw : { ...raw, [name]: {} };
}

export function algorithmOf({ ppo, dqn, sac }: Pick<RunConfig, AlgorithmField>): Algorithm {
  if (dqn !== undefined) return { name: 'dqn', settings: dqn };
  if (sac !== undefined) return { name: 'sac', settings: sac };
  return { name: 'ppo', settings: ppo! };
}

/** What is wrong with what a config says of its algorithm, though each field of it is right. */
export interface AlgorithmFault {
  readonly field: string;
  readonly expected: string;
  readonly found: string;
}

export function algorithmFault(
  config: Pick<RunConfig, AlgorithmField> & {
    readonly actions: { readonly type: string };
    readonly warmStart?: WarmStart | null | undefined;
  },
): AlgorithmFault | undefined {
  const named = ALGORITHM_FIELDS.filter((name) => config[name] !== undefined);
  if (named.length > 1) return { field: named[1]!, expected: 'one algorithm', found: named.join(' and ') };
  const { recurrentSize = null } = config.ppo ?? {};
  if (config.warmStart && (named[0] ?? 'ppo') !== 'ppo')
    return { field: 'warmStart', expected: 'ppo, whose policy can be cloned', found: named[0]! };
  if (config.warmStart && recurrentSize !== null)
    return {
      field: 'ppo/recurrentSize',
      expected: 'null with warmStart: a policy with a memory cannot be cloned',
      found: String(recurrentSize),
    };
  const { type } = config.actions;
  const isBox = BOX_ACTIONS.has(type);
  if (named[0] === 'dqn' && isBox)
    return {
      field: 'actions/type',
      expected: 'actions of which dqn can choose one, such as flat-long-short',
      found: type,
    };
  if (named[0] === 'sac' && !isBox)
    return { field: 'actions/type', expected: 'actions that are numbers, for sac, such as continuous', found: type };
  return undefined;
}

/** @throws BadInput */
export function checkAlgorithm<Config extends RunConfig>(config: Config): Config {
  const fault = algorithmFault(config);
  if (fault === undefined) return config;
  throw new BadInput(`${fault.field}: expected ${fault.expected}, found ${fault.found}`);
}
