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
  convolution: z
    .strictObject({
      leading: whole(0)
        .default(0)
        .describe('numbers of an observation before the window, which go past the convolutions'),
      channels: whole(1).describe('numbers of a step of the window, which is the rest, its latest step last'),
      layers: z
        .array(
          z.strictObject({
            filters: whole(1).default(16),
            kernel: whole(1).default(5).describe('steps that a filter sees at once'),
            stride: whole(1).default(1).describe('steps from one place of a filter to the next'),
          }),
          'a list of layers, such as [{"filters": 16, "kernel": 5}]',
        )
        .min(1, 'at least one layer')
        .default([
          { filters: 16, kernel: 5, stride: 2 },
          { filters: 16, kernel: 3, stride: 1 },
        ]),
    })
    .nullable()
    .default(null)
    .describe('along the time of a window in the observation, before the hidden layers; null: none'),
  recurrentSize: whole(1)
    .nullable()
    .default(null)
    .describe(
      'units of a GRU before the hidden layers, whose state is carried through an episode; a minibatch is then of whole environments, as many as batchSize has room for, at least one; null: no memory',
    ),
});

export type PpoSettings = z.output<typeof PPO_SETTINGS>;
