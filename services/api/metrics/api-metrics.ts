import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createMiddleware } from 'hono/factory';
import { routePath } from 'hono/route';
import type { ApiContext } from '../http/environment.ts';
import { expose, type Metric } from './exposition.ts';
import { createHistogram } from './histogram.ts';

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** What the API counts about itself. */
export interface ApiMetrics {
  /** Counts every request with its time. */
  readonly requests: ReturnType<typeof createMiddleware<ApiContext>>;
  /** @param ageSeconds of the oldest entry of a batch, from its append to its being written to clients */
  delivered(events: number, ageSeconds: number): void;
  disconnected(reason: string): void;
  expose(streamClients: number): string;
  stop(): void;
}

export function createApiMetrics(): ApiMetrics {
  const requestSeconds = createHistogram(
    'don_api_request_seconds',
    'Time to answer a request, streams until their start',
    SECONDS,
  );
  const deliverySeconds = createHistogram(
    'don_api_delivery_seconds',
    'From the append of an entry to its derived events being written to clients',
    SECONDS,
  );
  const disconnects = new Map<string, number>();
  const loopDelay = monitorEventLoopDelay({ resolution: 10 });
  loopDelay.enable();
  let events = 0;

  const requests = createMiddleware<ApiContext>(async (c, next) => {
    const startMs = performance.now();
    await next();
    // The pattern, not the path: paths can be anything.
    const route = routePath(c, -1);
    const labels = { method: c.req.method, route: route.includes('*') ? 'none' : route, status: String(c.res.status) };
    requestSeconds.observe(labels, (performance.now() - startMs) / 1_000);
  });

  function own(streamClients: number): Metric[] {
    const { user, system } = process.cpuUsage();
    return [
      gauge('process_resident_memory_bytes', 'Memory of the API process', process.memoryUsage.rss()),
      counter('process_cpu_seconds_total', 'Processor time of the API process', (user + system) / 1e6),
      gauge('process_uptime_seconds', 'Since the start of the API process', process.uptime()),
      gauge('nodejs_eventloop_delay_p99_seconds', 'Delay of the event loop', loopDelay.percentile(99) / 1e9),
      gauge('don_api_stream_clients', 'Clients of SSE and WebSocket streams', streamClients),
      counter('don_api_stream_events_total', 'Events written to clients', events),
      {
        name: 'don_api_stream_disconnects_total',
        help: 'Clients that the API disconnected',
        type: 'counter',
        samples: [...disconnects].map(([reason, value]) => ({ labels: { reason }, value })),
      },
    ];
  }

  return {
    requests,
    delivered(count, ageSeconds) {
      events += count;
      deliverySeconds.observe({}, ageSeconds);
    },
    disconnected(reason) {
      disconnects.set(reason, (disconnects.get(reason) ?? 0) + 1);
    },
    expose: (streamClients) => expose(own(streamClients)) + requestSeconds.expose() + deliverySeconds.expose(),
    stop: () => loopDelay.disable(),
  };
}

export function gauge(name: string, help: string, value: number): Metric {
  return { name, help, type: 'gauge', samples: [{ value }] };
}

export function counter(name: string, help: string, value: number): Metric {
  return { name, help, type: 'counter', samples: [{ value }] };
}
