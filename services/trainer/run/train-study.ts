import { z } from 'zod';
import type { Algorithm } from '../algorithms/algorithm.ts';
import { whole } from '../algorithms/settings.ts';

/** Settings of each algorithm that may be varied: numbers that leave the length of the training as it is. */
export const VARIED: Readonly<Record<Algorithm['name'], readonly string[]>> = {
  ppo: [
    'batchSize',
    'epochs',
    'gamma',
    'gaeLambda',
    'learningRate',
    'clipRange',
    'entropyCoefficient',
    'valueCoefficient',
    'gradientNormMax',
  ],
  dqn: [
    'gradientSteps',
    'batchSize',
    'gamma',
    'nSteps',
    'learningRate',
    'gradientNormMax',
    'targetRate',
    'epsilonLast',
    'explorationFraction',
    'priorityExponent',
  ],
  sac: ['gradientSteps', 'batchSize', 'gamma', 'targetRate', 'learningRate', 'temperatureLearningRate'],
};

const number = z.number('a number');
const range = z.strictObject(
  {
    from: number,
    to: number,
    step: number.positive('a number above 0').optional(),
    log: z.boolean('true or false').optional(),
  },
  'a range such as {"from": 0.0001, "to": 0.001, "log": true}',
);

/** How settings are searched. */
export const TRAIN_STUDY = z.strictObject({
  vary: z
    .record(z.string(), range)
    .refine((vary) => Object.keys(vary).length > 0, 'at least one range')
    .describe('ranges by settings of the algorithm'),
  trials: whole(2).default(9).describe('points that are drawn'),
  keepOneOf: whole(2).default(3).describe('at each halt one of so many goes on, with so many times the steps'),
  seed: whole(0).default(1).describe('of the draw'),
});

export type TrainStudy = z.output<typeof TRAIN_STUDY>;
