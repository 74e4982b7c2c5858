import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { startVenue } from '../../services/venue/venue.ts';
import { openSse } from '../services/api/sse-reader.ts';
import { freePort } from '../support/free-port.ts';
import { startJaeger } from '../support/jaeger.ts';
import { type SeenSpan, type SpanStore, startOtlpReceiver } from '../support/otlp-receiver.ts';
import { startPipeline } from '../support/pipeline.ts';

// Building Jaeger takes some minutes, once.
// time limit: 900 s

/** Span → the span that it hangs from, from the venue's frame to the client. */
const PATH: readonly (readonly [service: string, name: string, parent: string | undefined])[] = [
  ['don-recorder', 'record', undefined],
  ['don-recorder', 'append', 'record'],
  ['don-deriver', 'derive', 'append'],
  ['don-deriver', 'questdb.commit', 'derive'],
  ['don-api', 'sse.deliver', 'derive'],
];
const WITHIN_MS = 180_000;

async function spanStore(): Promise<SpanStore> {
  try {
    return await startJaeger((line) => process.stderr.write(`${line}\n`));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    process.stdout.write(`SKIP: no Jaeger, the spans are checked at an OTLP receiver of the test instead: ${why}\n`);
    return startOtlpReceiver();
  }
}

/** The trace that has the whole path; undefined while there is none. */
function wholePath(spans: readonly SeenSpan[]): readonly SeenSpan[] | undefined {
  const traces = Map.groupBy(spans, ({ traceId }) => traceId);
  return traces
    .values()
    .find((trace) => PATH.every(([service, name, parent]) => hasSpan(trace, service, name, parent)));
}

function hasSpan(trace: readonly SeenSpan[], service: string, name: string, parent: string | undefined): boolean {
  return trace.some((span) => {
    if (span.service !== service || span.name !== name) return false;
    const above = trace.find(({ spanId }) => spanId === span.parentSpanId);
    return above?.name === parent;
  });
}

test('one trace leads from the recorder over the log, the deriver and QuestDB to the client', async () => {
  const store = await spanStore();
  const venue = await startVenue({ symbols: ['BTCUSDT'] });
  const instrument = 'simulated:BTCUSDT';
  const env = { ...store.env, OTEL_BSP_SCHEDULE_DELAY: '200' };
  const pipeline = await startPipeline({ venue, instruments: [instrument], port: await freePort(), env });
  try {
    const topics = `trades:${instrument},book:${instrument}`;
    const sse = await openSse(`${pipeline.apiUrl}/api/v1/stream?topics=${topics}`, {
      authorization: pipeline.authorization,
    });
    assert.is(sse.status, 200);
    await sse.until(() => true, WITHIN_MS);
    let spans: readonly SeenSpan[] = [];
    for (const untilMs = performance.now() + WITHIN_MS; performance.now() < untilMs; await sleep(250)) {
      spans = await store.spans();
      if (wholePath(spans) !== undefined) break;
    }
    sse.cut();
    const names = [...new Set(spans.map(({ service, name }) => `${service} ${name}`))].join(', ');
    assert.ok(
      wholePath(spans),
      `${store.kind} has ${spans.length} spans, of ${names}, and no trace with the whole path`,
    );
  } finally {
    await pipeline.stop();
    await venue.close();
    await store.stop();
  }
});

test.run();
