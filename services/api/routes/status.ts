import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { ApiDependencies } from '../dependencies.ts';
import type { ApiContext } from '../http/environment.ts';
import { answers, json } from '../http/openapi.ts';
import { parameters } from '../http/parameters.ts';
import { probeServers } from '../status/probe-servers.ts';
import { readSystemStatus } from '../status/system-status.ts';

const probe = z
  .object({ state: z.enum(['up', 'down']), latencyMs: z.number().optional(), error: z.string().optional() })
  .openapi('Probe');

const systemStatus = z
  .object({
    time: z.number().int().openapi({ description: 'µs since the epoch' }),
    services: z.array(
      z.object({
        service: z.string(),
        state: z.enum(['up', 'down']),
        heartbeat: z
          .record(z.string(), z.unknown())
          .optional()
          .openapi({ description: 'What the service says of itself' }),
      }),
    ),
    instruments: z.array(
      z.object({
        instrument: z.string(),
        rawEntries: z.number().int(),
        lastRawId: z.string(),
        lastDerivedId: z.string(),
        ageMs: z.number().nullable().openapi({ description: 'Age of the last entry of the log' }),
        derivedLagMs: z.number().nullable(),
        deadLetters: z.number().int(),
      }),
    ),
    redis: z.object({ usedMemoryBytes: z.number().int() }),
    lastVerify: z
      .object({
        time: z.number().int().openapi({ description: 'When it ended, µs since the epoch' }),
        recordings: z.number().int(),
        rows: z.number().int(),
        differenceCount: z.number().int(),
        firstDifference: z.unknown().openapi({ type: 'object', description: 'null where there is none' }),
        outdated: z.array(z.string()).openapi({
          description: '`INSTRUMENT RECORDING [SET]` whose rows were derived by another version',
        }),
      })
      .nullable()
      .openapi({ description: 'How the last job that verified everything came out; null where there was none' }),
    servers: z.object({ redis: probe, questdb: probe, postgres: probe }),
  })
  .openapi('Status');

const getStatus = createRoute({
  method: 'get',
  path: '/api/v1/status',
  summary: 'State of services, servers and instruments',
  tags: ['system'],
  request: { query: parameters({}) },
  responses: answers({ 200: json('The state now', systemStatus) }),
});

export function statusRoutes(app: OpenAPIHono<ApiContext>, { redis, questdb, postgres }: ApiDependencies): void {
  app.openapi(getStatus, async (c) => {
    const [status, servers] = await Promise.all([readSystemStatus(redis), probeServers(redis, questdb, postgres)]);
    const { services, instruments, lastVerify } = status;
    const verified = lastVerify === null ? null : { ...lastVerify, outdated: [...lastVerify.outdated] };
    const lists = { services: [...services], instruments: [...instruments], lastVerify: verified };
    return c.json({ ...status, ...lists, servers }, 200);
  });
}
