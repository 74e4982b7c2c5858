import { z } from 'zod';
import { fraction, positive, whole } from './settings.ts';

/** What behaviour cloning can be told. */
export const CLONING_SETTINGS = z.strictObject({
  epochsMax: whole(1).default(100).describe('times that each decision is learned from, at most'),
  patience: whole(1).default(5).describe('epochs without a better loss on what is held out, after which it ends'),
  heldOutShare: fraction.default(0.2).describe('of the decisions: the last ones, of which nothing is learned'),
  batchSize: whole(2).default(256),
  learningRate: positive.default(1e-3),
  gradientNormMax: positive.default(0.5),
  deviationMin: positive
    .default(0.1)
    .describe('of a Gaussian, so that a rule without chance leaves some to explore with'),
});

export type CloningSettings = z.output<typeof CLONING_SETTINGS>;
