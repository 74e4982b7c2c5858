import { hash32, type RandomState, resumableRandom } from '../../../operators/random.ts';
import type { Backend } from '../backend/backend.ts';
import { type AdamState, clipNorm, createAdam } from '../networks/adam.ts';
import { networkInference } from '../networks/network.ts';
import { networkGradient } from '../networks/network-gradient.ts';
import { actorCritic, actorCriticShape, initialiseActorCritic } from './actor-critic.ts';
import type { ClonedActor } from './behaviour-cloning.ts';
import { checkFits } from './checkpoint-file.ts';
import { clippedPolicyLoss } from './clipped-losses.ts';
import { checkLosses, type Learner, type LearnerCheckpoint, type Metrics } from './learner.ts';
import { checkMemory, minibatchNeed, numbersNeed, parametersNeed } from './memory-need.ts';
import type { PpoSettings } from './ppo-settings.ts';
import { rowsOf, sequencesOf } from './recurrent-batch.ts';
import { gather } from './replay-buffer.ts';
import { type MomentsState, runningMoments } from './running-moments.ts';
import { scheduled } from './settings.ts';
import { sharedFloats } from './shared-columns.ts';
import { shuffle } from './shuffle.ts';
import { standardise, variance } from './standardise.ts';
import { type ValueLearning, valueLearner } from './value-learner.ts';
import type { ValueThread } from './value-thread.ts';
import { type Environments, type VectorState, vectorEnvironment } from './vector-environment.ts';

/** All that a run goes on from. */
export interface PpoCheckpoint extends LearnerCheckpoint {
  readonly algorithm: 'ppo';
  readonly settings: PpoSettings;
  readonly globalStep: number;
  /** float32: of the policy, of the actions' distribution, of the values. */
  readonly parameters: Float32Array;
  readonly adam: AdamState;
  readonly random: RandomState;
  readonly environments: VectorState;
  readonly observationMoments: MomentsState;
  readonly returnMoments: MomentsState;
  /** Of each environment's episode so far, by which rewards are normalised. */
  readonly discountedReturns: Float32Array;
  /** float32[environments, recurrentSize]: what the networks remember of the episodes; nothing without a memory. */
  readonly policyStates: Float32Array;
  readonly valueStates: Float32Array;
}

/** A policy that a run begins with in place of chance; the values still begin with nothing. */
export interface PpoWarmStart {
  readonly seed: number;
  readonly actor: ClonedActor;
}

/**
 * Proximal policy optimisation with a clipped objective, from top to bottom. An episode that is cut, not ended, is worth
 * what the values say of its last observation. With a memory the networks' states are carried along episodes, and learned
 * through by whole environments. Metrics are defined in docs/training.md.
 * @param from a seed, with or without a policy to begin with, or the checkpoint of a run with the same environments and
 * settings, which then goes on bit for bit
 * @param valueThread where the values are learned side by side with the policy; what comes of it is the same
 * @throws BadInput that names the setting which wants more memory than there is, or what of a checkpoint does not fit
 * @see Schulman et al. (2017), "Proximal Policy Optimization Algorithms"
 * @see Huang et al. (2022), "The 37 Implementation Details of Proximal Policy Optimization"
 */
export function createPpo(
  backend: Backend,
  environments: Environments,
  settings: PpoSettings,
  from: number | PpoWarmStart | PpoCheckpoint,
  valueThread?: ValueThread,
): Learner<PpoCheckpoint> {
  const begun = typeof from === 'number' ? { seed: from } : from;
  const saved = 'algorithm' in begun ? begun : undefined;
  const seed = 'seed' in begun ? begun.seed : 0;
  const cloned = 'actor' in begun ? begun.actor : undefined;
  const random = resumableRandom(saved?.random ?? hash32(seed, 'ppo'));
  const envs = vectorEnvironment(environments, saved?.environments ?? hash32(seed, 'environments'));
  const { count, observationSize, actionSize, actionSpace } = envs;
  const { gamma, gaeLambda, stepsPerUpdate, batchSize, totalSteps } = settings;
  const rows = stepsPerUpdate * count;

  // With a memory a minibatch is of whole environments, whose steps follow one another.
  const units = settings.recurrentSize ?? 0;
  const batchUnits = units === 0 ? batchSize : Math.max(1, Math.floor(batchSize / stepsPerUpdate));
  const batchRows = Math.min(rows, units === 0 ? batchSize : batchUnits * stepsPerUpdate);
  const shape = actorCriticShape(observationSize, actionSpace, settings);
  const shapes = [shape.policy, shape.value];
  checkMemory(backend, [
    parametersNeed('hiddenSizes', shapes),
    numbersNeed('stepsPerUpdate', rows * (observationSize + actionSize + 7)),
    minibatchNeed('batchSize', batchRows, shapes),
  ]);

  // Networks: one vector holds the parameters of both and of the distribution, one the gradient.
  const networks = actorCritic(shape, actionSpace);
  const { parameters, gradient, distribution, policy, value } = networks;
  if (saved !== undefined) {
    checkFits('parameters', saved.parameters.length, parameters.length);
    parameters.set(saved.parameters);
  } else {
    initialiseActorCritic(networks, random);
    if (cloned !== undefined) {
      checkFits('actor', cloned.parameters.length, networks.actorCount, 'warm start');
      parameters.set(cloned.parameters);
    }
  }
  const inferPolicy = networkInference(policy.network);
  const inferValue = networkInference(value.network);
  const policyGradient = networkGradient(backend, policy.network, policy.gradient);
  const adam = createAdam(parameters, { epsilon: 1e-5, from: saved?.adam });

  // Normalisation.
  const observationMoments = runningMoments(
    observationSize,
    saved?.observationMoments ?? cloned?.observationMoments ?? undefined,
  );
  const returnMoments = runningMoments(1, saved?.returnMoments);
  const discountedReturns = saved?.discountedReturns.slice() ?? new Float32Array(count);
  const normalised = (observations: Float32Array): Float32Array =>
    settings.normalisesObservations ? observationMoments.normalise(observations) : observations;

  // What an update learns from: row `step × count + environment`.
  const observations = sharedFloats(rows * observationSize);
  const actions = new Float32Array(rows * actionSize);
  const logProbabilities = new Float32Array(rows);
  const rewards = new Float32Array(rows);
  const values = sharedFloats(rows);
  const hasEnded = new Uint8Array(new SharedArrayBuffer(rows));
  const advantages = new Float32Array(rows);
  const returns = sharedFloats(rows);
  const actionsNow = new Float32Array(count * actionSize);
  let globalStep = saved?.globalStep ?? 0;

  // What the networks remember: now, and where the update began.
  const policyStates = saved?.policyStates.slice() ?? new Float32Array(count * units);
  const valueStates = saved?.valueStates.slice() ?? new Float32Array(count * units);
  checkFits('policyStates', policyStates.length, count * units);
  const policyStatesFirst = new Float32Array(count * units);
  const valueStatesFirst = sharedFloats(count * units);
  const steps = { count, stepsPerUpdate, hasEnded };

  const valueLearning: ValueLearning = {
    trained: value,
    observations,
    values,
    returns,
    steps,
    statesFirst: valueStatesFirst,
    clipRange: settings.valueClipRange ?? Infinity,
    coefficient: settings.valueCoefficient,
  };
  const critic = valueThread?.learn(valueLearning) ?? valueLearner(backend, valueLearning);

  /** Acts for `stepsPerUpdate` steps. */
  const collect = (): void => {
    policyStatesFirst.set(policyStates);
    valueStatesFirst.set(valueStates);
    for (let step = 0; step < stepsPerUpdate; step++) {
      const at = step * count;
      // The step that came last is counted before it is acted on.
      if (settings.normalisesObservations) observationMoments.add(envs.observations);
      const seen = normalised(envs.observations);
      observations.set(seen, at * observationSize);
      values.set(inferValue(seen, valueStates), at);
      const outputs = inferPolicy(seen, policyStates);
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
        const states = valueStates.slice(n * units, (n + 1) * units);
        for (const each of [policyStates, valueStates]) each.fill(0, n * units, (n + 1) * units);
        // Cut, not ended: what would have come is what the values say.
        const last = envs.lastObservations.subarray(n * observationSize, (n + 1) * observationSize);
        if (envs.terminated[n] === 0) reward[n]! += gamma * inferValue(normalised(last), states)[0]!;
      }
    }
  };

  /** Generalised advantage estimates (Schulman et al. 2016), and the returns that the values learn. */
  const estimateAdvantages = (): void => {
    const next = inferValue(normalised(envs.observations), valueStates.slice()).slice();
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

  /** One step of Adam on the rows, or environments, that are named; adds what it came to, row by row, to `sums`. */
  const learn = (named: Uint32Array, sums: Sums, learningRate: number, clipRange: number): void => {
    const batch = units === 0 ? named : rowsOf(named, steps);
    const sequences = units === 0 ? undefined : sequencesOf(named, batch, steps, policyStatesFirst);
    const size = batch.length;
    const inputs = gather(observations, batch, observationSize);
    const taken = gather(actions, batch, actionSize);
    const wanted = gather(advantages, batch, 1);
    if (settings.normalisesAdvantages && size > 1) standardise(wanted);
    gradient.fill(0);
    critic.begin(named);

    const outputs = policyGradient.forward(inputs, sequences);
    const outputGradient = new Float32Array(outputs.length);
    const then = { logProbabilities: gather(logProbabilities, batch, 1), advantages: wanted };
    const policySums = clippedPolicyLoss(
      distribution,
      { outputs, actions: taken, ...then },
      { clipRange, entropyCoefficient: settings.entropyCoefficient },
      outputGradient,
    );
    policyGradient.backward(outputGradient);

    const valueLoss = critic.finish();
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
    const order = Uint32Array.from({ length: units === 0 ? rows : count }, (_, n) => n);
    const sums: Sums = { ...NO_SUMS };
    let isFar = false;
    for (let epoch = 0; epoch < settings.epochs && !isFar; epoch++) {
      shuffle(order, random);
      for (let at = 0; at < order.length && !isFar; at += batchUnits) {
        const [klBefore, rowsBefore] = [sums.approxKl, sums.rows];
        learn(order.subarray(at, at + batchUnits), sums, learningRate, clipRange);
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
      policyStates: policyStates.slice(),
      valueStates: valueStates.slice(),
    }),
    policy: () => ({
      network: { ...policy.network, parameters: policy.network.parameters.slice() },
      actionSpace,
      moments: settings.normalisesObservations ? observationMoments.state() : null,
      head: actionSpace.type === 'discrete' ? 'greatest' : 'mean',
    }),
  };
}

const LOSSES = ['policyLoss', 'valueLoss', 'entropy', 'approxKl', 'clipFraction'] as const;
const NO_SUMS = { policyLoss: 0, valueLoss: 0, entropy: 0, approxKl: 0, clipFraction: 0, gradientNorm: 0, rows: 0 };
type Sums = typeof NO_SUMS;
