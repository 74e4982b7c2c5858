import type { OpenAPIHono } from '@hono/zod-openapi';
import type { ApiDependencies } from '../dependencies.ts';
import type { ApiContext } from '../http/environment.ts';
import { probeServers } from '../status/probe-servers.ts';

/** For supervisors; they need no key. */
export function healthRoutes(app: OpenAPIHono<ApiContext>, { redis, questdb, postgres }: ApiDependencies): void {
  app.get('/healthz', (c) => c.json({ state: 'up', uptimeSeconds: Math.round(process.uptime()) }));

  app.get('/readyz', async (c) => {
    const servers = await probeServers(redis, questdb, postgres);
    const isReady = Object.values(servers).every(({ state }) => state === 'up');
    return c.json({ ready: isReady, servers }, isReady ? 200 : 503, { 'cache-control': 'no-store' });
  });
}
