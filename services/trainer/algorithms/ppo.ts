import { hash32, type RandomState, resumableRandom } from '../../../operators/random.ts';
import type { Environment } from '../../../pipelines/environment/environment.ts';
import type { Backend } from '../backend/backend.ts';
import { type AdamState, clipNorm, createAdam } from '../networks/adam.ts';
import { initialiseMlp, type Mlp, mlpInference, mlpParameterCount } from '../networks/mlp.ts';
import { mlpGradient } from '../networks/mlp-gradient.ts';
import { actionDistribution, ownParameterCount } from './action-distribution.ts';
import { checkFits } from './checkpoint-file.ts';
import { clippedPolicyLoss, clippedValueLoss } from './clipped-losses.ts';
import { checkLosses, type Learner, type LearnerCheckpoint, type Metrics } from './learner.ts';
import type { PpoSettings } from './ppo-settings.ts';
import { gather } from './replay-buffer.ts';
import { type MomentsState, runningMoments } from './running-moments.ts';
import { scheduled } from './settings.ts';
import { type VectorState, vectorEnvironment } from './vector-environment.ts';

/** All that a run goes on from. */
export interface PpoCheckpoint extends LearnerCheckpoint {
  readonly algorithm: 'ppo';
  readonly settings: PpoSettings;
  readonly globalStep: number;
  /** float32: of the policy, of the values, of the actions' distribution. */
  readonly parameters: Float32Array;
  readonly adam: AdamState;
  readonly random: RandomState;
  readonly environments: VectorState;
  readonly observationMoments: MomentsState;
  readonly returnMoments: MomentsState;
  /** Of each environment's episode so far, by which rewards are normalised. */
  readonly discountedReturns: Float32Array;
}

/**
 * Proximal policy optimisation with a clipped objective, from top to bottom. An episode that is cut, not ended, is worth
 * what the values say of its last observation. Metrics are defined in docs/training.md.
 * @param from a seed, or the checkpoint of a run with the same environments and settings, which then goes on bit for bit
 * @see Schulman et al. (2017), "Proximal Policy Optimization Algorithms"
 * @see Huang et al. (2022), "The 37 Implementation Details of Proximal Policy Optimization"
 */
export function createPpo(
  backend: Backend,
  environments: readonly Environment[],
  settings: PpoSettings,
  from: number | PpoCheckpoint,
): Learner<PpoCheckpoint> {
  const saved = typeof from === 'number' ? undefined : from;
  const random = resumableRandom(saved?.random ?? hash32(from as number, 'ppo'));
  const envs = vectorEnvironment(environments, saved?.environments ?? hash32(from as number, 'environments'));
  const { count, observationSize, actionSize, actionSpace } = envs;
  const { gamma, gaeLambda, stepsPerUpdate, batchSize, totalSteps } = settings;
  const rows = stepsPerUpdate * count;

  // Networks: one vector holds the parameters of both and of the distribution, one the gradient.
  const ownCount = ownParameterCount(actionSpace);
  const outputCount = actionSpace.type === 'discrete' ? actionSpace.count : actionSize;
  const policySizes = [observationSize, ...settings.hiddenSizes, outputCount];
  const valueSizes = [observationSize, ...settings.hiddenSizes, 1];
  const valuesAt = mlpParameterCount(policySizes);
  const ownAt = valuesAt + mlpParameterCount(valueSizes);
  const parameters = new Float32Array(ownAt + ownCount);
  const gradient = new Float32Array(parameters.length);
  const { activation } = settings;
  const policy: Mlp = { sizes: policySizes, activation, parameters: parameters.subarray(0, valuesAt) };
  const value: Mlp = { sizes: valueSizes, activation, parameters: parameters.subarray(valuesAt, ownAt) };
  if (saved === undefined) {
    // A policy that begins nearly uniform explores; the deviations of a Gaussian begin at 1.
    initialiseMlp(policy, 0.01, random);
    initialiseMlp(value, 1, random);
  } else {
    checkFits('parameters', saved.parameters.length, parameters.length);
    parameters.set(saved.parameters);
  }
  const distribution = actionDistribution(actionSpace, parameters.subarray(ownAt), gradient.subarray(ownAt));
  const inferPolicy = mlpInference(policy);
  const inferValue = mlpInference(value);
  const policyGradient = mlpGradient(backend, policy, gradient.subarray(0, valuesAt));
  const valueGradient = mlpGradient(backend, value, gradient.subarray(valuesAt, ownAt));
  const adam = createAdam(parameters, { epsilon: 1e-5, from: saved?.adam });

  // Normalisation.
  const observationMoments = runningMoments(observationSize, saved?.observationMoments);
  const returnMoments = runningMoments(1, saved?.returnMoments);
  const discountedReturns = saved?.discountedReturns.slice() ?? new Float32Array(count);
  const normalised = (observations: Float32Array): Float32Array =>
    settings.normalisesObservations ? observationMoments.normalise(observations) : observations;

  // What an update learns from: row `step × count + environment`.
  const observations = new Float32Array(rows * observationSize);
  const actions = new Float32Array(rows * actionSize);
  const logProbabilities = new Float32Array(rows);
  const rewards = new Float32Array(rows);
  const values = new Float32Array(rows);
  const hasEnded = new Uint8Array(rows);
  const advantages = new Float32Array(rows);
  const returns = new Float32Array(rows);
  const actionsNow = new Float32Array(count * actionSize);
  let globalStep = saved?.globalStep ?? 0;

  /** Acts for `stepsPerUpdate` steps. */
  const collect = (): void => {
    for (let step = 0; step < stepsPerUpdate; step++) {
      const at = step * count;
      // The step that came last is counted before it is acted on.
      if (settings.normalisesObservations) observationMoments.add(envs.observations);
      const seen = normalised(envs.observations);
      observations.set(seen, at * observationSize);
      values.set(inferValue(seen), at);
      const outputs = inferPolicy(seen);
      for (let n = 0; n < count; n++) logProbabilities[at + n] = distribution.draw(outputs, n, random, actionsNow);
      actions.set(actionsNow, at * actionSize);
      envs.step(actionsNow);
      globalStep += count;
      const reward = rewards.subarray(at, at + count);
      reward.set(envs.rewards);
      if (settings.normalisesReturns) {
        for (let n = 0; n < count; n++) discountedReturns[n] = discountedReturns[n]! * gamma + reward[n]!;
        returnMoments.add(discountedReturns);
        returnMoments.scale(reward);
      }
      for (let n = 0; n < count; n++) {
        hasEnded[at + n] = envs.terminated[n]! | envs.truncated[n]!;
        if (hasEnded[at + n] === 0) continue;
        discountedReturns[n] = 0;
        // Cut, not ended: what would have come is what the values say.
        const last = envs.lastObservations.subarray(n * observationSize, (n + 1) * observationSize);
        if (envs.terminated[n] === 0) reward[n]! += gamma * inferValue(normalised(last))[0]!;
      }
    }
  };

  /** Generalised advantage estimates (Schulman et al. 2016), and the returns that the values learn. */
  const estimateAdvantages = (): void => {
    const next = inferValue(normalised(envs.observations)).slice();
    for (let n = 0; n < count; n++) {
      let advantage = 0;
      let nextValue = next[n]!;
      for (let at = (stepsPerUpdate - 1) * count + n; at >= 0; at -= count) {
        const goesOn = 1 - hasEnded[at]!;
        const delta = rewards[at]! + gamma * nextValue * goesOn - values[at]!;
        advantage = delta + gamma * gaeLambda * goesOn * advantage;
        advantages[at] = advantage;
        returns[at] = advantage + values[at]!;
        nextValue = values[at]!;
      }
    }
  };

  /** One step of Adam on the rows that `batch` names; adds what it came to, row by row, to `sums`. */
  const learn = (batch: Uint32Array, sums: Sums, learningRate: number, clipRange: number): void => {
    const size = batch.length;
    const inputs = gather(observations, batch, observationSize);
    const taken = gather(actions, batch, actionSize);
    const wanted = gather(advantages, batch, 1);
    if (settings.normalisesAdvantages && size > 1) standardise(wanted);
    gradient.fill(0);

    const outputs = policyGradient.forward(inputs);
    const outputGradient = new Float32Array(outputs.length);
    const then = { logProbabilities: gather(logProbabilities, batch, 1), advantages: wanted };
    const policySums = clippedPolicyLoss(
      distribution,
      { outputs, actions: taken, ...then },
      { clipRange, entropyCoefficient: settings.entropyCoefficient },
      outputGradient,
    );
    policyGradient.backward(outputGradient);

    const valueOutputGradient = new Float32Array(size);
    const valueLoss = clippedValueLoss(
      { values: valueGradient.forward(inputs), before: gather(values, batch, 1), returns: gather(returns, batch, 1) },
      { clipRange: settings.valueClipRange ?? Infinity, coefficient: settings.valueCoefficient },
      valueOutputGradient,
    );
    valueGradient.backward(valueOutputGradient);

    const batchSums = { ...policySums, valueLoss };
    checkLosses({ policyLoss: batchSums.policyLoss / size, valueLoss: batchSums.valueLoss / size }, globalStep);
    const gradientNorm = clipNorm(gradient, settings.gradientNormMax);
    checkLosses({ gradientNorm }, globalStep);
    adam.step(gradient, learningRate);
    for (const key of LOSSES) sums[key] += batchSums[key];
    sums.gradientNorm += gradientNorm * size;
    sums.rows += size;
  };

  const optimise = (): Metrics => {
    // As in Stable-Baselines3, the steps just gathered count as done.
    const done = globalStep / totalSteps;
    const learningRate = scheduled(settings.learningRate, settings.learningRateSchedule, done);
    const clipRange = scheduled(settings.clipRange, settings.clipRangeSchedule, done);
    const order = Uint32Array.from({ length: rows }, (_, row) => row);
    const sums: Sums = { ...NO_SUMS };
    let isFar = false;
    for (let epoch = 0; epoch < settings.epochs && !isFar; epoch++) {
      for (let n = rows - 1; n > 0; n--) {
        const other = random.below(n + 1);
        [order[n], order[other]] = [order[other]!, order[n]!];
      }
      for (let at = 0; at < rows && !isFar; at += batchSize) {
        const [klBefore, rowsBefore] = [sums.approxKl, sums.rows];
        learn(order.subarray(at, at + batchSize), sums, learningRate, clipRange);
        const kl = (sums.approxKl - klBefore) / (sums.rows - rowsBefore);
        isFar = settings.targetKl !== null && kl > 1.5 * settings.targetKl;
      }
    }
    const means = Object.fromEntries([...LOSSES, 'gradientNorm' as const].map((key) => [key, sums[key] / sums.rows]));
    const explainedVariance = 1 - variance(returns.map((target, row) => target - values[row]!)) / variance(returns);
    return { globalStep, ...envs.statistics(), ...means, explainedVariance, learningRate, clipRange };
  };

  return {
    globalStep: () => globalStep,
    isDone: () => globalStep >= totalSteps,
    update: () => {
      collect();
      estimateAdvantages();
      return optimise();
    },
    checkpoint: () => ({
      algorithm: 'ppo',
      settings,
      globalStep,
      parameters: parameters.slice(),
      adam: adam.state(),
      random: random.state(),
      environments: envs.state(),
      observationMoments: observationMoments.state(),
      returnMoments: returnMoments.state(),
      discountedReturns: discountedReturns.slice(),
    }),
    policy: () => ({
      network: { ...policy, parameters: policy.parameters.slice() },
      actionSpace,
      moments: settings.normalisesObservations ? observationMoments.state() : null,
      head: actionSpace.type === 'discrete' ? 'greatest' : 'mean',
    }),
  };
}

const LOSSES = ['policyLoss', 'valueLoss', 'entropy', 'approxKl', 'clipFraction'] as const;
const NO_SUMS = { policyLoss: 0, valueLoss: 0, entropy: 0, approxKl: 0, clipFraction: 0, gradientNorm: 0, rows: 0 };
type Sums = typeof NO_SUMS;

/** To mean 0 and deviation 1, in place. */
function standardise(values: Float32Array): void {
  const mean = values.reduce((sum, each) => sum + each, 0) / values.length;
  const deviation = Math.sqrt((variance(values) * values.length) / (values.length - 1));
  for (let n = 0; n < values.length; n++) values[n] = (values[n]! - mean) / (deviation + 1e-8);
}

function variance(values: Float32Array): number {
  const mean = values.reduce((sum, each) => sum + each, 0) / values.length;
  return values.reduce((sum, each) => sum + (each - mean) ** 2, 0) / values.length;
}
