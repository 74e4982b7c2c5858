import { BadInput } from '../../../infra/setup-error.ts';
import { type ClonedActor, clonePolicy } from '../algorithms/behaviour-cloning.ts';
import { openPolicy } from '../algorithms/policy.ts';
import type { Backend } from '../backend/backend.ts';
import type { BarData, Span } from './bar-data.ts';
import { nearestAction } from './nearest-action.ts';
import { type Decide, passOver } from './pass.ts';
import { type StrategyDemonstrations, strategyDemonstrations } from './strategy-demonstrations.ts';
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
  /** Root of the mean squared error of those held out; null: actions are discrete. */
  readonly error: number | null;
  /** The same two where the policy has its own way over the candles held out, up to its ruin. */
  readonly actingAgreement: number | null;
  readonly actingError: number | null;
  /** −mean(ln p(action)) of those held out, nats. */
  readonly heldOutLoss: number;
  readonly epochs: number;
  readonly epochBest: number;
  /** Gains on what is learned of, 0.01 is 1 %: of the strategy's own account, of an agent with its actions, of the policy. */
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
 * @throws BadInput where the strategy does not trade there, or one action is all that it comes to
 */
export function beginWarm(data: BarData, learned: Span, backend: Backend, seed: number): BegunWarm | null {
  const { config, warmStrategy, bars } = data;
  const { warmStart, ppo } = config;
  if (!warmStart) return null;
  if (warmStrategy === undefined || ppo === undefined)
    throw new Error(`warm start: expected the loaded strategy ${warmStart.strategy} and settings of ppo`);
  const { strategy, fullPosition, noise, cloning } = warmStart;
  const shown = strategyTargets(data, learned, warmStrategy, fullPosition);
  const demonstrations = strategyDemonstrations(data, learned, shown, noise);
  const cloned = namingField(() => clonePolicy(backend, demonstrations, cloning, ppo, seed));
  const { actor, policy, agreement, error, heldOutLoss, epochs, epochBest } = cloned;
  const actionOf = nearestAction(config.actions);
  const wanted = (bar: number): number | Float32Array => actionOf(shown.targets[bar]!);
  const totalOf = (decide: Decide): number => {
    const { equity } = passOver(data, learned, decide);
    return equity.at(-1)! / equity[0]! - 1;
  };
  const decisions = demonstrations.bars.length;
  const heldOut = decisions - Math.floor(decisions * (1 - cloning.heldOutShare));
  const heldOutFromMs = bars.openTimesMs[demonstrations.bars[decisions - heldOut]!]!;
  const acting = actingOn(data, { ...learned, fromMs: heldOutFromMs }, openPolicy(policy), wanted);
  return {
    actor,
    outcome: {
      strategy,
      decisions,
      heldOut,
      agreement,
      commonest: agreement === null ? null : commonestShare(demonstrations, heldOut),
      error,
      actingAgreement: agreement === null ? null : acting.agreement,
      actingError: error === null ? null : acting.error,
      heldOutLoss,
      epochs,
      epochBest,
      strategyTotal: shown.total,
      shownTotal: totalOf((_, bar) => wanted(bar)),
      clonedTotal: totalOf(openPolicy(policy)),
    },
  };
}

/** @throws BadInput with the field where the config has it */
function namingField<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw error instanceof BadInput ? new BadInput(`warmStart/cloning/${error.message}`) : error;
  }
}

/** How near a policy comes to what is wanted where it sees what its own actions lead to. */
function actingOn(data: BarData, span: Span, policy: Decide, wanted: (bar: number) => number | Float32Array) {
  let [agreed, squares, count] = [0, 0, 0];
  passOver(data, span, (observation, bar) => {
    const [found, expected] = [policy(observation, bar), wanted(bar)];
    count++;
    if (typeof found === 'number') agreed += found === expected ? 1 : 0;
    else squares += (found[0]! - (expected as Float32Array)[0]!) ** 2;
    return found;
  });
  return { agreement: agreed / count, error: Math.sqrt(squares / count) };
}

function commonestShare({ actions }: StrategyDemonstrations, heldOut: number): number {
  const counts = new Map<number, number>();
  for (const action of actions.subarray(actions.length - heldOut)) counts.set(action, (counts.get(action) ?? 0) + 1);
  return Math.max(...counts.values()) / heldOut;
}
