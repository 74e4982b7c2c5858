import type { ActionDistribution } from './action-distribution.ts';

/** Sums over a batch's rows. */
export interface PolicySums {
  readonly policyLoss: number;
  readonly entropy: number;
  readonly approxKl: number;
  readonly clipFraction: number;
}

/**
 * −mean(min(r·A, clip(r, 1 ± clipRange)·A)) − entropyCoefficient·mean(entropy), where r is the action's probability by that
 * before the update. Where the clipped term is the lesser one the loss does not change with r, and there is nothing to learn.
 * @param batch a row each: what the network says now, the action taken, how likely it was then, its advantage
 * @param outputGradient where the gradient of the loss by the outputs is written
 * @see Schulman et al. (2017), eq. 7
 */
export function clippedPolicyLoss(
  distribution: ActionDistribution,
  batch: {
    readonly outputs: Float32Array;
    readonly actions: Float32Array;
    readonly logProbabilities: Float32Array;
    readonly advantages: Float32Array;
  },
  { clipRange, entropyCoefficient }: { readonly clipRange: number; readonly entropyCoefficient: number },
  outputGradient: Float32Array,
): PolicySums {
  const { outputs, actions, logProbabilities, advantages } = batch;
  const size = advantages.length;
  const sums = { policyLoss: 0, entropy: 0, approxKl: 0, clipFraction: 0 };
  for (let row = 0; row < size; row++) {
    const logRatio = distribution.logProbability(outputs, row, actions) - logProbabilities[row]!;
    const ratio = Math.exp(logRatio);
    const advantage = advantages[row]!;
    const plain = ratio * advantage;
    const clipped = Math.min(Math.max(ratio, 1 - clipRange), 1 + clipRange) * advantage;
    sums.policyLoss -= Math.min(clipped, plain);
    sums.entropy += distribution.entropy(outputs, row);
    sums.approxKl += ratio - 1 - logRatio;
    sums.clipFraction += Math.abs(ratio - 1) > clipRange ? 1 : 0;
    const by = { logProbability: clipped < plain ? 0 : -plain / size, entropy: -entropyCoefficient / size };
    distribution.writeGradient(row, by, { outputs, actions }, outputGradient);
  }
  return sums;
}

/**
 * coefficient · mean(max((v − R)², (v₀ + clip(v − v₀, ±clipRange) − R)²)), where v₀ is the value before the update and R the
 * return.
 * @param outputGradient where the gradient of the loss by v is written
 * @returns the sum over the rows, without the coefficient
 */
export function clippedValueLoss(
  batch: { readonly values: Float32Array; readonly before: Float32Array; readonly returns: Float32Array },
  { clipRange, coefficient }: { readonly clipRange: number; readonly coefficient: number },
  outputGradient: Float32Array,
): number {
  const { values, before, returns } = batch;
  let sum = 0;
  for (let row = 0; row < values.length; row++) {
    const error = values[row]! - returns[row]!;
    const moved = Math.min(Math.max(values[row]! - before[row]!, -clipRange), clipRange);
    const clippedError = before[row]! + moved - returns[row]!;
    const isClipped = clippedError * clippedError > error * error;
    sum += isClipped ? clippedError * clippedError : error * error;
    outputGradient[row] = isClipped ? 0 : (2 * coefficient * error) / values.length;
  }
  return sum;
}
