import { BadInput } from '../../../infra/setup-error.ts';
import { hash32, random } from '../../../operators/random.ts';
import { spaceSize } from '../../../pipelines/environment/space.ts';
import type { Backend } from '../backend/backend.ts';
import { clipNorm, createAdam } from '../networks/adam.ts';
import { networkInference } from '../networks/network.ts';
import { networkGradient } from '../networks/network-gradient.ts';
import { actorCritic, actorCriticShape, initialiseActorCritic, type NetworkSettings } from './actor-critic.ts';
import type { CloningSettings } from './cloning-settings.ts';
import type { Demonstrations } from './demonstrations.ts';
import { checkLosses } from './learner.ts';
import { greatest, type PolicyData } from './policy.ts';
import { gather } from './replay-buffer.ts';
import { type MomentsState, runningMoments } from './running-moments.ts';
import { shuffle } from './shuffle.ts';

/** What PPO begins with in place of chance; its settings of the networks must be those it was cloned with. */
export interface ClonedActor {
  /** float32: of the policy and of the actions' distribution. */
  readonly parameters: Float32Array;
  /** Null where observations are taken as they are. */
  readonly observationMoments: MomentsState | null;
}

/** What came out, by the decisions that were held out. */
export interface Cloned {
  readonly actor: ClonedActor;
  readonly policy: PolicyData;
  /** Epochs that there were, and the one whose network it is. */
  readonly epochs: number;
  readonly epochBest: number;
  /** −mean(ln p(action)), nats: the cross-entropy, or the Gaussian's. */
  readonly heldOutLoss: number;
  /** Share of decisions where the likeliest action is the one that was taken; null for a box. */
  readonly agreement: number | null;
  /** Root of the mean squared error of the action's numbers; null for discrete ones. */
  readonly error: number | null;
}

/**
 * Behaviour cloning: the policy network of PPO is fitted to decisions, until those that are held out are met no better. What
 * is learned is −mean(ln p(action)): the cross-entropy of discrete actions, the Gaussian likelihood of others.
 * @throws BadInput where the policy has a memory, or there are too few decisions
 * @see Pomerleau (1991), "Efficient Training of Artificial Neural Networks for Autonomous Navigation"
 */
export function clonePolicy(
  backend: Backend,
  { observations: raw, actions, observationSize, actionSpace }: Demonstrations,
  settings: CloningSettings,
  networkSettings: NetworkSettings & { readonly normalisesObservations: boolean },
  seed: number,
): Cloned {
  const { batchSize, learningRate } = settings;
  const actionSize = spaceSize(actionSpace);
  const rows = raw.length / observationSize;
  const learned = Math.floor(rows * (1 - settings.heldOutShare));
  if (networkSettings.recurrentSize !== null)
    throw new BadInput(`recurrentSize: expected null where a policy is cloned, found ${networkSettings.recurrentSize}`);
  if (learned < 1 || learned === rows)
    throw new BadInput(`heldOutShare: expected decisions to learn from and some held out, found ${learned} of ${rows}`);
  const chance = random(hash32(seed, 'cloning'));

  // Normalisation is that of the decisions learned from.
  const moments = networkSettings.normalisesObservations ? runningMoments(observationSize) : null;
  moments?.add(raw.subarray(0, learned * observationSize));
  const observations = moments?.normalise(raw) ?? raw;

  const networks = actorCritic(actorCriticShape(observationSize, actionSpace, networkSettings), actionSpace);
  initialiseActorCritic(networks, chance);
  const { policy, distribution, actorCount } = networks;
  const parameters = networks.parameters.subarray(0, actorCount);
  const gradient = networks.gradient.subarray(0, actorCount);
  const logDeviations = parameters.subarray(policy.network.parameters.length);
  const { forward, backward } = networkGradient(backend, policy.network, policy.gradient);
  const adam = createAdam(parameters, { epsilon: 1e-5 });

  /** One step of Adam. */
  const learn = (batch: Uint32Array): void => {
    gradient.fill(0);
    const outputs = forward(gather(observations, batch, observationSize));
    const taken = gather(actions, batch, actionSize);
    const outputGradient = new Float32Array(outputs.length);
    const by = { logProbability: -1 / batch.length, entropy: 0 };
    let loss = 0;
    for (let row = 0; row < batch.length; row++) {
      loss -= distribution.logProbability(outputs, row, taken) / batch.length;
      distribution.writeGradient(row, by, { outputs, actions: taken }, outputGradient);
    }
    checkLosses({ cloningLoss: loss }, 0);
    backward(outputGradient);
    clipNorm(gradient, settings.gradientNormMax);
    adam.step(gradient, learningRate);
    const least = Math.log(settings.deviationMin);
    for (let i = 0; i < logDeviations.length; i++) logDeviations[i] = Math.max(logDeviations[i]!, least);
  };

  const infer = networkInference(policy.network);
  /** By the decisions that were held out. */
  const heldOut = (): Pick<Cloned, 'heldOutLoss' | 'agreement' | 'error'> => {
    let [loss, agreed, squares] = [0, 0, 0];
    for (let row = learned; row < rows; row++) {
      const outputs = infer(observations.subarray(row * observationSize, (row + 1) * observationSize), NOTHING);
      const taken = actions.subarray(row * actionSize, (row + 1) * actionSize);
      loss -= distribution.logProbability(outputs, 0, taken);
      if (actionSpace.type === 'discrete') agreed += greatest(outputs, actionSpace.count) === taken[0] ? 1 : 0;
      else for (let i = 0; i < actionSize; i++) squares += (outputs[i]! - taken[i]!) ** 2;
    }
    const count = rows - learned;
    const isDiscrete = actionSpace.type === 'discrete';
    return {
      heldOutLoss: loss / count,
      agreement: isDiscrete ? agreed / count : null,
      error: isDiscrete ? null : Math.sqrt(squares / (count * actionSize)),
    };
  };

  let best = { ...heldOut(), epochBest: 0, parameters: parameters.slice() };
  const order = Uint32Array.from({ length: learned }, (_, row) => row);
  let epochs = 0;
  while (epochs < settings.epochsMax && epochs - best.epochBest < settings.patience) {
    epochs++;
    shuffle(order, chance);
    for (let at = 0; at < learned; at += batchSize) learn(order.subarray(at, at + batchSize));
    const found = heldOut();
    if (found.heldOutLoss < best.heldOutLoss) best = { ...found, epochBest: epochs, parameters: parameters.slice() };
  }
  parameters.set(best.parameters);
  const observationMoments = moments?.state() ?? null;
  const { heldOutLoss, agreement, error, epochBest } = best;
  return {
    actor: { parameters: best.parameters, observationMoments },
    policy: {
      network: { ...policy.network, parameters: policy.network.parameters.slice() },
      actionSpace,
      moments: observationMoments,
      head: actionSpace.type === 'discrete' ? 'greatest' : 'mean',
    },
    epochs,
    epochBest,
    heldOutLoss,
    agreement,
    error,
  };
}

const NOTHING = new Float32Array(0);
