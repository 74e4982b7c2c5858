import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { BadJobData } from '../../jobs/job-kind.ts';
import { dataFields, JOB_KIND_NAMES, JOB_KINDS, jobKindNamed } from '../../jobs/job-kinds.ts';
import { JOB_STATES, type JobRecord } from '../../jobs/job-record.ts';
import { checkRole, type Role } from '../auth/role.ts';
import type { ApiContext } from '../http/environment.ts';
import { answers, json, notFound, problems } from '../http/openapi.ts';
import { integer, oneOf, parameters, parsed } from '../http/parameters.ts';
import { describeFieldError, ProblemError } from '../http/problem.ts';
import type { OpenJobs } from '../open-jobs.ts';

const LIMIT_MAX = 1_000;
const LIMIT_DEFAULT = 100;

const time = z.number().int().openapi({ description: 'µs since the epoch' });

const progress = z.object({
  text: z.string().openapi({ description: 'What is being done now' }),
  done: z.number(),
  of: z.number().nullable().openapi({ description: 'How many there will be; null where that is not known' }),
  unit: z.string().openapi({ example: 'rows' }),
  share: z.number().nullable().openapi({ description: 'From 0 to 1' }),
  rate: z.number().nullable().openapi({ description: 'Things a second' }),
  secondsLeft: z.number().nullable(),
  detail: z.string().optional().openapi({ description: 'What it comes to so far, on one line' }),
});

export const jobSchema = z
  .object({
    id: z.string(),
    kind: z.enum(JOB_KIND_NAMES),
    data: z.record(z.string(), z.unknown()),
    state: z.enum(JOB_STATES),
    progress: progress.nullable(),
    result: z.unknown().openapi({ description: 'Once it is done; null before', type: 'object' }),
    error: z.string().nullable().openapi({ description: 'Why it failed' }),
    starts: z.number().int().openapi({ description: 'How often it was taken up' }),
    createdTime: time,
    dueTime: time.nullable().openapi({ description: 'When one that is scheduled begins' }),
    startedTime: time.nullable(),
    endedTime: time.nullable(),
  })
  .openapi('Job');

const forbidden = problems('The key’s role may not do that');

const KINDS = JOB_KINDS.map((kind) => {
  const { name, says, role } = kind;
  const fields = dataFields(kind).join(', ');
  return `\`${name}\` ${says}; data: ${fields || 'none'}; role: \`${role}\`.`;
});

const asked = z.unknown().openapi('JobRequest', {
  type: 'object',
  required: ['kind'],
  properties: {
    kind: { type: 'string', enum: [...JOB_KIND_NAMES] },
    data: { oneOf: JOB_KINDS.map((kind) => z.toJSONSchema(kind.data, { io: 'input' }) as never) },
  },
  example: { kind: JOB_KINDS[0]!.name, data: JOB_KINDS[0]!.example },
});

const listJobs = createRoute({
  method: 'get',
  path: '/api/v1/jobs',
  summary: 'Jobs, the newest first',
  description:
    'Those that wait, run, and have ended: of the latter the last 200 that are done and the last 200 that are not.',
  tags: ['jobs'],
  request: {
    query: parameters({
      state: oneOf(JOB_STATES).optional(),
      kind: oneOf(JOB_KIND_NAMES).optional(),
      limit: integer(1, LIMIT_MAX)
        .optional()
        .openapi({ description: `Jobs of a page; ${LIMIT_DEFAULT} if not said` }),
      cursor: parsed('the nextCursor of a page', decodeCursor)
        .optional()
        .openapi({ description: '`nextCursor` of the page before; the other parameters stay as they were' }),
    }),
  },
  responses: answers({
    200: json('A page of jobs', z.object({ items: z.array(jobSchema), nextCursor: z.string().nullable() })),
  }),
});

const id = z.object({ id: z.string().openapi({ example: '12' }) });
const noJob = { ...notFound, description: 'There is no such job' };

const getJob = createRoute({
  method: 'get',
  path: '/api/v1/jobs/{id}',
  summary: 'One job, with its progress and result',
  tags: ['jobs'],
  request: { params: id, query: parameters({}) },
  responses: answers({ 200: json('The job', jobSchema), 404: noJob }),
});

const postJob = createRoute({
  method: 'post',
  path: '/api/v1/jobs',
  summary: 'Ask for long work',
  description: [
    ...KINDS,
    'Times in the data are integers in µs. The same work, asked again while it waits or runs, is the same job.',
    'A job whose process is killed is taken up again and goes on from its last checkpoint.',
  ].join(' '),
  tags: ['jobs'],
  request: { query: parameters({}), body: { required: true, content: { 'application/json': { schema: asked } } } },
  responses: answers({ 202: json('The job, which waits or runs', jobSchema), 403: forbidden }),
});

const deleteJob = createRoute({
  method: 'delete',
  path: '/api/v1/jobs/{id}',
  summary: 'Cancel a job',
  description:
    'With the role that starting it asks for. One that waits is taken out, and is gone. One that runs is told to stop, and is `cancelled` soon.',
  tags: ['jobs'],
  request: { params: id, query: parameters({}) },
  responses: answers({ 202: json('The job as it was', jobSchema), 403: forbidden, 404: noJob }),
});

export function jobRoutes(app: OpenAPIHono<ApiContext>, openJobs: OpenJobs): void {
  async function find(id: string): Promise<JobRecord> {
    const job = await (await openJobs()).find(id);
    if (job !== undefined) return job;
    const error = { field: 'id', expected: 'the id of a job of /api/v1/jobs', found: id };
    throw new ProblemError('not-found', { detail: `id: expected ${error.expected}, found ${id}`, errors: [error] });
  }

  app.openapi(listJobs, async (c) => {
    const { state, kind, limit = LIMIT_DEFAULT, cursor } = c.req.valid('query');
    const jobs = await (await openJobs()).list();
    const wanted = jobs.filter((job) => (state ?? job.state) === job.state && (kind ?? job.kind) === job.kind);
    const rest = cursor === undefined ? wanted : wanted.filter((job) => isBehind(job, cursor));
    const items = rest.slice(0, limit);
    return c.json({ items, nextCursor: rest.length > limit ? encodeCursor(items.at(-1)!) : null }, 200) as never;
  });

  app.openapi(getJob, async (c) => c.json(await find(c.req.valid('param').id), 200) as never);

  app.openapi(postJob, async (c) => {
    const { kind, data } = checkBody(c.req.valid('json'));
    const known = typeof kind === 'string' ? jobKindNamed(kind) : undefined;
    if (known !== undefined) checkRole(c.get('caller'), known.role);
    try {
      const { job } = await (await openJobs()).ask(kind, data);
      return c.json(job, 202, { location: `/api/v1/jobs/${job.id}` }) as never;
    } catch (error) {
      throw error instanceof Error ? jobRefusal(error) : error;
    }
  });

  app.openapi(deleteJob, async (c) => {
    const job = await find(c.req.valid('param').id);
    checkRole(c.get('caller'), roleOf(job));
    const outcome = await (await openJobs()).cancel(job.id);
    if (outcome === 'ended' || outcome === 'scheduled' || outcome === undefined) {
      const expected = outcome === 'scheduled' ? 'a job that was asked for' : 'a job that waits or runs';
      const errors = [{ field: 'id', expected, found: `${job.id}, which is ${job.state}` }];
      throw new ProblemError('bad-request', { detail: `id: expected ${expected}, found ${errors[0]!.found}`, errors });
    }
    return c.json(job, 202) as never;
  });
}

/** Of one whose kind another version had: only who may do all. */
function roleOf({ kind }: JobRecord): Role {
  return jobKindNamed(kind)?.role ?? 'admin';
}

/** @throws where it is no object of kind and data */
function checkBody(body: unknown): { readonly kind: unknown; readonly data: unknown } {
  const isObject = typeof body === 'object' && body !== null && !Array.isArray(body);
  const unknown = isObject ? Object.keys(body).find((key) => key !== 'kind' && key !== 'data') : undefined;
  if (isObject && unknown === undefined) return body as { kind: unknown; data: unknown };
  const error = { field: unknown ?? 'body', expected: 'a JSON object of kind and data', found: null };
  throw new ProblemError('bad-request', { detail: `${error.field}: expected ${error.expected}`, errors: [error] });
}

/** What is answered where a job cannot be had. @param inBody what the data's fields are called in the body */
export function jobRefusal(error: Error, inBody: (field: string) => string = (field) => field): Error {
  if (error instanceof BadJobData) {
    const errors = error.errors.map((one) => ({ ...one, field: inBody(one.field) }));
    return new ProblemError('bad-request', { detail: errors.map(describeFieldError).join('; '), errors });
  }
  if (error.name !== 'TooManyJobs') return error;
  return new ProblemError('too-many-requests', { detail: error.message, headers: { 'retry-after': '60' } });
}

interface Position {
  readonly createdTime: number;
  readonly id: string;
}

function isBehind(job: JobRecord, { createdTime, id }: Position): boolean {
  if (job.createdTime !== createdTime) return job.createdTime < createdTime;
  return job.id.localeCompare(id, 'en', { numeric: true }) < 0;
}

function encodeCursor({ createdTime, id }: JobRecord): string {
  return Buffer.from(JSON.stringify(['jobs', createdTime, id])).toString('base64url');
}

function decodeCursor(text: string): Position | undefined {
  const [route, createdTime, id] = JSON.parse(Buffer.from(text, 'base64url').toString()) as unknown[];
  return route === 'jobs' && typeof createdTime === 'number' && typeof id === 'string'
    ? { createdTime, id }
    : undefined;
}
