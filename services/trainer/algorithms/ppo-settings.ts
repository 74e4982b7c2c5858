import { z } from 'zod';
import { fraction, layerSizes, positive, schedule, whole } from './settings.ts';

/** What PPO can be told; the defaults are Stable-Baselines3's but for the batches, which are as fast as they are here. */
export const PPO_SETTINGS = z.strictObject({
  totalSteps: whole(1).default(1_000_000).describe('steps of all environments together; schedules end there'),
  stepsPerUpdate: whole(1).default(256).describe('steps of each environment between two updates'),
  batchSize: whole(2).default(256).describe('steps in a minibatch'),
  epochs: whole(1).default(10).describe('times that each step is learned from'),
  gamma: fraction.default(0.99).describe('discount of a step'),
  gaeLambda: fraction
    .default(0.95)
    .describe('λ of the generalised advantage estimate: 0 trusts the values, 1 the returns'),
  learningRate: positive.default(3e-4),
  learningRateSchedule: schedule.default('constant').describe('linear: falls to 0 at totalSteps'),
  clipRange: positive.default(0.2).describe('how far the ratio of probabilities counts, from 1'),
  clipRangeSchedule: schedule.default('constant').describe('linear: falls to 0 at totalSteps'),
  valueClipRange: positive.nullable().default(null).describe('how far a value counts, from the one before; null: any'),
  entropyCoefficient: z.number('0 or more').nonnegative('0 or more').default(0),
  valueCoefficient: positive.default(0.5),
  gradientNormMax: positive.default(0.5),
  targetKl: positive.nullable().default(null).describe('epochs end where approxKl is above 1.5 of it; null: never'),
  normalisesAdvantages: z.boolean('true or false').default(true).describe('within each minibatch'),
  normalisesObservations: z.boolean('true or false').default(false).describe('by their running mean and deviation'),
  normalisesReturns: z
    .boolean('true or false')
    .default(false)
    .describe('rewards by the deviation of the discounted return'),
  hiddenSizes: layerSizes.default([64, 64]).describe('of the policy, and of the values, which share nothing'),
  activation: z.enum(['tanh', 'relu'], 'tanh or relu').default('tanh'),
});

export type PpoSettings = z.output<typeof PPO_SETTINGS>;
