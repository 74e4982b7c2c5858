import { hash32, type RandomState, resumableRandom } from '../../../operators/random.ts';
import type { Backend } from '../backend/backend.ts';
import { type AdamState, clipNorm, createAdam } from '../networks/adam.ts';
import { follow } from '../networks/follow.ts';
import { initialiseMlp, type Mlp, mlpInference, mlpParameterCount } from '../networks/mlp.ts';
import { mlpGradient } from '../networks/mlp-gradient.ts';
import { checkFits } from './checkpoint-file.ts';
import type { DqnSettings } from './dqn-settings.ts';
import { checkLosses, type Learner, type LearnerCheckpoint } from './learner.ts';
import { checkMemory, minibatchNeed, numbersNeed, parametersNeed } from './memory-need.ts';
import { nStep, type WaitingStep } from './n-step.ts';
import { greatest } from './policy.ts';
import { type ReplayState, replayBuffer } from './replay-buffer.ts';
import { scheduled } from './settings.ts';
import { sumTree } from './sum-tree.ts';
import { type Environments, type VectorState, vectorEnvironment } from './vector-environment.ts';

/** All that a run goes on from. */
export interface DqnCheckpoint extends LearnerCheckpoint {
  readonly algorithm: 'dqn';
  readonly settings: DqnSettings;
  readonly parameters: Float32Array;
  readonly targetParameters: Float32Array;
  readonly adam: AdamState;
  readonly random: RandomState;
  readonly environments: VectorState;
  readonly replay: ReplayState;
  /** Of each transition: (|error| + ε) to the exponent, to which its chance is proportional. */
  readonly priorities: Float64Array;
  readonly priorityMax: number;
  readonly waiting: readonly (readonly WaitingStep[])[];
}

/** Added to an error, so that none is never seen again. */
const PRIORITY_LEAST = 1e-6;

/**
 * Deep Q-learning, from top to bottom: double, duelling, with prioritised replay and returns of several steps, each of which
 * can be switched off. Metrics are defined in docs/training.md.
 * @param from a seed, or the checkpoint of a run with the same environments and settings, which then goes on bit for bit
 * @throws RangeError where the actions are not discrete
 * @throws BadInput that names the setting which wants more memory than there is
 * @see Mnih et al. (2015), "Human-level control through deep reinforcement learning"
 * @see Hessel et al. (2018), "Rainbow: Combining Improvements in Deep Reinforcement Learning"
 */
export function createDqn(
  backend: Backend,
  environments: Environments,
  settings: DqnSettings,
  from: number | DqnCheckpoint,
): Learner<DqnCheckpoint> {
  const saved = typeof from === 'number' ? undefined : from;
  const random = resumableRandom(saved?.random ?? hash32(from as number, 'dqn'));
  const envs = vectorEnvironment(environments, saved?.environments ?? hash32(from as number, 'environments'));
  const { count, observationSize, actionSpace } = envs;
  if (actionSpace.type !== 'discrete') throw new RangeError('dqn: expected discrete actions, found a box');
  const actionCount = actionSpace.count;
  const { gamma, batchSize, isDuelling, priorityExponent, totalSteps, activation } = settings;

  // Networks: the outputs are the actions' advantages and, where it is duelling, the observation's value.
  const outputCount = actionCount + (isDuelling ? 1 : 0);
  const sizes = [observationSize, ...settings.hiddenSizes, outputCount];
  const shapes = [
    { sizes, activation },
    { sizes, activation },
  ];
  checkMemory(backend, [
    parametersNeed('hiddenSizes', shapes),
    numbersNeed('bufferSize', settings.bufferSize * (2 * observationSize + 7)),
    minibatchNeed('batchSize', batchSize, shapes),
  ]);
  const parameters = new Float32Array(mlpParameterCount(sizes));
  const gradient = new Float32Array(parameters.length);
  const network: Mlp = { sizes, activation, parameters };
  const target: Mlp = { sizes, activation, parameters: new Float32Array(parameters.length) };
  if (saved === undefined) {
    initialiseMlp(network, 1, random);
    target.parameters.set(parameters);
  } else {
    checkFits('parameters', saved.parameters.length, parameters.length);
    parameters.set(saved.parameters);
    target.parameters.set(saved.targetParameters);
  }
  const infer = mlpInference(network);
  const learning = mlpGradient(backend, network, gradient);
  const { forward: targetForward } = mlpGradient(backend, target, new Float32Array(0));
  const adam = createAdam(parameters, { epsilon: 1e-8, from: saved?.adam });
  let learned = saved?.adam.steps ?? 0;

  // Experience: what is new is drawn soon, being as likely as the likeliest.
  const capacity = settings.bufferSize;
  const replay = replayBuffer({ capacity, observation: observationSize, action: 1 }, saved?.replay);
  const priorities = sumTree(capacity, saved?.priorities);
  let priorityMax = saved?.priorityMax ?? 1;
  const pending = Array.from({ length: envs.count }, (_, n) =>
    nStep(
      { steps: settings.nSteps, gamma },
      (transition) => priorities.set(replay.add(transition), priorityMax),
      saved?.waiting[n],
    ),
  );
  let globalStep = saved?.globalStep ?? 0;

  const epsilon = (): number => {
    const { epsilonFirst, epsilonLast, explorationFraction } = settings;
    const done = Math.min(1, globalStep / (explorationFraction * totalSteps));
    return epsilonFirst + (Number.isNaN(done) ? 1 : done) * (epsilonLast - epsilonFirst);
  };

  /** Acts for `stepsPerUpdate` steps, by chance with the probability of epsilon. */
  const collect = (): void => {
    const actions = new Float32Array(count);
    for (let step = 0; step < settings.stepsPerUpdate; step++) {
      const outputs = infer(envs.observations);
      for (let n = 0; n < count; n++) {
        const isChance = random.uniform() < epsilon();
        actions[n] = isChance ? random.below(actionCount) : greatest(outputs, actionCount, n * outputCount);
      }
      const before = envs.observations.slice();
      envs.step(actions);
      globalStep += count;
      for (let n = 0; n < count; n++) {
        const [at, end] = [n * observationSize, (n + 1) * observationSize];
        const action = actions.subarray(n, n + 1);
        pending[n]!.add(
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

  /** Q of an action from a row of outputs: V + A − mean(A), or the output itself. */
  const actionValue = (outputs: Float32Array, row: number, action: number): number => {
    const at = row * outputCount;
    if (!isDuelling) return outputs[at + action]!;
    let sum = 0;
    for (let k = 0; k < actionCount; k++) sum += outputs[at + k]!;
    return outputs[at + actionCount]! + outputs[at + action]! - sum / actionCount;
  };

  /** One step of Adam on a minibatch. */
  const learn = (learningRate: number): { tdLoss: number; valueMean: number; gradientNorm: number } => {
    // One transition from each of `batchSize` equal parts of all priorities.
    const part = priorities.total() / batchSize;
    const places = Uint32Array.from({ length: batchSize }, (_, n) => priorities.find((n + random.uniform()) * part));
    const { observations, actions, rewards, nextObservations, discounts } = replay.rows(places);

    // What drawing by priority makes too frequent counts for less; the rarest counts whole.
    const { importanceFirst } = settings;
    const importance = importanceFirst + (1 - importanceFirst) * Math.min(1, globalStep / totalSteps);
    const weights = Float64Array.from(places, (place) => priorities.get(place) ** -importance);
    const weightMax = weights.reduce((max, weight) => Math.max(max, weight), 0);

    const chosenBy = settings.isDouble ? learning.forward(nextObservations) : undefined;
    const next = targetForward(nextObservations);
    const outputs = learning.forward(observations);
    const outputGradient = new Float32Array(outputs.length);
    let [tdLoss, valueMean] = [0, 0];
    for (let row = 0; row < batchSize; row++) {
      const nextAction = greatest(chosenBy ?? next, actionCount, row * outputCount);
      const tdTarget = rewards[row]! + discounts[row]! * actionValue(next, row, nextAction);
      const action = actions[row]!;
      const value = actionValue(outputs, row, action);
      const error = value - tdTarget;
      const weight = weights[row]! / weightMax;
      const size = Math.abs(error);
      // Huber's loss: squared near zero, straight beyond one.
      tdLoss += (weight * (size < 1 ? (error * error) / 2 : size - 0.5)) / batchSize;
      valueMean += value / batchSize;
      const slope = (weight * Math.min(Math.max(error, -1), 1)) / batchSize;
      const at = row * outputCount;
      if (isDuelling) {
        outputGradient.fill(-slope / actionCount, at, at + actionCount);
        outputGradient[at + actionCount] = slope;
      }
      outputGradient[at + action]! += slope;
      const priority = (size + PRIORITY_LEAST) ** priorityExponent;
      priorityMax = Math.max(priorityMax, priority);
      priorities.set(places[row]!, priority);
    }
    checkLosses({ tdLoss }, globalStep);
    learning.backward(outputGradient);
    const gradientNorm = clipNorm(gradient, settings.gradientNormMax);
    checkLosses({ gradientNorm }, globalStep);
    adam.step(gradient, learningRate);
    learned++;
    if (learned % settings.targetUpdateEvery === 0) follow(target.parameters, parameters, settings.targetRate);
    return { tdLoss, valueMean, gradientNorm };
  };

  return {
    globalStep: () => globalStep,
    isDone: () => globalStep >= totalSteps,
    update: () => {
      collect();
      const { gradientSteps } = settings;
      const learningRate = scheduled(settings.learningRate, settings.learningRateSchedule, globalStep / totalSteps);
      const isLearning = globalStep >= settings.learningStarts && replay.count() >= batchSize;
      const sums = { tdLoss: 0, valueMean: 0, gradientNorm: 0 };
      for (let n = 0; isLearning && n < gradientSteps; n++) {
        const one = learn(learningRate);
        for (const key of KEYS) sums[key] += one[key];
      }
      const mean = (key: (typeof KEYS)[number]): number | null => (isLearning ? sums[key] / gradientSteps : null);
      const means = { tdLoss: mean('tdLoss'), valueMean: mean('valueMean'), gradientNorm: mean('gradientNorm') };
      return { globalStep, ...envs.statistics(), ...means, learningRate, epsilon: epsilon() };
    },
    checkpoint: () => ({
      algorithm: 'dqn',
      settings,
      globalStep,
      parameters: parameters.slice(),
      targetParameters: target.parameters.slice(),
      adam: adam.state(),
      random: random.state(),
      environments: envs.state(),
      replay: replay.state(),
      priorities: priorities.weights(),
      priorityMax,
      waiting: pending.map((each) => each.state()),
    }),
    // The value is the same for all actions: the greatest advantage is the greatest Q.
    policy: () => ({
      network: { ...network, parameters: parameters.slice() },
      actionSpace,
      moments: null,
      head: 'greatest',
    }),
  };
}

const KEYS = ['tdLoss', 'valueMean', 'gradientNorm'] as const;
