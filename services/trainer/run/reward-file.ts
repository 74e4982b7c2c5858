import { BadInput } from '../../../infra/setup-error.ts';
import { loadUserModule, serveModule } from '../../../infra/user-module.ts';
import { random } from '../../../operators/random.ts';
import type { Reward, RewardDefinition } from '../../../operators/rewards/reward.ts';
import { createReward } from '../../../operators/rewards/rewards.ts';

/** What a file imports what it needs from, wherever it lies. */
const MODULE = 'don/reward';
serveModule(MODULE, 'operators', 'rewards', 'reward.ts');

/** A user's reward. */
export interface RewardFile {
  /** Of its content: SHA-256, first 16 hex digits. */
  readonly hash: string;
  /** A new one for an environment. */
  readonly create: () => Reward;
}

/** Steps that a reward is tried for, and how far the made market goes in one. */
const [TRIED_STEPS, TRIED_MOVE] = [500, 0.01];

/**
 * Loads a reward that a file exports by default, and tries it: finite numbers, and twice the same of the same steps.
 * @throws BadInput that names the file, what was expected and what was found
 */
export async function loadRewardFile(
  file: string,
  parameters: Readonly<Record<string, number>> = {},
): Promise<RewardFile> {
  const { found, hash } = await loadUserModule(file, {
    what: 'reward/file',
    expected: `export default defineReward({…}) of '${MODULE}'`,
    fields: { name: 'string', parameters: 'object', create: 'function' },
  });
  const definition = found as RewardDefinition;
  const create = (): Reward => finite(file, createReward(definition, parameters));
  try {
    tryReward(file, create);
  } catch (error) {
    throw error instanceof BadInput
      ? error
      : new BadInput(`${file}: ${error instanceof Error ? error.message : error}`);
  }
  return { hash, create };
}

/** Of what a config says; undefined: it names one of Don's. @throws BadInput as `loadRewardFile` does */
export async function loadReward({
  file,
  parameters,
}: {
  readonly file?: string | undefined;
  readonly parameters?: Readonly<Record<string, number>> | undefined;
}): Promise<RewardFile | undefined> {
  return file === undefined ? undefined : loadRewardFile(file, parameters);
}

/** What is no finite number ends the training where it is said. */
function finite(file: string, reward: Reward): Reward {
  return {
    reset: (equity, price) => reward.reset(equity, price),
    next(equity, position, price, target) {
      const value: unknown = reward.next(equity, position, price, target);
      if (typeof value === 'number' && Number.isFinite(value)) return value;
      throw new BadInput(`${file}: expected finite numbers, found ${String(value)}`);
    },
  };
}

function tryReward(file: string, create: () => Reward): void {
  const one = create();
  const first = rewardsOf(one);
  // Of another instance, and of one that has gone through an episode already.
  for (const again of [rewardsOf(create()), rewardsOf(one)]) {
    const at = first.findIndex((value, n) => !Object.is(value, again[n]));
    if (at >= 0)
      throw new BadInput(
        `${file}: expected the same rewards of the same steps, found ${first[at]} and ${again[at]} at step ${at + 1}: it depends on something else, or keeps something over a reset`,
      );
  }
}

/** Of a made episode: profits, losses, and positions both ways. */
function rewardsOf(reward: Reward): number[] {
  const { uniform } = random(1);
  let [equity, price, position] = [10_000, 60_000, 0];
  reward.reset(equity, price);
  return Array.from({ length: TRIED_STEPS }, () => {
    const target = Math.round(uniform() * 2 - 1) * 0.1;
    const move = price * TRIED_MOVE * (2 * uniform() - 1);
    price += move;
    equity += position * move;
    const value = reward.next(equity, position, price, target);
    position = target;
    return value;
  });
}
