import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Redis } from 'ioredis';
import type { ApiContext } from '../http/environment.ts';
import type { Hub } from '../live/hub.ts';
import type { ApiMetrics } from '../metrics/api-metrics.ts';
import { expose, type Metric } from '../metrics/exposition.ts';
import { systemMetrics } from '../metrics/system-metrics.ts';
import { tradingMetrics } from '../metrics/trading-metrics.ts';
import { readAccountStatuses } from '../status/account-statuses.ts';
import { readSystemStatus } from '../status/system-status.ts';

/** For Prometheus, which needs no key: counts and ages, no data. */
export function metricsRoute(app: OpenAPIHono<ApiContext>, redis: Redis, hub: Hub, metrics: ApiMetrics): void {
  app.get('/metrics', async (c) => {
    const [system, trading] = await Promise.all([
      readSystemStatus(redis).then(systemMetrics, () => undefined),
      readAccountStatuses(redis).then(tradingMetrics, () => []),
    ]);
    const isRedisUp: Metric = {
      name: 'don_redis_up',
      help: '1 where Redis answers the API',
      type: 'gauge',
      samples: [{ value: system === undefined ? 0 : 1 }],
    };
    const text = expose([isRedisUp, ...(system ?? []), ...trading]) + metrics.expose(hub.clients());
    return c.body(text, 200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' });
  });
}
