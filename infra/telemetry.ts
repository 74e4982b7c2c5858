import { context, type Link, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';

const LINKS_MAX = 128;
const tracer = trace.getTracer('don');

/**
 * Sends spans to OTEL_EXPORTER_OTLP_ENDPOINT; where that is not set nothing is loaded and every span is a no-op.
 * The sampling is the SDK's own: OTEL_TRACES_SAMPLER and OTEL_TRACES_SAMPLER_ARG.
 * @returns what sends the last spans before the process ends.
 */
export async function startTelemetry(
  service: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<() => Promise<void>> {
  if (!env['OTEL_EXPORTER_OTLP_ENDPOINT']) return async () => {};
  const { NodeSDK } = await import('@opentelemetry/sdk-node');
  const sdk = new NodeSDK({ serviceName: `don-${service}`, instrumentations: [] });
  sdk.start();
  return () => sdk.shutdown().catch(() => {});
}

export interface BatchSpan {
  readonly name: string;
  readonly kind?: 'producer' | 'consumer' | 'internal';
  readonly attributes?: Readonly<Record<string, string | number>>;
  /** The W3C traceparent of the one batch that this one follows from. */
  readonly parent?: string | undefined;
  /** Where it follows from several. */
  readonly links?: readonly string[];
}

const KINDS = { producer: SpanKind.PRODUCER, consumer: SpanKind.CONSUMER, internal: SpanKind.INTERNAL } as const;

/** Does the work inside a span of its own; an error is recorded on the span and thrown on. One span a batch, never one an event. */
export async function withBatchSpan<Result>(batch: BatchSpan, work: (span: Span) => Promise<Result>): Promise<Result> {
  const parent = batch.parent === undefined ? context.active() : parentContext(batch.parent);
  const links = (batch.links ?? []).slice(0, LINKS_MAX).flatMap((traceparent): Link[] => {
    const linked = trace.getSpanContext(parentContext(traceparent));
    return linked === undefined ? [] : [{ context: linked }];
  });
  const options = { kind: KINDS[batch.kind ?? 'internal'], attributes: { ...batch.attributes }, links };
  return tracer.startActiveSpan(batch.name, options, parent, async (span) => {
    try {
      return await work(span);
    } catch (error) {
      span.recordException(error instanceof Error ? error : String(error));
      span.setStatus({ code: SpanStatusCode.ERROR });
      throw error;
    } finally {
      span.end();
    }
  });
}

/** The span's W3C traceparent to write beside the batch; undefined where it is not sampled. */
export function traceparentOf(span: Span): string | undefined {
  const { traceId, spanId, traceFlags } = span.spanContext();
  return (traceFlags & 1) === 1 ? `00-${traceId}-${spanId}-01` : undefined;
}

const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

function parentContext(traceparent: string) {
  const [, traceId, spanId, flags] = TRACEPARENT.exec(traceparent) ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return context.active();
  return trace.setSpanContext(context.active(), {
    traceId,
    spanId,
    traceFlags: Number.parseInt(flags, 16),
    isRemote: true,
  });
}
