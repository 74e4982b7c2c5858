import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { train } from '../../jobs/kinds/train.ts';
import { type EpisodesPlace, listEpisodes } from '../../trainer/store/episode-rows.ts';
import { type MetricsPlace, RUN_STATUSES, type RunPlace, type RunRecord } from '../../trainer/store/run-record.ts';
import { findRun, listMetrics, listRuns, type Queries, stepsOf } from '../../trainer/store/run-rows.ts';
import { checkRole } from '../auth/role.ts';
import type { ApiContext } from '../http/environment.ts';
import { answers, json, notFound, problems } from '../http/openapi.ts';
import { instrument, integer, oneOf, parameters, parsed } from '../http/parameters.ts';
import { describeFieldError, ProblemError } from '../http/problem.ts';
import type { OpenJobs } from '../open-jobs.ts';
import { jobRefusal, jobSchema } from './jobs.ts';
import { episodeSchema, runMetricsSchema, runSchema, shownRunSchema } from './run-schema.ts';

const [RUNS_MAX, RUNS_DEFAULT] = [1_000, 50];
/** Also of episodes. */
const [METRICS_MAX, METRICS_DEFAULT] = [10_000, 1_000];

const cursor = <Place>(read: (text: string) => Place | undefined) =>
  parsed('the nextCursor of a page', read)
    .optional()
    .openapi({ description: '`nextCursor` of the page before; the other parameters stay as they were' });
const limit = (max: number, usual: number) =>
  integer(1, max)
    .optional()
    .openapi({ description: `Items of a page; ${usual} if not said` });
const path = z.object({ id: z.string().openapi({ example: '4c052cc33bd38997' }) });
const noRun = { ...notFound, description: 'There is no such run' };

const listRoute = createRoute({
  method: 'get',
  path: '/api/v1/runs',
  summary: 'Training runs, the newest first, with how far those are that run',
  tags: ['runs'],
  request: {
    query: parameters({
      status: oneOf(RUN_STATUSES).optional(),
      instrument: instrument.optional(),
      limit: limit(RUNS_MAX, RUNS_DEFAULT),
      cursor: cursor(decodeRun),
    }),
  },
  responses: answers({
    200: json('A page of runs', z.object({ items: z.array(runSchema), nextCursor: z.string().nullable() })),
  }),
});

const showRoute = createRoute({
  method: 'get',
  path: '/api/v1/runs/{id}',
  summary: 'One training run: its config, how far it is, what it came to',
  tags: ['runs'],
  request: { params: path, query: parameters({}) },
  responses: answers({ 200: json('The run', shownRunSchema), 404: noRun }),
});

/** A page of what a run's seeds have said. @param decode of its cursor */
const pageOfSeeds = <At>(decode: (text: string) => At | undefined) => ({
  params: path,
  query: parameters({
    seed: integer(0, 1e12 - 1).optional(),
    limit: limit(METRICS_MAX, METRICS_DEFAULT),
    cursor: cursor(decode),
  }),
});

const metricsRoute = createRoute({
  method: 'get',
  path: '/api/v1/runs/{id}/metrics',
  summary: 'Metrics of each update of a training run, in the order of steps',
  description: 'The topic `run:ID` tells them as they come. One that is there already never changes.',
  tags: ['runs'],
  request: pageOfSeeds(decodeMetrics),
  responses: answers({
    200: json('A page of updates', z.object({ items: z.array(runMetricsSchema), nextCursor: z.string().nullable() })),
    404: noRun,
  }),
});

const episodesRoute = createRoute({
  method: 'get',
  path: '/api/v1/runs/{id}/episodes',
  summary: 'Episodes of a training run that have ended, in the order of steps',
  description:
    'Of each seed the first 1,024, then every second up to 2,048, every fourth up to 4,096, and so on. One that is there already never changes.',
  tags: ['runs'],
  request: pageOfSeeds(decodeEpisodes),
  responses: answers({
    200: json('A page of episodes', z.object({ items: z.array(episodeSchema), nextCursor: z.string().nullable() })),
    404: noRun,
  }),
});

const asked = z.unknown().openapi('RunRequest', {
  ...(z.toJSONSchema(train.data, { io: 'input' }) as object),
  example: train.example,
});

const postRoute = createRoute({
  method: 'post',
  path: '/api/v1/runs',
  summary: 'Train: a config in, a job out',
  description:
    'With the role `train`. The same as a job of the kind `train`; its `progress.text` names the run once it has begun. A run that is done is not done again. A reward of a file needs `don train`: no code of users runs in the API.',
  tags: ['runs'],
  request: { query: parameters({}), body: { required: true, content: { 'application/json': { schema: asked } } } },
  responses: answers({
    202: json('The job, which waits or runs', jobSchema),
    403: problems('The key’s role may not do that'),
  }),
});

export function runRoutes(app: OpenAPIHono<ApiContext>, postgres: Queries, openJobs: OpenJobs): void {
  async function find(id: string): Promise<RunRecord> {
    const run = await findRun(postgres, id);
    if (run !== undefined) return run;
    const error = { field: 'id', expected: 'the id of a run of /api/v1/runs', found: id };
    throw new ProblemError('not-found', { detail: describeFieldError(error), errors: [error] });
  }

  app.openapi(listRoute, async (c) => {
    const { status, instrument: of, limit: count = RUNS_DEFAULT, cursor: after } = c.req.valid('query');
    const found = await listRuns(postgres, { status, instrument: of, after, limit: count + 1 });
    return c.json(
      page(found, count, ({ createdTime, id }) => ['runs', createdTime, id]),
      200,
    ) as never;
  });

  app.openapi(showRoute, async (c) => {
    const run = await find(c.req.valid('param').id);
    return c.json({ ...run, progress: await stepsOf(postgres, run.id) }, 200) as never;
  });

  app.openapi(metricsRoute, async (c) => {
    const { id } = await find(c.req.valid('param').id);
    const { seed, limit: count = METRICS_DEFAULT, cursor: after } = c.req.valid('query');
    const found = await listMetrics(postgres, id, { seed, after, limit: count + 1 });
    return c.json(
      page(found, count, (last) => ['run-metrics', last.step, last.seed]),
      200,
    ) as never;
  });

  app.openapi(episodesRoute, async (c) => {
    const { id } = await find(c.req.valid('param').id);
    const { seed, limit: count = METRICS_DEFAULT, cursor: after } = c.req.valid('query');
    const found = await listEpisodes(postgres, id, { seed, after, limit: count + 1 });
    return c.json(
      page(found, count, ({ step, seed, episode }) => ['episodes', step, seed, episode]),
      200,
    ) as never;
  });

  app.openapi(postRoute, async (c) => {
    checkRole(c.get('caller'), train.role);
    try {
      const { job } = await (await openJobs()).ask(train.name, c.req.valid('json'));
      return c.json(job, 202, { location: `/api/v1/jobs/${job.id}` }) as never;
    } catch (error) {
      throw error instanceof Error ? jobRefusal(error, (field) => field.replace(/^data\/?/, '') || 'body') : error;
    }
  });
}

/** One more than asked for tells whether there is a next page. */
function page<Item>(found: readonly Item[], count: number, placeOf: (last: Item) => readonly unknown[]) {
  const items = found.slice(0, count);
  const isMore = found.length > count;
  return {
    items,
    nextCursor: isMore ? Buffer.from(JSON.stringify(placeOf(items.at(-1)!))).toString('base64url') : null,
  };
}

function placeIn(text: string): unknown[] {
  return JSON.parse(Buffer.from(text, 'base64url').toString()) as unknown[];
}

function decodeRun(text: string): RunPlace | undefined {
  const [route, createdTime, id] = placeIn(text);
  return route === 'runs' && Number.isSafeInteger(createdTime) && typeof id === 'string'
    ? { createdTime: createdTime as number, id }
    : undefined;
}

function decodeMetrics(text: string): MetricsPlace | undefined {
  const [route, step, seed] = placeIn(text);
  return route === 'run-metrics' && Number.isSafeInteger(step) && Number.isSafeInteger(seed)
    ? { step: step as number, seed: seed as number }
    : undefined;
}

function decodeEpisodes(text: string): EpisodesPlace | undefined {
  const [route, step, seed, episode] = placeIn(text);
  return route === 'episodes' && [step, seed, episode].every(Number.isSafeInteger)
    ? { step: step as number, seed: seed as number, episode: episode as number }
    : undefined;
}
