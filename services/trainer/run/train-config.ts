import { z } from 'zod';
import { KLINE_INTERVALS, type KlineInterval } from '../../../operators/kline-bars.ts';
import { REWARDS, type RewardName } from '../../../operators/rewards/rewards.ts';
import type { WantedFeature } from '../../../pipelines/simulation/strategy-features.ts';
import { EXPECTED_LATENCY, latencyOf } from '../../backtest/latency-of.ts';
import { instrumentField, recordingField, text } from '../../jobs/job-fields.ts';
import { DQN_SETTINGS } from '../algorithms/dqn-settings.ts';
import { PPO_SETTINGS } from '../algorithms/ppo-settings.ts';
import { SAC_SETTINGS } from '../algorithms/sac-settings.ts';
import { checkSettings, fraction, positive, schedule, whole } from '../algorithms/settings.ts';
import { checkAlgorithm, withNamedAlgorithm } from './config-algorithm.ts';
import { TRAIN_STUDY } from './train-study.ts';
import { WARM_START } from './warm-start-settings.ts';

const INTERVALS = Object.keys(KLINE_INTERVALS) as KlineInterval[];
const EXPECTED_TIME = 'a time such as 2024-01-01 or 2024-08-09T00:00:00Z';
const time = z
  .string(EXPECTED_TIME)
  .refine((said) => /^\d{4}-\d{2}-\d{2}/.test(said) && !Number.isNaN(Date.parse(said)), EXPECTED_TIME);

const span = z.strictObject({ from: time, to: time }, 'a span such as {"from": "2023-01-01", "to": "2024-07-01"}');

const above0 = z.number('a number above 0').positive('a number above 0');

const feature = z.union(
  [
    z.string().min(1),
    z.strictObject({
      feature: z.string().min(1),
      column: z.string().min(1).optional(),
      parameters: z.record(z.string(), z.number()).optional(),
    }),
  ],
  'the name of a feature of bars, or {"feature": "rsi", "parameters": {"period": 14}}',
);

/** Of returns and oscillators: what means the same at any price. */
const USUAL_FEATURES: WantedFeature[] = [
  { feature: 'rate_of_change', column: 'return_1', parameters: { period: 1 } },
  { feature: 'rate_of_change', column: 'return_5', parameters: { period: 5 } },
  { feature: 'rate_of_change', column: 'return_20', parameters: { period: 20 } },
  { feature: 'rate_of_change', column: 'return_60', parameters: { period: 60 } },
  'rsi',
  'z_score',
  'natr',
  'choppiness',
  'balance_of_power',
  'chaikin_money_flow',
];

/** What is usual for candles, where it is not what PPO's settings have. */
const USUAL_PPO = PPO_SETTINGS.extend({
  // With fewer steps an agent has not yet learned what trading costs.
  totalSteps: whole(1).default(1_000_000).describe('steps of all environments together; schedules end there'),
  // Returns of candles are mostly noise: many of them tell more of what an action is worth.
  stepsPerUpdate: whole(1).default(1_024).describe('steps of each environment between two updates'),
  batchSize: whole(2).default(1_024).describe('steps in a minibatch'),
  learningRateSchedule: schedule.default('linear').describe('linear: falls to 0 at totalSteps'),
  gamma: fraction.default(0.98).describe('discount of a step'),
  normalisesReturns: z
    .boolean('true or false')
    .default(true)
    .describe('rewards by the deviation of the discounted return'),
});

/** A candle's return is about a thousandth. */
const RETURNS_SCALE = positive.default(300).describe('rewards are learned from times this: values begin at about 1');

/** What is usual for candles, where it is not what the others' settings have. */
const USUAL_DQN = DQN_SETTINGS.extend({
  gamma: fraction.default(0.98).describe('discount of a step'),
  rewardScale: RETURNS_SCALE,
  // One candle's return says next to nothing of what an action is worth.
  nSteps: whole(1).default(10).describe('steps whose rewards are summed before the values are asked'),
  learningRate: positive.default(3e-4),
  learningRateSchedule: schedule.default('linear').describe('linear: falls to 0 at totalSteps'),
  targetRate: fraction.default(0.005).describe('share of the network that goes into its target then; 1: a copy'),
  // Each action of chance is a trade that costs.
  epsilonLast: fraction.default(0.01).describe('and from the end of the exploration on'),
});
const USUAL_SAC = SAC_SETTINGS.extend({
  gamma: fraction.default(0.98).describe('discount of a step'),
  rewardScale: RETURNS_SCALE,
});

/** How an agent on candles is trained and judged: all that decides on what comes out. */
export const TRAIN_CONFIG = z.strictObject({
  instrument: instrumentField,
  recording: recordingField.optional().describe('without it one with candles in the span'),
  interval: z
    .enum(INTERVALS, `one of ${INTERVALS.join(', ')}`)
    .default('5m')
    .describe('of the candles'),
  train: span.optional().describe('without it the first part of the data'),
  test: span.optional().describe('of which nothing is learned; without it the last fifth of the data'),
  features: z.array(feature, 'a list of features').min(1, 'at least one feature').default(USUAL_FEATURES),
  actions: z
    .discriminatedUnion(
      'type',
      [
        z.strictObject({ type: z.literal('flat-long-short') }),
        z.strictObject({ type: z.literal('targets'), targets: z.array(z.number()).min(1) }),
        z.strictObject({ type: z.literal('continuous') }),
      ],
      'one of flat-long-short, targets, continuous',
    )
    .default({ type: 'flat-long-short' }),
  equityShare: above0.default(1).describe('what the target 1 is worth, as a part of the equity'),
  reward: z
    .strictObject({
      name: z.enum(Object.keys(REWARDS) as RewardName[], `one of ${Object.keys(REWARDS).join(', ')}`).optional(),
      file: z.string('the path of a file').min(1, 'the path of a file').optional(),
      parameters: z.record(z.string(), z.number()).optional(),
    })
    .refine(({ name, file }) => (name === undefined) !== (file === undefined), 'a name, or a file of your own')
    .default({ name: 'log-return' }),
  episodeSteps: whole(1).default(2_000).describe('greatest length of an episode in training, candles'),
  environments: whole(1).default(8).describe('that act side by side'),
  balance: above0.default(10_000).describe('quote asset'),
  leverage: whole(1).default(5),
  feeTier: whole(0).default(0).describe('VIP level'),
  latency: text(EXPECTED_LATENCY, (said) => (latencyOf(said) === undefined ? undefined : said)).default('5,5'),
  seeds: z.array(whole(0), 'a list of seeds').min(1, 'at least one seed').default([1, 2, 3]).describe('a run each'),
  earlyStopping: z
    .strictObject({
      every: whole(1).default(10).describe('updates from one look to the next'),
      patience: whole(1).default(5).describe('looks that may be no better than the best before the training ends'),
      share: z
        .number('a part above 0 and below 1')
        .gt(0, 'a part above 0 and below 1')
        .lt(1, 'a part above 0 and below 1')
        .default(0.2)
        .describe('of the training span, from its end: the validation span, which is looked at and not learned of'),
      embargo: whole(0).default(100).describe('candles left out before the validation span'),
    })
    .nullable()
    .default(null)
    .describe('the best policy on a validation span is judged, not the last; null: none'),
  ppo: USUAL_PPO.optional().describe('PPO, as where no algorithm is named'),
  dqn: USUAL_DQN.optional().describe('in place of ppo, for actions of which one is chosen'),
  sac: USUAL_SAC.optional().describe('in place of ppo, for actions that are numbers'),
  study: TRAIN_STUDY.nullable()
    .default(null)
    .describe('settings of the algorithm are chosen by the validation span; null: none'),
  warmStart: WARM_START.nullish().describe(
    'a strategy that the policy of ppo is cloned from before it learns; as null where it is not said: none',
  ),
});

export type TrainConfig = z.output<typeof TRAIN_CONFIG>;

/** @throws BadInput that names the field, what was expected and what was found */
export function checkTrainConfig(raw: unknown): TrainConfig {
  const { warmStart, ...config } = checkAlgorithm(checkSettings(TRAIN_CONFIG, withNamedAlgorithm(raw)));
  // None is said in one way only: the config names the run.
  return warmStart === undefined || warmStart === null ? config : { ...config, warmStart };
}
