import { type ClonedActor, clonePolicy } from '../algorithms/behaviour-cloning.ts';
import type { Demonstrations } from '../algorithms/demonstrations.ts';
import { openPolicy } from '../algorithms/policy.ts';
import type { Backend } from '../backend/backend.ts';
import type { BarData, Span } from './bar-data.ts';
import { nearestAction } from './nearest-action.ts';
import { type Decide, passOver } from './pass.ts';
import { strategyDemonstrations } from './strategy-demonstrations.ts';
import { strategyTargets } from './strategy-targets.ts';

/** How well a strategy was cloned. Plain data. */
export interface WarmStartOutcome {
  /** As the config names it. */
  readonly strategy: string;
  /** Decisions that were shown, and how many of them, the last, were held out. */
  readonly decisions: number;
  readonly heldOut: number;
  /** Share of those held out where the policy does what was shown; null: actions are numbers. */
  readonly agreement: number | null;
  /** Share that the commonest action of those alone would meet; null: actions are numbers. */
  readonly commonest: number | null;
  /** Root of the mean squared error of the actions held out; null: they are discrete. */
  readonly error: number | null;
  /** −mean(ln p(action)) of those held out, nats. */
  readonly heldOutLoss: number;
  readonly epochs: number;
  readonly epochBest: number;
  /** Gains on what is learned of, 0.01 is 1 %: by the strategy's own account, by its actions as an agent's, by the policy. */
  readonly strategyTotal: number;
  readonly shownTotal: number;
  readonly clonedTotal: number;
}

/** What a seed begins with in place of chance. */
export interface BegunWarm {
  readonly actor: ClonedActor;
  readonly outcome: WarmStartOutcome;
}

/**
 * Clones the config's strategy over what is learned of; always the same for a seed.
 * @returns null where the config has no warm start
 * @throws BadInput where the strategy does not trade there, or cannot be told apart from doing nothing
 */
export function beginWarm(data: BarData, learned: Span, backend: Backend, seed: number): BegunWarm | null {
  const { config, warmStrategy } = data;
  const { warmStart, ppo } = config;
  if (warmStart === undefined || warmStart === null) return null;
  const { strategy, fullPosition, noise, cloning } = warmStart;
  const shown = strategyTargets(data, learned, warmStrategy!, fullPosition);
  const demonstrations = strategyDemonstrations(data, learned, shown, noise);
  const { actor, policy, agreement, error, heldOutLoss, epochs, epochBest } = clonePolicy(
    backend,
    demonstrations,
    cloning,
    ppo!,
    seed,
  );
  const totalOf = (decide: Decide): number => {
    const { equity } = passOver(data, learned, decide);
    return equity.at(-1)! / equity[0]! - 1;
  };
  const actionOf = nearestAction(config.actions);
  const decisions = demonstrations.actions.length;
  const heldOut = decisions - Math.floor(decisions * (1 - cloning.heldOutShare));
  return {
    actor,
    outcome: {
      strategy,
      decisions,
      heldOut,
      agreement,
      commonest: agreement === null ? null : commonestShare(demonstrations, heldOut),
      error,
      heldOutLoss,
      epochs,
      epochBest,
      strategyTotal: shown.total,
      shownTotal: totalOf((_, bar) => actionOf(shown.targets[bar]!)),
      clonedTotal: totalOf(openPolicy(policy)),
    },
  };
}

function commonestShare({ actions }: Demonstrations, heldOut: number): number {
  const counts = new Map<number, number>();
  for (const action of actions.subarray(-heldOut)) counts.set(action, (counts.get(action) ?? 0) + 1);
  return Math.max(...counts.values()) / heldOut;
}
