import { hash32, type RandomState, resumableRandom } from '../../../operators/random.ts';
import type { BoxSpace } from '../../../pipelines/environment/space.ts';
import type { Backend } from '../backend/backend.ts';
import { type AdamState, createAdam } from '../networks/adam.ts';
import { follow } from '../networks/follow.ts';
import { initialiseMlp, type Mlp, mlpInference, mlpParameterCount } from '../networks/mlp.ts';
import { mlpGradient } from '../networks/mlp-gradient.ts';
import { checkFits } from './checkpoint-file.ts';
import { checkLosses, type Learner, type LearnerCheckpoint } from './learner.ts';
import { checkMemory, minibatchNeed, numbersNeed, parametersNeed } from './memory-need.ts';
import { nStep } from './n-step.ts';
import { type ReplayState, replayBuffer } from './replay-buffer.ts';
import type { SacSettings } from './sac-settings.ts';
import { drawSquashed, squashedGradient } from './squashed-gaussian.ts';
import { type Environments, type VectorState, vectorEnvironment } from './vector-environment.ts';

/** All that a run goes on from. */
export interface SacCheckpoint extends LearnerCheckpoint {
  readonly algorithm: 'sac';
  readonly settings: SacSettings;
  /** float32: of the policy, of both critics, of their targets, and the logarithm of the temperature. */
  readonly parameters: Float32Array;
  readonly policyAdam: AdamState;
  readonly criticAdam: AdamState;
  readonly temperatureAdam: AdamState;
  readonly random: RandomState;
  readonly environments: VectorState;
  readonly replay: ReplayState;
}

/**
 * Soft actor-critic, from top to bottom: twin critics, and a temperature that holds the entropy at its target. Within it
 * actions are from −1 to 1; the environment's bounds are put on last. Metrics are defined in docs/training.md.
 * @param from a seed, or the checkpoint of a run with the same environments and settings, which then goes on bit for bit
 * @throws RangeError where the actions are not a box with two finite bounds each
 * @throws BadInput that names the setting which wants more memory than there is
 * @see Haarnoja et al. (2018), "Soft Actor-Critic Algorithms and Applications"
 */
export function createSac(
  backend: Backend,
  environments: Environments,
  settings: SacSettings,
  from: number | SacCheckpoint,
): Learner<SacCheckpoint> {
  const saved = typeof from === 'number' ? undefined : from;
  const random = resumableRandom(saved?.random ?? hash32(from as number, 'sac'));
  const envs = vectorEnvironment(environments, saved?.environments ?? hash32(from as number, 'environments'));
  const { count, observationSize, actionSize, actionSpace } = envs;
  if (actionSpace.type !== 'box') throw new RangeError('sac: expected actions of a box, found discrete ones');
  const stretch = stretchTo(actionSpace);
  const { gamma, batchSize, totalSteps, activation, targetRate, learningRate } = settings;
  const targetEntropy = settings.targetEntropy ?? -actionSize;

  // Networks, their parameters one after the other in one vector.
  const policySizes = [observationSize, ...settings.hiddenSizes, 2 * actionSize];
  const criticSizes = [observationSize + actionSize, ...settings.hiddenSizes, 1];
  const shapes = [policySizes, criticSizes, criticSizes, criticSizes, criticSizes].map((sizes) => ({
    sizes,
    activation,
  }));
  checkMemory(backend, [
    parametersNeed('hiddenSizes', shapes),
    numbersNeed('bufferSize', settings.bufferSize * (2 * observationSize + actionSize + 2)),
    minibatchNeed('batchSize', batchSize, shapes),
  ]);
  const criticCount = mlpParameterCount(criticSizes);
  const criticsAt = mlpParameterCount(policySizes);
  const targetsAt = criticsAt + 2 * criticCount;
  const parameters = new Float32Array(targetsAt + 2 * criticCount + 1);
  const gradient = new Float32Array(targetsAt);
  const policy: Mlp = { sizes: policySizes, activation, parameters: parameters.subarray(0, criticsAt) };
  const networkAt = (at: number): Mlp => ({
    sizes: criticSizes,
    activation,
    parameters: parameters.subarray(at, at + criticCount),
  });
  const critics = [networkAt(criticsAt), networkAt(criticsAt + criticCount)] as const;
  const targets = [networkAt(targetsAt), networkAt(targetsAt + criticCount)] as const;
  const logTemperature = parameters.subarray(-1);
  if (saved === undefined) {
    initialiseMlp(policy, 0.01, random);
    for (const critic of critics) initialiseMlp(critic, 1, random);
    for (const n of [0, 1] as const) targets[n].parameters.set(critics[n].parameters);
    logTemperature[0] = Math.log(settings.temperatureFirst);
  } else {
    checkFits('parameters', saved.parameters.length, parameters.length);
    parameters.set(saved.parameters);
  }
  const infer = mlpInference(policy);
  const policyLearning = mlpGradient(backend, policy, gradient.subarray(0, criticsAt));
  const criticGradient = gradient.subarray(criticsAt);
  const [critic, twin] = [
    mlpGradient(backend, critics[0], criticGradient.subarray(0, criticCount)),
    mlpGradient(backend, critics[1], criticGradient.subarray(criticCount)),
  ];
  const targetForwards = targets.map((target) => mlpGradient(backend, target, new Float32Array(0)).forward);
  const epsilon = 1e-8;
  const policyAdam = createAdam(policy.parameters, { epsilon, from: saved?.policyAdam });
  const criticAdam = createAdam(parameters.subarray(criticsAt, targetsAt), { epsilon, from: saved?.criticAdam });
  const temperatureAdam = createAdam(logTemperature, { epsilon, from: saved?.temperatureAdam });

  const sizes = { capacity: settings.bufferSize, observation: observationSize, action: actionSize };
  const replay = replayBuffer(sizes, saved?.replay);
  const single = nStep({ steps: 1, gamma }, replay.add);
  let globalStep = saved?.globalStep ?? 0;

  /** Acts for `stepsPerUpdate` steps: by chance alone at first, then as the policy draws. */
  const collect = (): void => {
    for (let step = 0; step < settings.stepsPerUpdate; step++) {
      const isChance = globalStep < settings.learningStarts;
      const actions = isChance
        ? Float32Array.from({ length: count * actionSize }, () => random.uniform() * 2 - 1)
        : drawSquashed(infer(envs.observations), actionSize, random).actions;
      const before = envs.observations.slice();
      envs.step(stretch(actions));
      globalStep += count;
      for (let n = 0; n < count; n++) {
        const [at, end] = [n * observationSize, (n + 1) * observationSize];
        const action = actions.subarray(n * actionSize, (n + 1) * actionSize);
        single.add(
          { observation: before.subarray(at, end), action, reward: envs.rewards[n]! * settings.rewardScale },
          {
            nextObservation: envs.lastObservations.subarray(at, end),
            terminated: envs.terminated[n] === 1,
            truncated: envs.truncated[n] === 1,
          },
        );
      }
    }
  };

  /** One step of Adam each on a minibatch: critics, policy, temperature; then the targets follow. */
  const learn = (): Sums => {
    const places = Uint32Array.from({ length: batchSize }, () => random.below(replay.count()));
    const { observations, actions, rewards, nextObservations, discounts } = replay.rows(places);
    const temperature = Math.exp(logTemperature[0]!);

    // Critics: r + γ·(min Q′(s′, a′) − α·ln p(a′)).
    const next = drawSquashed(policyLearning.forward(nextObservations), actionSize, random);
    const nextInputs = beside(nextObservations, next.actions, batchSize);
    const [first, second] = targetForwards.map((forward) => forward(nextInputs)) as [Float32Array, Float32Array];
    const tdTargets = rewards.map((reward, row) => {
      const value = Math.min(first[row]!, second[row]!) - temperature * next.logProbabilities[row]!;
      return reward + discounts[row]! * value;
    });
    const inputs = beside(observations, actions, batchSize);
    let [criticLoss, valueMean] = [0, 0];
    for (const each of [critic, twin]) {
      const values = each.forward(inputs);
      const errors = values.map((value, row) => value - tdTargets[row]!);
      criticLoss += errors.reduce((sum, error) => sum + error * error, 0) / batchSize / 2;
      valueMean += values.reduce((sum, value) => sum + value, 0) / batchSize / 2;
      each.backward(errors.map((error) => (2 * error) / batchSize));
    }
    checkLosses({ criticLoss }, globalStep);
    criticAdam.step(criticGradient, learningRate);

    // Policy: α·ln p(a) − min Q(s, a), through the actions.
    const outputs = policyLearning.forward(observations);
    const drawn = drawSquashed(outputs, actionSize, random);
    const drawnInputs = beside(observations, drawn.actions, batchSize);
    const [one, other] = [critic.forward(drawnInputs), twin.forward(drawnInputs)];
    const isOne = one.map((value, row) => (value <= other[row]! ? 1 : 0));
    const oneGradient = critic.inputGradient(isOne.map((is) => -is / batchSize));
    const otherGradient = twin.inputGradient(isOne.map((is) => (is - 1) / batchSize));
    const byActions = drawn.actions.map((_, n) => {
      const at = Math.floor(n / actionSize) * (observationSize + actionSize) + observationSize + (n % actionSize);
      return oneGradient[at]! + otherGradient[at]!;
    });
    const logMean = drawn.logProbabilities.reduce((sum, log) => sum + log, 0) / batchSize;
    const least = one.reduce((sum, value, row) => sum + Math.min(value, other[row]!), 0) / batchSize;
    const policyLoss = temperature * logMean - least;
    checkLosses({ policyLoss }, globalStep);
    const by = { logProbability: temperature / batchSize, actions: byActions };
    policyLearning.backward(squashedGradient(outputs, drawn, by));
    policyAdam.step(gradient.subarray(0, criticsAt), learningRate);

    // Temperature: −ln α·mean(ln p + target entropy), which rises where the entropy is below its target.
    temperatureAdam.step(new Float32Array([-(logMean + targetEntropy)]), settings.temperatureLearningRate);
    follow(parameters.subarray(targetsAt, -1), parameters.subarray(criticsAt, targetsAt), targetRate);
    return { criticLoss, policyLoss, valueMean, entropy: -logMean, temperature };
  };

  return {
    globalStep: () => globalStep,
    isDone: () => globalStep >= totalSteps,
    update: () => {
      collect();
      const isLearning = globalStep >= settings.learningStarts;
      const sums = { ...NO_SUMS };
      for (let n = 0; isLearning && n < settings.gradientSteps; n++) {
        const come = learn();
        for (const key of KEYS) sums[key] += come[key];
      }
      const means = KEYS.map((key) => [key, isLearning ? sums[key] / settings.gradientSteps : null]);
      return { globalStep, ...envs.statistics(), ...Object.fromEntries(means), learningRate };
    },
    checkpoint: () => ({
      algorithm: 'sac',
      settings,
      globalStep,
      parameters: parameters.slice(),
      policyAdam: policyAdam.state(),
      criticAdam: criticAdam.state(),
      temperatureAdam: temperatureAdam.state(),
      random: random.state(),
      environments: envs.state(),
      replay: replay.state(),
    }),
    policy: () => ({
      network: { ...policy, parameters: policy.parameters.slice() },
      actionSpace,
      moments: null,
      head: 'squashed-mean',
    }),
  };
}

const NO_SUMS = { criticLoss: 0, policyLoss: 0, valueMean: 0, entropy: 0, temperature: 0 };
type Sums = typeof NO_SUMS;
const KEYS = Object.keys(NO_SUMS) as (keyof Sums)[];

/** Rows of both, side by side. */
function beside(one: Float32Array, other: Float32Array, rows: number): Float32Array {
  const [left, right] = [one.length / rows, other.length / rows];
  const both = new Float32Array(one.length + other.length);
  for (let row = 0; row < rows; row++) {
    both.set(one.subarray(row * left, (row + 1) * left), row * (left + right));
    both.set(other.subarray(row * right, (row + 1) * right), row * (left + right) + left);
  }
  return both;
}

/** From ±1 to the bounds. */
function stretchTo({ low, high }: BoxSpace): (actions: Float32Array) => Float32Array {
  if (![...low, ...high].every(Number.isFinite)) throw new RangeError('sac: expected actions with finite bounds');
  return (actions) =>
    actions.map((action, n) => {
      const i = n % low.length;
      return low[i]! + ((action + 1) / 2) * (high[i]! - low[i]!);
    });
}
