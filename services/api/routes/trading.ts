import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { Redis } from 'ioredis';
import { BadInput } from '../../../infra/setup-error.ts';
import type { LedgerCommand } from '../../../operators/ledger/ledger-event.ts';
import { ledgerKey } from '../../../streams/keys.ts';
import { ledgerBackwards, listAccounts } from '../../../streams/ledger.ts';
import { readAccountStatus } from '../../trader/read-account-status.ts';
import { tellTrader } from '../../trader/tell-trader.ts';
import type { ApiContext } from '../http/environment.ts';
import { answers, json, notFound } from '../http/openapi.ts';
import { integer, parameters, parsed } from '../http/parameters.ts';
import { describeFieldError, ProblemError } from '../http/problem.ts';

const LIMIT_MAX = 1_000;
const LIMIT_DEFAULT = 100;
const ENTRY_ID = /^\d{1,15}-\d{1,15}$/;

const state = z.enum(['stopped', 'waiting', 'running', 'halted', 'failed']);
const status = z
  .object({
    account: z.string().openapi({ example: 'paper' }),
    timeMs: z.number().openapi({ description: 'When its trader told so, ms since the epoch' }),
    state,
    reason: z.string().nullable(),
    session: z
      .looseObject({})
      .nullable()
      .openapi({ description: 'Settings, equity, position, open orders, last fills and counts; null: none runs' }),
  })
  .openapi('Account');
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
const flatten = z.boolean('true or false').default(false).openapi({ description: 'Whether to close the position too' });

const listRoute = createRoute({
  method: 'get',
  path: '/api/v1/trading',
  summary: 'Accounts that trade, and how they stand',
  tags: ['trading'],
  request: { query: parameters({}) },
  responses: answers({
    200: json('Every account', z.object({ items: z.array(status), nextCursor: z.null() })),
  }),
});

const showRoute = createRoute({
  method: 'get',
  path: '/api/v1/trading/{account}',
  summary: 'How one account stands',
  tags: ['trading'],
  request: { params: path, query: parameters({}) },
  responses: answers({ 200: json('The account', status), 404: noAccount }),
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
function commandRoute<Body extends z.ZodType>(command: LedgerCommand['type'], summary: string, body: Body) {
  return createRoute({
    method: 'post',
    path: `/api/v1/trading/{account}/${command}` as const,
    summary,
    description:
      'Written to the ledger at once, and obeyed by the trader within a tenth of a second, or when one is there.',
    tags: ['trading'],
    request: { params: path, query: parameters({}), body: { required: true, ...json('What to do', body) } },
    responses: answers({ 202: json('It is written', told), 404: noAccount }),
  });
}

const startBody = z.looseObject({ instrument: z.string(), strategy: z.string() }).openapi('SessionRequest', {
  description:
    'As `don trade start`: beside these `parameters`, `limits`, `balance`, `leverage`, `feeTier`, `queue`, `latency`, `seed`, `mode`',
});
const haltBody = z.strictObject({ flatten, reason: z.string('a text').max(500, 'at most 500 characters').default('') });
const stopBody = z.strictObject({ flatten });

export function tradingRoutes(app: OpenAPIHono<ApiContext>, redis: Redis): void {
  async function checkAccount(name: string): Promise<void> {
    const accounts = await listAccounts(redis);
    if (accounts.includes(name)) return;
    const expected = accounts.length === 0 ? 'one that has traded; none has' : `one of ${accounts.join(', ')}`;
    const error = { field: 'account', expected, found: name };
    throw new ProblemError('not-found', { detail: describeFieldError(error), errors: [error] });
  }

  app.openapi(listRoute, async (c) => {
    const accounts = await listAccounts(redis);
    const items = await Promise.all(accounts.map((name) => readAccountStatus(redis, name)));
    return c.json({ items, nextCursor: null }, 200) as never;
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

  app.openapi(commandRoute('start', 'Begin a session; a running one is closed before', startBody), async (c) => {
    const { account: name } = c.req.valid('param');
    // Most of the time nobody starts anything, and strategies take memory.
    const { sessionSettings } = await import('../../trader/session-settings.ts');
    try {
      const settings = await sessionSettings(c.req.valid('json'));
      return c.json({ commandId: await tell(name, c.get('caller').keyId, { type: 'start', settings }) }, 202) as never;
    } catch (error) {
      throw error instanceof BadInput ? new ProblemError('bad-request', { detail: error.message }) : error;
    }
  });

  app.openapi(commandRoute('halt', 'The kill switch: cancel every order, let none through', haltBody), async (c) => {
    const { account: name } = c.req.valid('param');
    const { flatten: flattens, reason } = c.req.valid('json');
    await checkAccount(name);
    const commandId = await tell(name, c.get('caller').keyId, { type: 'halt', flattens, reason });
    return c.json({ commandId }, 202) as never;
  });

  app.openapi(commandRoute('resume', 'Let orders through again after a halt', z.strictObject({})), async (c) => {
    const { account: name } = c.req.valid('param');
    await checkAccount(name);
    return c.json({ commandId: await tell(name, c.get('caller').keyId, { type: 'resume' }) }, 202) as never;
  });

  app.openapi(commandRoute('stop', 'Cancel every order and close the session', stopBody), async (c) => {
    const { account: name } = c.req.valid('param');
    const { flatten: flattens } = c.req.valid('json');
    await checkAccount(name);
    return c.json({ commandId: await tell(name, c.get('caller').keyId, { type: 'stop', flattens }) }, 202) as never;
  });

  function tell(name: string, keyId: string, command: WithoutSender<LedgerCommand>): Promise<string> {
    return tellTrader(redis, name, { ...command, by: `key ${keyId}`, timeMs: Date.now() } as LedgerCommand);
  }
}

type WithoutSender<Command> = Command extends LedgerCommand ? Omit<Command, 'by' | 'timeMs'> : never;
