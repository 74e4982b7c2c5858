import { z } from 'zod';
import { fraction, layerSizes, positive, schedule, whole } from './settings.ts';

/** What DQN can be told. */
export const DQN_SETTINGS = z.strictObject({
  totalSteps: whole(1).default(1_000_000).describe('steps of all environments together'),
  stepsPerUpdate: whole(1).default(64).describe('steps of each environment between two updates'),
  gradientSteps: whole(1).default(16).describe('minibatches learned from in an update'),
  batchSize: whole(1).default(64),
  bufferSize: whole(2).default(100_000).describe('transitions that are kept'),
  learningStarts: whole(1).default(1_000).describe('steps before the first minibatch'),
  gamma: fraction.default(0.99).describe('discount of a step'),
  rewardScale: positive.default(1).describe('rewards are learned from times this: values begin at about 1'),
  nSteps: whole(1).default(3).describe('steps whose rewards are summed before the values are asked'),
  learningRate: positive.default(1e-3),
  learningRateSchedule: schedule.default('constant').describe('linear: falls to 0 at totalSteps'),
  gradientNormMax: positive.default(10),
  targetUpdateEvery: whole(1).default(1).describe('minibatches between two updates of the target network'),
  targetRate: fraction.default(0.01).describe('share of the network that goes into its target then; 1: a copy'),
  epsilonFirst: fraction.default(1).describe('share of actions left to chance at first'),
  epsilonLast: fraction.default(0.05).describe('and from the end of the exploration on'),
  explorationFraction: fraction.default(0.1).describe('of totalSteps, over which it falls from the one to the other'),
  isDouble: z.boolean('true or false').default(true).describe('the next action is chosen by the network that learns'),
  isDuelling: z.boolean('true or false').default(true).describe('values and advantages apart'),
  priorityExponent: fraction.default(0.6).describe('0: all transitions are drawn as often'),
  importanceFirst: fraction
    .default(0.4)
    .describe('exponent of the weights that make up for it; rises to 1 at totalSteps'),
  hiddenSizes: layerSizes.default([64, 64]),
  activation: z.enum(['tanh', 'relu'], 'tanh or relu').default('relu'),
});

export type DqnSettings = z.output<typeof DQN_SETTINGS>;
