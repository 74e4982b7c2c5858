import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { ApiContext } from './environment.ts';

/** One part of a request that was not as expected. */
export interface FieldError {
  /** Name of the parameter, header or body member. */
  readonly field: string;
  readonly expected: string;
  /** What was there instead, as text; null where nothing was. */
  readonly found: string | null;
}

/** What a problem is about; the last part of its `type` URI. Clients may branch on it. */
export type ProblemKind =
  | 'bad-request'
  | 'not-authenticated'
  | 'forbidden'
  | 'not-found'
  | 'method-not-allowed'
  | 'conflict'
  | 'payload-too-large'
  | 'wrong-host'
  | 'too-many-requests'
  | 'server-unavailable'
  | 'internal';

const KINDS: Readonly<Record<ProblemKind, { readonly status: ContentfulStatusCode; readonly title: string }>> = {
  'bad-request': { status: 400, title: 'The request is not as expected' },
  'not-authenticated': { status: 401, title: 'A valid key or session is needed' },
  forbidden: { status: 403, title: 'The request is not allowed' },
  'not-found': { status: 404, title: 'There is no such thing here' },
  'method-not-allowed': { status: 405, title: 'The route does not take this method' },
  conflict: { status: 409, title: 'The state that it is in does not allow that' },
  'payload-too-large': { status: 413, title: 'The body is too large' },
  'wrong-host': { status: 421, title: 'The request was meant for another host' },
  'too-many-requests': { status: 429, title: 'Too many requests' },
  'server-unavailable': { status: 503, title: 'A server that the answer needs cannot be reached' },
  internal: { status: 500, title: 'The server failed' },
};

export interface ProblemDetails {
  readonly detail: string;
  readonly errors?: readonly FieldError[];
  readonly headers?: Readonly<Record<string, string>>;
}

/** A refusal that ends the request wherever it is thrown; the app turns it into its document. */
export class ProblemError extends Error {
  readonly kind: ProblemKind;
  readonly details: ProblemDetails;

  constructor(kind: ProblemKind, details: ProblemDetails, options?: ErrorOptions) {
    super(details.detail, options);
    this.kind = kind;
    this.details = details;
  }
}

/** Answers with a problem document (RFC 9457). */
export function problem(
  c: Context<ApiContext>,
  kind: ProblemKind,
  { detail, errors, headers }: ProblemDetails,
): Response {
  const { status, title } = KINDS[kind];
  const document = {
    type: `urn:don:problem:${kind}`,
    title,
    status,
    detail,
    instance: new URL(c.req.url).pathname,
    requestId: c.get('requestId'),
    ...(errors ? { errors } : {}),
  };
  return c.body(JSON.stringify(document), status, { 'content-type': 'application/problem+json', ...headers });
}

/** The sentence for one wrong field. */
export function describeFieldError({ field, expected, found }: FieldError): string {
  return `${field}: expected ${expected}, found ${found === null ? 'nothing' : found}`;
}
