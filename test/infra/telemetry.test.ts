import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const test = suite('infra/telemetry');

interface ReceivedSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly links?: readonly { readonly traceId: string; readonly spanId: string }[];
  readonly status?: { readonly code?: number };
}

/** Runs the program and answers what it printed and the spans that it sent to an OTLP receiver of our own. */
async function runTraced(env: NodeJS.ProcessEnv): Promise<{ printed: Record<string, string>; spans: ReceivedSpan[] }> {
  const spans: ReceivedSpan[] = [];
  const receiver = createServer(async (request, response) => {
    const body = await buffer(request);
    const text = request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
    if (request.url === '/v1/traces') {
      for (const { scopeSpans } of JSON.parse(text.toString()).resourceSpans)
        for (const scope of scopeSpans) spans.push(...scope.spans);
    }
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  }).listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  const { port } = receiver.address() as AddressInfo;
  const endpoint = {
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
  };
  const program = join(import.meta.dirname, 'traced-program.ts');
  const child = spawn(process.execPath, [program], {
    env: { ...process.env, ...endpoint, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const printed = await buffer(child.stdout);
  if (child.exitCode === null) await once(child, 'exit');
  receiver.closeAllConnections();
  receiver.close();
  return { printed: JSON.parse(printed.toString()), spans };
}

test('the spans of a batch and of the next one are one trace by the traceparent, and batches of several are linked', async () => {
  const { printed, spans } = await runTraced({});
  const named = (name: string) => spans.find((span) => span.name === name)!;
  const append = named('append');
  assert.is(printed['traceparent'], `00-${append.traceId}-${append.spanId}-01`);
  assert.is(named('derive').traceId, append.traceId);
  assert.is(named('derive').parentSpanId, append.spanId);
  assert.equal(
    named('deliver').links?.map(({ spanId }) => spanId),
    [append.spanId],
  );
  assert.is(named('fails').status?.code, 2, 'an error is marked');
  assert.is(printed['thrown'], 'it failed', 'and thrown on');
});

test('where nothing is to be traced there is no traceparent and nothing is sent', async () => {
  const { printed, spans } = await runTraced({ OTEL_EXPORTER_OTLP_ENDPOINT: '' });
  assert.equal([printed['traceparent'], spans.length], [undefined, 0]);
  const unsampled = await runTraced({ OTEL_TRACES_SAMPLER: 'always_off' });
  assert.equal([unsampled.printed['traceparent'], unsampled.spans.length], [undefined, 0]);
});

test.run();
