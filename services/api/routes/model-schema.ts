import { z } from '@hono/zod-openapi';
import { STAGES } from '../../trainer/registry/model-record.ts';

const time = z.number().int().openapi({ description: 'µs since the epoch' });
const span = z.object({ from: time, to: time.openapi({ description: 'Not included' }) });
const interval = z.object({ low: z.number(), high: z.number(), level: z.number() }).nullable();

/** What a pass over a span was worth. */
export const figures = z.object({
  name: z.string(),
  total: z.number().openapi({ description: 'Return; 0.01 is 1 %' }),
  sharpe: z.number().nullable().openapi({ description: 'A year; null: nothing moved' }),
  maxDrawdown: z.number(),
  sharpeInterval: interval,
  aboveHolding: interval,
  periodMs: z.number(),
  fees: z.number(),
  funding: z.number(),
  filled: z.number().int(),
  liquidations: z.number().int(),
});

const stage = z.enum(STAGES);

export const modelSchema = z
  .object({
    id: z.string().openapi({ description: 'Of its content', example: '0a1b2c3d4e5f6071' }),
    name: z.string().openapi({ example: 'btc-trend' }),
    number: z.number().int().openapi({ description: 'Within the name, from 1 on' }),
    stage,
    strategy: z.string().openapi({ description: 'As what it trades', example: 'model:0a1b2c3d4e5f6071' }),
    instrument: z.string(),
    environment: z.enum(['bars', 'book']).openapi({ description: 'What it decides on: candles, or an order book' }),
    interval: z.string().openapi({
      description: 'How often it decides: the length of candles, or on a book such as `100 ms` or `50 events`',
      example: '5m',
    }),
    featureHash: z.string(),
    recording: z.string(),
    fromEntryId: z.string(),
    toEntryId: z.string(),
    train: span,
    test: span,
    seed: z.number().int(),
    steps: z.number().int(),
    backend: z.string(),
    codeVersion: z.string(),
    tested: z.object({ model: figures, baselines: z.array(figures) }).openapi({
      description: 'On the test span, which nothing was learned of',
    }),
    parent: z.string().nullable(),
    runId: z.string().nullable(),
    createdTime: time,
  })
  .openapi('Model');

export const shownModelSchema = modelSchema
  .extend({
    history: z.array(
      z.object({
        kind: z.enum(['register', 'promote', 'replace', 'demote', 'rollback']),
        from: stage.nullable(),
        to: stage,
        who: z.string(),
        why: z.string(),
        evaluation: z.unknown().openapi({ type: 'object', description: 'What the change rests on; null: nothing' }),
        time,
      }),
    ),
  })
  .openapi('ModelWithHistory');

export const changedModelSchema = modelSchema
  .extend({ replaced: modelSchema.nullable().openapi({ description: 'The one that it took the place of' }) })
  .openapi('ChangedModel');
