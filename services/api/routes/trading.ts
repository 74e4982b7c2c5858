import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { createMiddleware } from 'hono/factory';
import type { Redis } from 'ioredis';
import { BadInput } from '../../../infra/setup-error.ts';
import type { LedgerCommand } from '../../../operators/ledger/ledger-event.ts';
import { ledgerKey } from '../../../streams/keys.ts';
import { ledgerBackwards, listAccounts } from '../../../streams/ledger.ts';
import { readAccountStatus } from '../../trader/read-account-status.ts';
import { tellTrader } from '../../trader/tell-trader.ts';
import { checkRole } from '../auth/role.ts';
import { refusedField } from '../http/bad-input.ts';
import type { ApiContext, Caller } from '../http/environment.ts';
import { answers, json, notFound, problems } from '../http/openapi.ts';
import { instrument, integer, parameters, parsed } from '../http/parameters.ts';
import { describeFieldError, type FieldError, ProblemError } from '../http/problem.ts';
import { readAccountStatuses } from '../status/account-statuses.ts';
import { accountSchema } from './account-schema.ts';

const LIMIT_MAX = 1_000;
const LIMIT_DEFAULT = 100;
const ENTRY_ID = /^\d{1,15}-\d{1,15}$/;

const ledgerEvent = z
  .object({
    entryId: z.string(),
    n: z.number().int().nullable().openapi({ description: 'Number among the trader’s own events; null: a command' }),
    event: z.looseObject({ type: z.string() }),
  })
  .openapi('LedgerEvent');
const told = z.object({ commandId: z.string().openapi({ description: 'Its entry of the ledger' }) });

const account = parsed('the name of an account: lower-case letters, digits, "-" and "."', (text) => {
  ledgerKey(text);
  return text;
}).openapi({ example: 'paper' });
const path = z.object({ account });
const noAccount = { ...notFound, description: 'There is no such account' };
const flatten = z.boolean('true or false').optional().openapi({ description: 'Whether to close the position too' });

const listRoute = createRoute({
  method: 'get',
  path: '/api/v1/trading',
  summary: 'Accounts that trade, and how they stand',
  tags: ['trading'],
  request: { query: parameters({}) },
  responses: answers({
    200: json('Every account', z.object({ items: z.array(accountSchema), nextCursor: z.null() })),
  }),
});

const showRoute = createRoute({
  method: 'get',
  path: '/api/v1/trading/{account}',
  summary: 'How one account stands',
  tags: ['trading'],
  request: { params: path, query: parameters({}) },
  responses: answers({ 200: json('The account', accountSchema), 404: noAccount }),
});

const ledgerRoute = createRoute({
  method: 'get',
  path: '/api/v1/trading/{account}/ledger',
  summary: 'What was told and done, the newest first',
  tags: ['trading'],
  request: {
    params: path,
    query: parameters({
      limit: integer(1, LIMIT_MAX)
        .optional()
        .openapi({ description: `Events of a page; ${LIMIT_DEFAULT} if not said` }),
      cursor: parsed('the nextCursor of a page', (text) => (ENTRY_ID.test(text) ? text : undefined))
        .optional()
        .openapi({ description: '`nextCursor` of the page before' }),
    }),
  },
  responses: answers({
    200: json('A page of the ledger', z.object({ items: z.array(ledgerEvent), nextCursor: z.string().nullable() })),
    404: noAccount,
  }),
});

/** A route that writes a command to the ledger. */
function commandRoute<Body extends z.ZodType>(
  command: LedgerCommand['type'],
  { summary, body, isRequired = false }: { summary: string; body: Body; isRequired?: boolean },
) {
  return createRoute({
    method: 'post',
    path: `/api/v1/trading/{account}/${command}` as const,
    summary,
    description:
      'With the role `trade`. Written to the ledger at once, and obeyed by the trader within a tenth of a second, or when one is there.',
    tags: ['trading'],
    request: { params: path, query: parameters({}), body: { required: isRequired, ...json('What to do', body) } },
    responses: answers({
      202: json('It is written', told),
      403: problems('The key’s role may not do that'),
      404: noAccount,
    }),
  });
}

/** One that never returns would hold up the API, and every halt with it. */
const NO_FILE = 'the name of a strategy; one of a file is begun by `don trade start`: no code of users runs in the API';
const FILE = /[./\\]/;

/** What is in them is checked with the session's settings. */
const inSettings = (type: 'string' | 'number' | 'object', description: string) =>
  z.unknown().optional().openapi({ type, description });

const startBody = parameters({
  instrument,
  strategy: z
    .string(NO_FILE)
    .refine((name) => !FILE.test(name), NO_FILE)
    .openapi({ example: 'market-maker' }),
  parameters: inSettings('object', 'Of the strategy; those that are not said are as it has them'),
  mode: z.literal('paper', 'paper; a live session is begun by `don trade start --mode live`').optional(),
  queue: inSettings('string', 'Queue model, `risk-averse` if not said'),
  latency: inSettings('string', 'To the exchange and back, ms: `5,5` if not said'),
  seed: inSettings('number', 'Of the queue model and the latency'),
  balance: inSettings('number', 'What it begins with, quote asset; 10,000 if not said'),
  leverage: inSettings('number', '5 if not said'),
  feeTier: inSettings('number', 'VIP level, 0 if not said'),
  limits: inSettings('object', 'Risk limits, as `don backtest --risk` has them'),
}).openapi('SessionRequest');
const haltBody = parameters({
  flatten,
  reason: z.string('a text').max(500, 'at most 500 characters').optional(),
});
const stopBody = parameters({ flatten });

const startRoute = commandRoute('start', {
  summary: 'Begin a session; a running one is closed before',
  body: startBody,
  isRequired: true,
});
const haltRoute = commandRoute('halt', {
  summary: 'The kill switch: cancel every order, let none through',
  body: haltBody,
});
const resumeRoute = commandRoute('resume', { summary: 'Let orders through again after a halt', body: parameters({}) });
const stopRoute = commandRoute('stop', { summary: 'Cancel every order and close the session', body: stopBody });

export function tradingRoutes(app: OpenAPIHono<ApiContext>, redis: Redis): void {
  async function checkAccount(name: string): Promise<void> {
    const accounts = await listAccounts(redis);
    if (accounts.includes(name)) return;
    const expected = accounts.length === 0 ? 'one that has traded; none has' : `one of ${accounts.join(', ')}`;
    const error = { field: 'account', expected, found: name };
    throw new ProblemError('not-found', { detail: describeFieldError(error), errors: [error] });
  }

  app.openapi(listRoute, async (c) => {
    return c.json({ items: await readAccountStatuses(redis), nextCursor: null }, 200) as never;
  });

  app.openapi(showRoute, async (c) => {
    const { account: name } = c.req.valid('param');
    await checkAccount(name);
    return c.json(await readAccountStatus(redis, name), 200) as never;
  });

  app.openapi(ledgerRoute, async (c) => {
    const { account: name } = c.req.valid('param');
    const { limit = LIMIT_DEFAULT, cursor } = c.req.valid('query');
    await checkAccount(name);
    const found = await ledgerBackwards(redis, name, limit + 1, cursor);
    const page = found.slice(0, limit);
    const items = page.map(({ entryId, n, text }) => ({ entryId, n: n ?? null, event: JSON.parse(text) as unknown }));
    return c.json({ items, nextCursor: found.length > limit ? page.at(-1)!.entryId : null }, 200) as never;
  });

  app.use('/api/v1/trading/*', checkTold, checkBody);

  app.openapi(startRoute, async (c) => {
    const { account: name } = c.req.valid('param');
    // Most of the time nobody starts anything, and strategies take memory.
    const { sessionSettings } = await import('../../trader/session-settings.ts');
    try {
      const settings = await sessionSettings(c.req.valid('json'));
      return c.json({ commandId: await tell(name, c.get('caller'), { type: 'start', settings }) }, 202) as never;
    } catch (error) {
      throw error instanceof BadInput ? refusalOf(error.message) : error;
    }
  });

  app.openapi(haltRoute, async (c) => {
    const { account: name } = c.req.valid('param');
    const { flatten: flattens = false, reason = '' } = c.req.valid('json');
    await checkAccount(name);
    const commandId = await tell(name, c.get('caller'), { type: 'halt', flattens, reason });
    return c.json({ commandId }, 202) as never;
  });

  app.openapi(resumeRoute, async (c) => {
    const { account: name } = c.req.valid('param');
    await checkAccount(name);
    return c.json({ commandId: await tell(name, c.get('caller'), { type: 'resume' }) }, 202) as never;
  });

  app.openapi(stopRoute, async (c) => {
    const { account: name } = c.req.valid('param');
    const { flatten: flattens = false } = c.req.valid('json');
    await checkAccount(name);
    return c.json({ commandId: await tell(name, c.get('caller'), { type: 'stop', flattens }) }, 202) as never;
  });

  /** Only browsers have sessions. */
  function tell(name: string, { by, keyName }: Caller, command: WithoutSender<LedgerCommand>): Promise<string> {
    const sender = by === 'session' ? 'dashboard' : `key ${keyName}`;
    return tellTrader(redis, name, { ...command, by: sender, timeMs: Date.now() } as LedgerCommand);
  }
}

/** Whoever tells an account what to do must be one who may trade. */
const checkTold = createMiddleware<ApiContext>(async (c, next) => {
  if (c.req.method === 'POST') checkRole(c.get('caller'), 'trade');
  await next();
});

/**
 * A body that is not said to be JSON would not be read, and a halt not close the position that it was to close. An empty
 * one is none, whatever it is said to be.
 */
const checkBody = createMiddleware<ApiContext>(async (c, next) => {
  const found = c.req.header('content-type') ?? null;
  const isRead = found !== null && /^application\/json(; *charset=[\w-]+)?$/.test(found);
  const isEmpty = c.req.method !== 'POST' || (await c.req.text()) === '';
  if (isEmpty) c.req.raw.headers.delete('content-type');
  else if (!isRead) throw badRequest({ field: 'content-type', expected: 'application/json', found });
  await next();
});

/** What `sessionSettings` refuses, as the field of the body. */
function refusalOf(message: string): ProblemError {
  const { field: said, ...refused } = refusedField(message);
  const field = said.replace(/^parameters of .+\//, 'parameters/').replace(/^risk\//, 'limits/');
  return badRequest({ field, ...refused });
}

function badRequest(error: FieldError): ProblemError {
  return new ProblemError('bad-request', { detail: describeFieldError(error), errors: [error] });
}

type WithoutSender<Command> = Command extends LedgerCommand ? Omit<Command, 'by' | 'timeMs'> : never;
