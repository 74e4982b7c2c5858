import { z } from 'zod';
import { fraction, layerSizes, positive, whole } from './settings.ts';

/** What SAC can be told. */
export const SAC_SETTINGS = z.strictObject({
  totalSteps: whole(1).default(1_000_000).describe('steps of all environments together'),
  stepsPerUpdate: whole(1).default(64).describe('steps of each environment between two updates'),
  gradientSteps: whole(1).default(64).describe('minibatches learned from in an update'),
  batchSize: whole(1).default(128),
  bufferSize: whole(2).default(100_000).describe('transitions that are kept'),
  learningStarts: whole(1).default(1_000).describe('steps acted by chance alone, before the first minibatch'),
  gamma: fraction.default(0.99).describe('discount of a step'),
  rewardScale: positive.default(1).describe('rewards are learned from times this: values begin at about 1'),
  targetRate: fraction
    .default(0.005)
    .describe('share of the critics that goes into their targets after each minibatch'),
  learningRate: positive.default(1e-3).describe('of the policy and of the critics'),
  temperatureLearningRate: positive.default(1e-3),
  temperatureFirst: positive.default(1).describe('weight of the entropy, in rewards per nat'),
  targetEntropy: z
    .number('a number')
    .nullable()
    .default(null)
    .describe('nats; null: as many below 0 as an action has numbers'),
  hiddenSizes: layerSizes.default([64, 64]).describe('of the policy and of each critic'),
  activation: z.enum(['tanh', 'relu'], 'tanh or relu').default('relu'),
});

export type SacSettings = z.output<typeof SAC_SETTINGS>;
