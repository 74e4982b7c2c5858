import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { Redis } from 'ioredis';
import { nearestName } from '../../../infra/nearest-name.ts';
import { CATALOGUE, featureNamed } from '../../../operators/features/catalogue.ts';
import type { FeatureDefinition, Parameters } from '../../../operators/features/definition.ts';
import { columnPart, needsOther, resolveParameters } from '../../../operators/features/resolve-feature-set.ts';
import { UNITS } from '../../../operators/features/unit.ts';
import { AVAILABLE_SETS, featureSetNamed } from '../../../pipelines/feature-sets.ts';
import { type FeatureComputer, TooManyComputations } from '../../features/compute/feature-computer.ts';
import type { CustomFeatureStatus } from '../../features/custom/feature-supervisor.ts';
import { readCustomFeatures } from '../../features/custom/read-statuses.ts';
import { featureJson, setJson } from '../../features/feature-json.ts';
import { featureTable } from '../../features/feature-table.ts';
import { refusedField } from '../http/bad-input.ts';
import type { ApiContext } from '../http/environment.ts';
import { answers, json, notFound } from '../http/openapi.ts';
import { duration, instant, instrument, oneOf, parameters, parsed, recording } from '../http/parameters.ts';
import { ProblemError } from '../http/problem.ts';
import type { CheckKnown } from '../known-instruments.ts';
import { answerPage, type RowSources } from '../rows/answer-page.ts';
import { type Dataset, datasetOf } from '../rows/datasets.ts';
import { chooseRecording } from '../served-book.ts';
import { customNamed, customSource, type SpanSource } from './custom-feature.ts';
import { EVERY, PAGE } from './rows.ts';

export interface FeatureSources extends RowSources {
  readonly redis: Redis;
  readonly computer: FeatureComputer;
}

const described = z.unknown().openapi({ type: 'object' });

const listFeatures = createRoute({
  method: 'get',
  path: '/api/v1/features',
  summary: 'The catalogue of features, and the sets that are derived of every recording',
  tags: ['features'],
  request: { query: parameters({}) },
  responses: answers({
    200: json(
      'Features and sets',
      z.object({
        items: z.array(described),
        sets: z.array(described),
        custom: z.array(described).openapi({
          description:
            'Custom features: file, state, reason, rows; the feature as one of `items`; its set, once it runs',
        }),
      }),
    ),
  }),
});

const SETS = AVAILABLE_SETS.map(({ id }) => id);
const SET_DEFAULT = AVAILABLE_SETS[0]!.id;

const listRows = createRoute({
  method: 'get',
  path: '/api/v1/{instrument}/features',
  summary: 'Rows of a feature set',
  description: 'As JSON, or as CSV with `Accept: text/csv` (the next cursor is then in the header `x-next-cursor`).',
  tags: ['features'],
  request: {
    params: z.object({ instrument }),
    query: parameters({
      ...PAGE,
      ...EVERY,
      set: z
        .string({ error: () => 'a set of /api/v1/features' })
        .optional()
        .openapi({
          description: `One of ${SETS.join(', ')}, or that of a custom feature; ${SET_DEFAULT} if not said`,
          example: SET_DEFAULT,
        }),
      other: instrument
        .optional()
        .openapi({ description: 'Of a set of two instruments: rows beside this one only; beside any if not said' }),
    }),
  },
  responses: answers({
    200: {
      description: 'A page of rows: a number a column of the set, null where it is warming up',
      content: {
        'application/json': { schema: z.object({ items: z.array(described), nextCursor: z.string().nullable() }) },
        'text/csv': { schema: z.string() },
      },
    },
    404: notFound,
  }),
});

const EXPECTED_PARAMETERS = 'name:number pairs such as period:20,deviations:2.5';
/** Seconds of a span that is computed where none is said. */
const SPAN_DEFAULT_US = 900 * 1_000_000;

const computeRows = createRoute({
  method: 'get',
  path: '/api/v1/{instrument}/features/{feature}',
  summary: 'One feature for a span: of the catalogue, computed, or a custom one, as it was stored',
  description:
    'By the same fold as in a set: of the stored bars where it is one of bars, else of the log. For charts: it computes anew with each request. A custom feature is set as its file says, and has the rows that its thread stored.',
  tags: ['features'],
  request: {
    params: z.object({ instrument, feature: z.string().openapi({ example: 'rsi' }) }),
    query: parameters({
      parameters: parsed(EXPECTED_PARAMETERS, readParameters)
        .optional()
        .openapi({ description: 'The catalogue’s own if not said', example: 'period:14' }),
      interval: oneOf(['1s', '1m']).optional().openapi({ description: 'Bars that it is folded from; 1m if not said' }),
      from: instant.optional().openapi({ description: 'First event time; 15 minutes before `to` if not said' }),
      to: instant.optional().openapi({ description: 'End of the event times, itself not included; now if not said' }),
      every: duration.optional().openapi({ description: 'Of a feature of quotes: the last row of each such span; 1s' }),
      recording: recording.optional().openapi({ description: 'If not said, the one that covers the span' }),
      other: instrument
        .optional()
        .openapi({ description: 'The other instrument, which a feature of two needs', example: 'simulated:ETHUSDT' }),
    }),
  },
  responses: answers({
    200: json(
      'Values by output',
      z.object({
        feature: z.string(),
        parameters: z.record(z.string(), z.number()),
        recording: z.string(),
        outputs: z.array(z.object({ name: z.string(), unit: z.string() })),
        items: z.array(z.array(z.number().nullable())).openapi({
          description: 'Event time in µs, then the outputs in their order; null where there is no value',
        }),
      }),
    ),
    404: notFound,
  }),
});

export function featureRoutes(app: OpenAPIHono<ApiContext>, sources: FeatureSources, checkKnown: CheckKnown): void {
  const { redis } = sources;

  app.openapi(listFeatures, async (c) =>
    c.json(
      {
        items: CATALOGUE.map(featureJson),
        sets: AVAILABLE_SETS.map(setJson),
        custom: [...(await readCustomFeatures(redis))],
      },
      200,
    ),
  );

  app.openapi(listRows, async (c) => {
    const { instrument: symbol } = c.req.valid('param');
    const { set = SET_DEFAULT, other, ...page } = c.req.valid('query');
    await checkKnown('instrument', [symbol]);
    const rows = await datasetOfSet(redis, set);
    const isOfPair = featureSetNamed(set)?.isOfPair ?? false;
    if (other !== undefined) await checkOther(other, symbol, isOfPair, checkKnown);
    return answerPage(c, sources, { rows, page, equal: { symbol, other } }) as never;
  });

  app.openapi(computeRows, async (c) => {
    const { instrument: symbol, feature: name } = c.req.valid('param');
    const { parameters: said = {}, interval, from, to, every = '1s', recording: wanted, other } = c.req.valid('query');
    const source = await sourceOf(sources, name, said, interval);
    await checkKnown('instrument', [symbol]);
    await checkOther(other, symbol, source.needsOther, checkKnown);
    const toUs = to?.timeUs ?? Date.now() * 1_000;
    const fromUs = from?.timeUs ?? toUs - SPAN_DEFAULT_US;
    if (fromUs >= toUs) throw badRequest('from', 'a time before `to`', c.req.query('from') ?? null);
    const chosen = await chooseRecording(redis, symbol, wanted, fromUs);
    const beside =
      other === undefined
        ? undefined
        : { instrument: other, recording: await chooseRecording(redis, other, undefined, fromUs) };
    const span = { instrument: symbol, recording: chosen, other: beside, fromUs, toUs, everyMs: durationMs(every) };
    const rows = await source.rows(span);
    c.header('cache-control', 'no-store');
    return c.json(
      {
        feature: name,
        parameters: source.parameters,
        recording: chosen,
        outputs: [...source.outputs],
        items: rows.map((row) => [...row]),
      },
      200,
    );
  });
}

/** @throws ProblemError where there is no such feature, or not with these settings */
async function sourceOf(
  { redis, questdb, computer, findScale }: FeatureSources,
  name: string,
  said: Parameters,
  interval: '1s' | '1m' | undefined,
): Promise<SpanSource> {
  const definition = featureNamed(name);
  if (definition === undefined) {
    const features = await readCustomFeatures(redis);
    const custom = customNamed(features, name);
    return custom === undefined ? refuseName(name, features) : customSource(questdb, custom, said, interval);
  }
  const parameters = checkParameters(definition, said);
  return {
    parameters,
    needsOther: needsOther(definition),
    outputs: Object.entries(definition.outputs).map(([output, { unit }]) => ({
      name: output === '' ? name : columnPart(output),
      unit: UNITS[unit].label,
    })),
    async rows(span) {
      const scale = await findScale(span.instrument);
      if (scale === undefined) return [];
      const sizes = { tickSize: scale.price.size, stepSize: scale.qty.size };
      const request = { ...span, ...sizes, feature: name, parameters, interval: interval ?? '1m' };
      return computer.compute(request).catch(explainRefusal);
    },
  };
}

async function checkOther(
  other: string | undefined,
  symbol: string,
  isNeeded: boolean,
  checkKnown: CheckKnown,
): Promise<void> {
  if (isNeeded !== (other !== undefined))
    throw badRequest('other', isNeeded ? 'another instrument' : 'none: it is of one instrument', other ?? null);
  if (other === undefined) return;
  if (other === symbol) throw badRequest('other', `another instrument than ${symbol}`, other);
  await checkKnown('other', [other]);
}

async function datasetOfSet(redis: Redis, id: string): Promise<Dataset> {
  const known = AVAILABLE_SETS.find((set) => set.id === id);
  if (known !== undefined) return datasetOf(featureTable(known));
  const custom = (await readCustomFeatures(redis)).flatMap(({ set }) => (set === null ? [] : [set]));
  const found = custom.find((set) => set.id === id);
  if (found !== undefined)
    return datasetOf(featureTable({ ...found, columns: found.columns.map((name) => ({ name })) }));
  const expected = `one of ${[...SETS, ...custom.map((set) => set.id)].join(', ')}`;
  throw badRequest('set', expected, id);
}

function readParameters(text: string): Parameters | undefined {
  const pairs = text.split(',').map((pair) => /^([A-Za-z]\w*):(-?\d+(?:\.\d+)?)$/.exec(pair));
  if (pairs.some((pair) => pair === null)) return undefined;
  return Object.fromEntries(pairs.map((pair) => [pair![1]!, Number(pair![2])]));
}

function refuseName(name: string, custom: readonly CustomFeatureStatus[]): never {
  const names = [...CATALOGUE, ...custom.flatMap(({ feature }) => feature ?? [])].map((feature) => feature.name);
  const near = nearestName(name, names);
  const expected = `a name of /api/v1/features${near === undefined ? '' : ` such as ${near}`}`;
  const detail = `feature: expected ${expected}, found ${name}`;
  throw new ProblemError('not-found', { detail, errors: [{ field: 'feature', expected, found: name }] });
}

function checkParameters(definition: FeatureDefinition, said: Parameters): Parameters {
  try {
    return resolveParameters('parameters', definition, said);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new ProblemError('bad-request', {
      detail: error.message,
      errors: [{ ...refusedField(error.message), field: 'parameters' }],
    });
  }
}

function badRequest(field: string, expected: string, found: string | null): ProblemError {
  const detail = `${field}: expected ${expected}, found ${found ?? 'nothing'}`;
  return new ProblemError('bad-request', { detail, errors: [{ field, expected, found }] });
}

const UNIT_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

function durationMs(text: string): number {
  return Number(text.slice(0, -1)) * UNIT_MS[text.at(-1)!]!;
}

function explainRefusal(error: unknown): never {
  if (!(error instanceof TooManyComputations)) throw error;
  throw new ProblemError('too-many-requests', { detail: error.message, headers: { 'retry-after': '1' } });
}
