import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type pg from 'pg';
import { BadInput } from '../../../infra/setup-error.ts';
import { type StageChanged, StageConflict } from '../../trainer/registry/change-stage.ts';
import { demoteModel } from '../../trainer/registry/demote-model.ts';
import { findModel, listModels, NoSuchModel, stagesOf } from '../../trainer/registry/find-model.ts';
import { changeJson, modelJson } from '../../trainer/registry/model-json.ts';
import { type ModelRecord, nextStage, STAGES } from '../../trainer/registry/model-record.ts';
import { promoteModel } from '../../trainer/registry/promote-model.ts';
import { PromotionRefused } from '../../trainer/registry/promotion-rules.ts';
import { rollBackModel, stageToRollBack } from '../../trainer/registry/roll-back-model.ts';
import { checkRole } from '../auth/role.ts';
import { refusedField } from '../http/bad-input.ts';
import type { ApiContext, Caller } from '../http/environment.ts';
import { answers, json, notFound, problems } from '../http/openapi.ts';
import { integer, oneOf, parameters, parsed } from '../http/parameters.ts';
import { ProblemError } from '../http/problem.ts';
import { changedModelSchema, modelSchema, shownModelSchema } from './model-schema.ts';

const LIMIT_MAX = 1_000;
const LIMIT_DEFAULT = 100;

const path = z.object({
  model: z.string().openapi({
    description:
      'Its id or the first digits, NAME:v3, NAME@paper, or NAME: the live one, else that on paper, else the newest',
    example: 'btc-trend:v3',
  }),
});
const noModel = { ...notFound, description: 'There is no such model' };
const changed = {
  200: json('The model as it is now', changedModelSchema),
  403: problems('The key’s role may not do that'),
  404: noModel,
  409: problems('It breaks rules, each of which is one of `errors`; or another change came between'),
};

const listRoute = createRoute({
  method: 'get',
  path: '/api/v1/models',
  summary: 'Trained models, by their names, of each the newest first',
  tags: ['models'],
  request: {
    query: parameters({
      name: z.string().optional(),
      stage: oneOf(STAGES).optional(),
      limit: integer(1, LIMIT_MAX)
        .optional()
        .openapi({ description: `Models of a page; ${LIMIT_DEFAULT} if not said` }),
      cursor: parsed('the nextCursor of a page', decodeCursor)
        .optional()
        .openapi({ description: '`nextCursor` of the page before; the other parameters stay as they were' }),
    }),
  },
  responses: answers({
    200: json('A page of models', z.object({ items: z.array(modelSchema), nextCursor: z.string().nullable() })),
  }),
});

const showRoute = createRoute({
  method: 'get',
  path: '/api/v1/models/{model}',
  summary: 'One model: where it comes from, what it was worth, and what became of it',
  tags: ['models'],
  request: { params: path, query: parameters({}) },
  responses: answers({ 200: json('The model', shownModelSchema), 404: noModel }),
});

const why = z.string('a reason').min(1, 'a reason').max(500, 'at most 500 characters');
const tradingStage = z.enum(['paper', 'live'], 'paper or live').optional();
const anything = (description: string) => z.unknown().optional().openapi({ type: 'object', description });

const promoteRoute = createRoute({
  method: 'post',
  path: '/api/v1/models/{model}/promote',
  summary: 'Bring a model to paper or live; the one of its name that is there is archived',
  description: 'To paper with the role `train`, to live with `trade`, against rules with `admin`.',
  tags: ['models'],
  request: {
    params: path,
    query: parameters({}),
    body: {
      required: true,
      ...json(
        'Why, and on what',
        parameters({
          why,
          to: tradingStage.openapi({ description: 'The next stage if not said' }),
          evaluation: anything('For live, a forward test as `don models promote --account` finds it'),
          force: z.boolean('true or false').optional(),
        }).openapi('Promotion'),
      ),
    },
  },
  responses: answers(changed),
});

const demoteRoute = createRoute({
  method: 'post',
  path: '/api/v1/models/{model}/demote',
  summary: 'Take a model from paper or live; nothing takes its place',
  description: 'From live with the role `trade`, else with `train`.',
  tags: ['models'],
  request: {
    params: path,
    query: parameters({}),
    body: {
      required: true,
      ...json(
        'Why, and where to',
        parameters({
          why,
          to: z.enum(['archived', 'candidate'], 'archived or candidate').optional(),
          evaluation: anything('What speaks against it: kept as it is'),
        }).openapi('Demotion'),
      ),
    },
  },
  responses: answers(changed),
});

const rollbackRoute = createRoute({
  method: 'post',
  path: '/api/v1/models/{name}/rollback',
  summary: 'Bring back the model that was on paper or live before',
  description: 'Live with the role `trade`, paper with `train`.',
  tags: ['models'],
  request: {
    params: z.object({ name: z.string().openapi({ example: 'btc-trend' }) }),
    query: parameters({}),
    body: {
      required: true,
      ...json(
        'Which stage, and why',
        parameters({
          why: why.optional(),
          stage: tradingStage.openapi({
            description: 'live if not said where a model of the name has been, else paper',
          }),
        }).openapi('Rollback'),
      ),
    },
  },
  responses: answers(changed),
});

export function modelRoutes(app: OpenAPIHono<ApiContext>, pool: pg.Pool): void {
  app.openapi(listRoute, async (c) => {
    const { name, stage, limit = LIMIT_DEFAULT, cursor } = c.req.valid('query');
    const models = await listModels(pool, { name, stage });
    const rest = cursor === undefined ? models : models.filter((model) => isBehind(model, cursor));
    const items = rest.slice(0, limit);
    const nextCursor = rest.length > limit ? encodeCursor(items.at(-1)!) : null;
    return c.json({ items: items.map(modelJson), nextCursor }, 200) as never;
  });

  app.openapi(showRoute, (c) =>
    refusing(async () => {
      const record = await findModel(pool, c.req.valid('param').model);
      const changes = await stagesOf(pool, record.id);
      return c.json({ ...modelJson(record), history: changes.map(changeJson) }, 200) as never;
    }),
  );

  app.openapi(promoteRoute, (c) =>
    refusing(async () => {
      const { model } = c.req.valid('param');
      const { force: isForced = false, to, ...rest } = c.req.valid('json');
      const caller = c.get('caller');
      const { stage } = await findModel(pool, model, { isExact: true });
      const target = to ?? nextStage(stage);
      checkRole(caller, isForced ? 'admin' : target === 'live' ? 'trade' : 'train');
      return c.json(
        changedJson(await promoteModel(pool, { model, to: target, isForced, ...rest, who: whoOf(caller) })),
        200,
      ) as never;
    }),
  );

  app.openapi(demoteRoute, (c) =>
    refusing(async () => {
      const { model } = c.req.valid('param');
      const caller = c.get('caller');
      const { id, stage } = await findModel(pool, model, { isExact: true });
      checkRole(caller, stage === 'live' ? 'trade' : 'train');
      return c.json(
        changedJson(await demoteModel(pool, { ...c.req.valid('json'), model: id, from: stage, who: whoOf(caller) })),
        200,
      ) as never;
    }),
  );

  app.openapi(rollbackRoute, (c) =>
    refusing(async () => {
      const { name } = c.req.valid('param');
      const { why = 'rolled back', stage: said } = c.req.valid('json');
      const caller = c.get('caller');
      const stage = said ?? (await stageToRollBack(pool, name));
      checkRole(caller, stage === 'live' ? 'trade' : 'train');
      return c.json(changedJson(await rollBackModel(pool, { name, stage, why, who: whoOf(caller) })), 200) as never;
    }),
  );
}

function changedJson({ record, replaced }: StageChanged) {
  return { ...modelJson(record), replaced: replaced === null ? null : modelJson(replaced) };
}

/** Only browsers have sessions. */
function whoOf({ keyName, by }: Caller): string {
  return by === 'session' ? `key ${keyName}, by the dashboard` : `key ${keyName}`;
}

/** Turns what the registry refuses into problem documents. */
async function refusing<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof Error ? problemOf(error) : error;
  }
}

function problemOf(error: Error): Error {
  const { message: detail } = error;
  if (error instanceof NoSuchModel) return new ProblemError('not-found', { detail, errors: [refusedField(detail)] });
  if (error instanceof BadInput) return new ProblemError('bad-request', { detail, errors: [refusedField(detail)] });
  if (error instanceof StageConflict) return new ProblemError('conflict', { detail, errors: [refusedField(detail)] });
  if (!(error instanceof PromotionRefused)) return error;
  const errors = error.broken.map(({ rule, expected, found }) => ({ field: rule, expected, found }));
  return new ProblemError('conflict', { detail, errors });
}

interface Position {
  readonly name: string;
  readonly number: number;
}

function isBehind(model: ModelRecord, { name, number }: Position): boolean {
  return model.name === name ? model.number < number : model.name > name;
}

function encodeCursor({ name, number }: ModelRecord): string {
  return Buffer.from(JSON.stringify(['models', name, number])).toString('base64url');
}

function decodeCursor(text: string): Position | undefined {
  const [route, name, number] = JSON.parse(Buffer.from(text, 'base64url').toString()) as unknown[];
  return route === 'models' && typeof name === 'string' && typeof number === 'number' ? { name, number } : undefined;
}
