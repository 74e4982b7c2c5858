import type { BarActions } from '../../../pipelines/environment/bar-actions.ts';

/** The action that comes nearest to a target, in parts of the greatest position; of two as near the first. */
export function nearestAction(actions: BarActions): (target: number) => number | Float32Array {
  if (actions.type === 'continuous') return (target) => Float32Array.of(Math.min(Math.max(target, -1), 1));
  const targets = actions.type === 'targets' ? actions.targets : [0, 1, -1];
  return (target) =>
    targets.reduce((best, one, n) => (Math.abs(one - target) < Math.abs(targets[best]! - target) ? n : best), 0);
}
