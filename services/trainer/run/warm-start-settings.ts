import { z } from 'zod';
import { CLONING_SETTINGS } from '../algorithms/cloning-settings.ts';
import { fraction, positive } from '../algorithms/settings.ts';

/** What a policy is cloned from before it learns, and how. */
export const WARM_START = z.strictObject(
  {
    strategy: z
      .string('a strategy, such as moving-average-cross')
      .min(1, 'a strategy, such as moving-average-cross')
      .describe('its name, the path of its file, or model:ID'),
    parameters: z
      .record(z.string(), z.number('a number'))
      .default({})
      .describe('of the strategy; its own where not said'),
    fullPosition: positive
      .nullable()
      .default(null)
      .describe('of the strategy, base asset: what counts as the target 1; null: as much as for an agent'),
    noise: fraction
      .default(0.5)
      .describe('of the candles: others decide by chance, so that it is seen what the strategy wants then'),
    cloning: CLONING_SETTINGS.prefault({}),
  },
  'a strategy such as {"strategy": "moving-average-cross", "parameters": {"barMs": 300000}}, or null',
);

export type WarmStart = z.output<typeof WARM_START>;
