import { z } from '@hono/zod-openapi';
import { ENDINGS } from '../../trainer/algorithms/episode-ending.ts';
import { RUN_STATUSES } from '../../trainer/store/run-record.ts';
import { figures } from './model-schema.ts';

const time = z.number().int().openapi({ description: 'µs since the epoch' });
const span = z.object({ from: time, to: time });
const spanMs = z
  .object({ fromMs: z.number(), toMs: z.number() })
  .openapi({ description: 'ms since the epoch, the second not included' });
const choice = z
  .object({
    of: z.number().int(),
    effective: z.number(),
    overfitting: z.number().nullable(),
    deflatedSharpe: z.number().nullable(),
  })
  .openapi({
    description:
      'How much luck there is in a choice by the validation span: among how many, what they are worth in independent ones, probability of backtest overfitting, deflated Sharpe ratio of the best',
  });
const seed = z.object({
  seed: z.number().int(),
  model: z.string().openapi({ description: 'Id of the model that it has become' }),
  steps: z.number().int(),
  updates: z.number().int(),
  chosen: z
    .object({ globalStep: z.number().int(), sharpe: z.number(), hasStopped: z.boolean(), luck: choice })
    .nullable()
    .openapi({ description: 'Which of its policies the model is, by the validation span; null: the last one' }),
  warmStart: z
    .looseObject({ strategy: z.string(), heldOut: z.number().int(), agreement: z.number().nullable() })
    .optional()
    .openapi({
      description: 'How the policy that it began with was cloned from a strategy; not there: it began by chance',
    }),
  curve: z
    .array(z.number().nullable())
    .openapi({ description: 'Mean episode return at up to 32 places of the training' }),
  trained: figures,
  tested: figures,
});

const summary = z.object({
  validation: spanMs.nullable(),
  study: z
    .object({
      trials: z.array(
        z.object({
          settings: z.record(z.string(), z.number()),
          halts: z.array(z.object({ step: z.number().int(), sharpe: z.number().nullable() })),
        }),
      ),
      chosen: z.number().int(),
      luck: z.array(choice.extend({ step: z.number().int() })),
    })
    .nullable()
    .openapi({ description: 'How settings of the algorithm were chosen by the validation span; null: they were not' }),
  seeds: z.array(seed),
  baselines: z.array(figures),
  verdict: z.string(),
  book: z
    .looseObject({ average: figures })
    .optional()
    .openapi({ description: 'Of a run on an order book: its seeds on average, beside the baselines' }),
});

const progress = z.array(z.object({ seed: z.number().int(), step: z.number().int() }));

/** A training run as it is answered. */
export const runSchema = z
  .object({
    id: z.string().openapi({ example: '4c052cc33bd38997' }),
    status: z.enum(RUN_STATUSES),
    instrument: z.string(),
    interval: z.string(),
    recording: z.string(),
    fromEntryId: z.string(),
    toEntryId: z.string(),
    train: span,
    test: span,
    seeds: z.array(z.number().int()),
    config: z.looseObject({ instrument: z.string() }).openapi({ description: 'With every default' }),
    rewardHash: z.string().nullable(),
    backend: z.string(),
    codeVersion: z.string(),
    starts: z.number().int().openapi({ description: 'How often it was begun or taken up again' }),
    createdTime: time,
    startedTime: time,
    endedTime: time.nullable(),
    error: z.string().nullable().openapi({ description: 'Why it failed' }),
    summary: summary.nullable().openapi({ description: 'Once it is done' }),
    progress: progress.nullable().openapi({
      description:
        'Of a run that is running: steps that each seed which has begun has done, of `totalSteps` of the algorithm in `config`; null of another in a list',
    }),
  })
  .openapi('Run');

export const shownRunSchema = runSchema
  .extend({
    progress: progress.openapi({
      description: 'Steps that each seed has done, of `totalSteps` of the algorithm in `config`',
    }),
  })
  .openapi('ShownRun');

export const runMetricsSchema = z
  .object({
    seed: z.number().int(),
    step: z.number().int().openapi({ description: 'Of all the seed’s environments together' }),
    metrics: z
      .record(z.string(), z.number().nullable())
      .openapi({ description: 'By their names, as in docs/training.md' }),
    time,
  })
  .openapi('RunMetrics');

const orNull = (description: string) =>
  z
    .number()
    .nullable()
    .openapi({ description: `${description}; null: the environment does not say` });

export const episodeSchema = z
  .object({
    seed: z.number().int(),
    episode: z.number().int().openapi({ description: 'From 1, in the order in which the seed’s episodes ended' }),
    standsFor: z.number().int().openapi({ description: 'So many episodes up to this one are told by it' }),
    step: z.number().int().openapi({ description: 'Of all the seed’s environments together, when it ended' }),
    length: z.number().int().openapi({ description: 'Steps of its own' }),
    return: z.number().openapi({ description: 'Sum of its rewards' }),
    ending: z.enum(ENDINGS).openapi({
      description:
        '`length`: cut at its greatest; `data`, `invalid`: cut at the end of the data, or where a stretch of them is not valid; `ruin`: nothing was left',
    }),
    from: orNull('Where in the data it began, µs since the epoch'),
    to: orNull('And ended'),
    equityFrom: orNull('Quote asset, at its beginning'),
    equityTo: orNull('And at its end'),
    fees: orNull('Quote asset'),
    filled: orNull('Orders that were filled, also in part'),
  })
  .openapi('Episode');
