import { OpenAPIHono } from '@hono/zod-openapi';
import { bodyLimit } from 'hono/body-limit';
import { parseEntryId } from '../../streams/id.ts';
import { authenticate } from './auth/authenticate.ts';
import { createKeyStore } from './auth/key-store.ts';
import type { ApiDependencies } from './dependencies.ts';
import type { ApiContext } from './http/environment.ts';
import { ProblemError } from './http/problem.ts';
import { refuseInvalid } from './http/query.ts';
import { limitRate } from './http/rate-limit.ts';
import { type LogError, refuseTheRest } from './http/refusals.ts';
import { requestId } from './http/request-id.ts';
import { sameHost } from './http/same-host.ts';
import { securityHeaders } from './http/security-headers.ts';
import { createFindScale } from './instrument-scale.ts';
import { createCheckKnown } from './known-instruments.ts';
import { createCheckTopics } from './known-topics.ts';
import type { DerivedEntry } from './live/derived-entry.ts';
import { createHub, type Hub } from './live/hub.ts';
import { startSystemBroadcast } from './live/system-broadcast.ts';
import { createApiMetrics } from './metrics/api-metrics.ts';
import { createOpenJobs } from './open-jobs.ts';
import { bookRoutes } from './routes/book.ts';
import { dashboardRoutes } from './routes/dashboard.ts';
import { docsRoutes } from './routes/docs.ts';
import { featureRoutes } from './routes/features.ts';
import { healthRoutes } from './routes/health.ts';
import { instrumentRoutes } from './routes/instruments.ts';
import { jobRoutes } from './routes/jobs.ts';
import { loginRoutes } from './routes/login.ts';
import { metricsRoute } from './routes/metrics.ts';
import { modelRoutes } from './routes/models.ts';
import { rowRoutes } from './routes/rows.ts';
import { runRoutes } from './routes/runs.ts';
import { statusRoutes } from './routes/status.ts';
import { streamRoutes } from './routes/stream.ts';
import { tradingRoutes } from './routes/trading.ts';
import { wsRoutes } from './routes/ws.ts';

export interface Api {
  readonly app: OpenAPIHono<ApiContext>;
  readonly hub: Hub;
  /** Ends every stream; connections to servers stay their owner's. */
  close(): Promise<void>;
}

/** The whole API as a Hono app: `app.request()` answers without a server, except for streams. */
export function createApi(dependencies: ApiDependencies, logError: LogError): Api {
  const { redis, blockingRedis, questdb, postgres, keyPepper, allowedHosts, origin, limits } = dependencies;
  const findKey = createKeyStore(postgres);
  const cookieName = `don-session-${new URL(origin).port || '80'}`;
  const findScale = createFindScale(redis);
  const checkKnown = createCheckKnown(redis);
  const metrics = createApiMetrics();
  const hub = createHub({
    redis,
    blockingRedis,
    clientsMax: limits.streamClientsMax,
    clientBufferBytesMax: limits.clientBufferBytesMax,
    heartbeatMs: limits.heartbeatMs,
    observer: {
      delivered: (_stream, entries, events) => metrics.delivered(events, ageSeconds(entries)),
      disconnected: metrics.disconnected,
      failed: (error) => logError(error, 'stream'),
    },
  });
  const openJobs = createOpenJobs(redis);
  const systemBroadcast = startSystemBroadcast(redis, hub, openJobs, (error) => logError(error, 'status'));

  const app = new OpenAPIHono<ApiContext>({ defaultHook: refuseInvalid });
  app.use(metrics.requests, requestId, securityHeaders, sameHost(allowedHosts));
  app.use(
    bodyLimit({
      maxSize: limits.bodyBytesMax,
      onError: () => {
        throw new ProblemError('payload-too-large', { detail: `body: expected at most ${limits.bodyBytesMax} bytes` });
      },
    }),
  );
  app.use(
    '/api/*',
    authenticate({ findKey, keyPepper, cookieName, refusedRate: limits.refusedRate }),
    limitRate(limits.rate),
  );

  healthRoutes(app, dependencies);
  loginRoutes(app, { redis, findKey, cookieName, origin, refusedRate: limits.refusedRate });
  statusRoutes(app, dependencies);
  instrumentRoutes(app, redis, findScale);
  rowRoutes(app, { questdb, findScale }, checkKnown);
  featureRoutes(app, { questdb, findScale, redis, computer: dependencies.computer }, checkKnown);
  bookRoutes(app, redis, checkKnown);
  jobRoutes(app, openJobs);
  tradingRoutes(app, redis);
  modelRoutes(app, postgres);
  runRoutes(app, postgres, openJobs);
  metricsRoute(app, redis, hub, metrics);
  const streaming = {
    hub,
    checkTopics: createCheckTopics(redis, postgres, checkKnown),
    failed: (error: unknown) => logError(error, 'stream'),
  };
  streamRoutes(app, streaming);
  wsRoutes(app, streaming);
  docsRoutes(app);
  dashboardRoutes(app, dependencies.dashboardFolder);
  refuseTheRest(app, logError);

  return {
    app,
    hub,
    async close() {
      systemBroadcast.stop();
      metrics.stop();
      await hub.close();
      await openJobs.close();
    },
  };
}

/** Entry ids carry the time of their append. */
function ageSeconds(entries: readonly DerivedEntry[]): number {
  const oldest = entries[0];
  return oldest === undefined ? 0 : Math.max(0, Date.now() - parseEntryId(oldest.entryId).ms) / 1_000;
}
