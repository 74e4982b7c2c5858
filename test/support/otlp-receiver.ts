import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A span as far as the tests look at it. */
export interface SeenSpan {
  readonly service: string;
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  /** Empty: the first of its trace. */
  readonly parentSpanId: string;
}

/** Where spans are sent and asked for. */
export interface SpanStore {
  /** Said in the test's output. */
  readonly kind: string;
  readonly env: Readonly<Record<string, string>>;
  spans(): Promise<readonly SeenSpan[]>;
  stop(): Promise<void>;
}

interface Attribute {
  readonly key: string;
  readonly value: { readonly stringValue?: string };
}

interface OtlpTraces {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly Attribute[] };
    readonly scopeSpans: readonly {
      readonly spans: readonly (Omit<SeenSpan, 'service'> & { parentSpanId?: string })[];
    }[];
  }[];
}

/** Takes spans by OTLP over HTTP as JSON and keeps them. */
export async function startOtlpReceiver(): Promise<SpanStore> {
  const seen: SeenSpan[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    if (request.url === '/v1/traces') seen.push(...spansOf(JSON.parse(Buffer.concat(chunks).toString()) as OtlpTraces));
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    kind: 'an OTLP receiver of the test',
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' },
    spans: async () => seen,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function spansOf({ resourceSpans }: OtlpTraces): SeenSpan[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const name = resource.attributes.find(({ key }) => key === 'service.name')?.value.stringValue ?? '';
    return scopeSpans.flatMap(({ spans }) =>
      spans.map(({ name: span, traceId, spanId, parentSpanId = '' }) => {
        return { service: name, name: span, traceId, spanId, parentSpanId };
      }),
    );
  });
}
