import { startTelemetry, traceparentOf, withBatchSpan } from '../../infra/telemetry.ts';

// What the recorder, the deriver and the API do with their spans, in one process.

const stop = await startTelemetry('test');
const traceparent = await withBatchSpan({ name: 'append', kind: 'producer' }, async (span) => traceparentOf(span));
await withBatchSpan({ name: 'derive', kind: 'consumer', parent: traceparent }, async () => {});
await withBatchSpan(
  { name: 'deliver', links: traceparent === undefined ? [] : [traceparent, 'no traceparent'] },
  async () => {},
);
const thrown = await withBatchSpan({ name: 'fails' }, () => Promise.reject(new Error('it failed'))).catch(
  (error: Error) => error.message,
);
await stop();
process.stdout.write(JSON.stringify({ traceparent, thrown }));
