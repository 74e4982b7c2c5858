import type { Random } from '../../../operators/random.ts';
import { type Space, spaceSize } from '../../../pipelines/environment/space.ts';
import { initialiseNetwork, type Network, type NetworkShape, networkPlan } from '../networks/network.ts';
import { type ActionDistribution, actionDistribution, ownParameterCount } from './action-distribution.ts';
import type { PpoSettings } from './ppo-settings.ts';
import { sharedFloats } from './shared-columns.ts';

/** What the settings say of the networks. */
export type NetworkSettings = Pick<PpoSettings, 'hiddenSizes' | 'activation' | 'convolution' | 'recurrentSize'>;

/** A network with the part of the gradient that is its. */
export interface TrainedNetwork {
  readonly network: Network;
  readonly gradient: Float32Array;
}

/** A policy and values that share nothing but the vector in which all parameters lie, and one in which their gradient does. */
export interface ActorCritic {
  /** float32: of the policy, of the actions' distribution, of the values. */
  readonly parameters: Float32Array;
  readonly gradient: Float32Array;
  readonly policy: TrainedNetwork;
  readonly value: TrainedNetwork;
  readonly distribution: ActionDistribution;
  /** Of the policy and the distribution, which are the first of all. */
  readonly actorCount: number;
}

/** How large each part is, before there is any of it. */
export interface ActorCriticShape {
  readonly policy: NetworkShape;
  readonly value: NetworkShape;
}

/** @throws BadInput where the observation does not fit the convolution */
export function actorCriticShape(
  observationSize: number,
  actionSpace: Space,
  { hiddenSizes, activation, convolution, recurrentSize }: NetworkSettings,
): ActorCriticShape {
  const outputs = actionSpace.type === 'discrete' ? actionSpace.count : spaceSize(actionSpace);
  const shape = (last: number): NetworkShape => ({
    sizes: [observationSize, ...hiddenSizes, last],
    activation,
    ...(convolution === null ? {} : { convolution }),
    ...(recurrentSize === null ? {} : { recurrentSize }),
  });
  return { policy: shape(outputs), value: shape(1) };
}

/** Parameters of zero in shared memory: `initialiseActorCritic` draws them. */
export function actorCritic({ policy, value }: ActorCriticShape, actionSpace: Space): ActorCritic {
  const ownAt = networkPlan(policy).parameterCount;
  const actorCount = ownAt + ownParameterCount(actionSpace);
  const parameters = sharedFloats(actorCount + networkPlan(value).parameterCount);
  const gradient = sharedFloats(parameters.length);
  const part = (shape: NetworkShape, from: number, to?: number): TrainedNetwork => ({
    network: { ...shape, parameters: parameters.subarray(from, to) },
    gradient: gradient.subarray(from, to),
  });
  return {
    parameters,
    gradient,
    policy: part(policy, 0, ownAt),
    value: part(value, actorCount),
    distribution: actionDistribution(
      actionSpace,
      parameters.subarray(ownAt, actorCount),
      gradient.subarray(ownAt, actorCount),
    ),
    actorCount,
  };
}

/** A policy that begins nearly uniform explores; the deviations of a Gaussian begin at 1. */
export function initialiseActorCritic({ policy, value }: ActorCritic, random: Random): void {
  initialiseNetwork(policy.network, 0.01, random);
  initialiseNetwork(value.network, 1, random);
}
