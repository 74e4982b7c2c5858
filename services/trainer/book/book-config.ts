import { z } from 'zod';
import { QUEUE_MODELS } from '../../../operators/matching/queue-model.ts';
import { DQN_SETTINGS } from '../algorithms/dqn-settings.ts';
import { PPO_SETTINGS } from '../algorithms/ppo-settings.ts';
import { SAC_SETTINGS } from '../algorithms/sac-settings.ts';
import { checkSettings, positive, whole } from '../algorithms/settings.ts';
import { checkAlgorithm, withNamedAlgorithm } from '../run/config-algorithm.ts';
import { TRAIN_CONFIG } from '../run/train-config.ts';

/** What an agent on the order book has in common with one on candles. */
const { instrument, recording, train: span, actions, features, latency, seeds, ...common } = TRAIN_CONFIG.shape;
const { reward, balance, leverage, feeTier, environments, earlyStopping, study, ppo, dqn, sac } = common;

const EXPECTED_SHARE = 'a part above 0 and below 1';
const share = z.number(EXPECTED_SHARE).gt(0, EXPECTED_SHARE).lt(1, EXPECTED_SHARE);

const EXPECTED_SPAN =
  'a span such as {"from": "2024-08-08T23:54:20Z", "to": "2024-08-08T23:58:00Z"}, or a share of the time such as {"share": 0.7}';
const part = z.union([span.unwrap(), z.strictObject({ share })], EXPECTED_SPAN);

const maxPosition = positive.describe('base asset, long or short: own orders never bring the position beyond it');
const offset = z.int('a whole number of ticks, or null').min(0, 'a whole number of ticks from 0').nullable();

/** A book's decisions are not of equal distance: what is left out is a time. */
const stopping = earlyStopping
  .unwrap()
  .unwrap()
  .omit({ embargo: true })
  .extend({
    embargoMs: z
      .number('a time in ms of at least 0')
      .nonnegative('a time in ms of at least 0')
      .default(10_000)
      .describe('left out before the validation span'),
  });

/** A tenth of a second's return is about a hundred thousandth. */
const rewardScale = positive.default(10_000).describe('rewards are learned from times this: values begin at about 1');
const totalSteps = whole(1).default(100_000).describe('steps of all environments together; schedules end there');

/** What is usual for a book, where it is not what PPO's settings have. */
const USUAL_PPO = PPO_SETTINGS.extend({
  totalSteps,
  entropyCoefficient: z.number('0 or more').nonnegative('0 or more').default(0.01),
  normalisesObservations: z.boolean('true or false').default(true).describe('by their running mean and deviation'),
  normalisesReturns: z
    .boolean('true or false')
    .default(true)
    .describe('rewards by the deviation of the discounted return'),
});

/** How an agent on the order book is trained and judged: all that decides on what comes out. */
export const BOOK_CONFIG = z.strictObject({
  environment: z.literal('book', 'book'),
  instrument,
  recording: recording.describe('without it the first one with depth'),
  train: part.default({ share: 0.7 }).describe('what is learned of; a share is the first part of the time'),
  test: part.default({ share: 0.25 }).describe('of which nothing is learned; a share is the last part of the time'),
  every: z
    .union(
      [z.strictObject({ ms: positive }), z.strictObject({ events: whole(1) })],
      'a time such as {"ms": 100}, or a count such as {"events": 50}',
    )
    .default({ ms: 100 })
    .describe('when decisions are due: each so many ms, or so many events of the book and trades'),
  levels: whole(1).default(10).describe('a side that are observed'),
  distance: z.enum(['ticks', 'bps'], 'ticks or bps').default('ticks').describe('of levels from the midprice'),
  features: z
    .array(features.unwrap().element, 'a list of features')
    .default([])
    .describe('of the catalogue, observed beside the book'),
  reachTicks: whole(1)
    .nullable()
    .default(null)
    .describe('levels farther from the best price are left out until they come within it; null: none'),
  actions: z
    .discriminatedUnion(
      'type',
      [
        ...actions.unwrap().options,
        z.strictObject({ type: z.literal('quotes'), maxOffsetTicks: whole(0), maxPosition }),
        z.strictObject({
          type: z.literal('quote-grid'),
          offsets: z
            .array(z.tuple([offset, offset], 'a pair such as [0, 1] or [0, null]'), 'a list of pairs')
            .min(1, 'at least one pair'),
          maxPosition,
        }),
      ],
      'one of flat-long-short, targets, continuous, quotes, quote-grid',
    )
    .default({ type: 'flat-long-short' }),
  size: z
    .union(
      [z.strictObject({ qty: positive }), z.strictObject({ equityShare: positive })],
      'a size such as {"qty": 0.01} or {"equityShare": 1}',
    )
    .default({ equityShare: 1 })
    .describe('what the target 1 means, and a quote of size 1'),
  reward,
  latency,
  queue: z
    .enum(Object.keys(QUEUE_MODELS), `one of ${Object.keys(QUEUE_MODELS).join(', ')}`)
    .default('risk-averse')
    .describe('what is assumed of the place in a queue'),
  episodeSteps: whole(1).default(300).describe('greatest length of an episode in training, decisions'),
  environments,
  balance,
  leverage,
  feeTier,
  seeds,
  earlyStopping: stopping.nullable().default(null).describe(earlyStopping.description!),
  ppo: USUAL_PPO.optional().describe(ppo.description!),
  dqn: DQN_SETTINGS.extend({ totalSteps, rewardScale }).optional().describe(dqn.description!),
  sac: SAC_SETTINGS.extend({ totalSteps, rewardScale }).optional().describe(sac.description!),
  study,
});

export type BookConfig = z.output<typeof BOOK_CONFIG>;

/** @throws BadInput that names the field, what was expected and what was found */
export function checkBookConfig(raw: unknown): BookConfig {
  return checkAlgorithm(checkSettings(BOOK_CONFIG, withNamedAlgorithm(raw)));
}
