import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { nearestName } from '../../../infra/nearest-name.ts';
import type { ApiContext } from './environment.ts';
import { ProblemError, problem } from './problem.ts';

/** How an error that no route expected is told to the log. */
export type LogError = (error: unknown, requestId: string) => void;

/** Codes with which Node, ioredis and pg say that a server cannot be reached. */
const UNREACHABLE =
  /ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|Connection is closed|Command timed out|timeout exceeded|terminated/i;

/** Answers what no route answers, and errors, with problem documents; what went wrong inside stays in the log. */
export function refuseTheRest(app: OpenAPIHono<ApiContext>, logError: LogError): void {
  app.notFound((c) => unknownRoute(app, c));
  app.onError((error, c) => {
    if (error instanceof ProblemError) return problem(c, error.kind, error.details);
    if (error instanceof HTTPException) return refuseMalformed(c, error);
    logError(error, c.get('requestId'));
    const text = `${error.message} ${'code' in error ? String(error.code) : ''}`;
    if (UNREACHABLE.test(text))
      return problem(c, 'server-unavailable', {
        detail: 'Redis, QuestDB or PostgreSQL cannot be reached; /readyz says which',
        headers: { 'retry-after': '5' },
      });
    return problem(c, 'internal', {
      detail: `the request failed; the log of the API names its cause beside ${c.get('requestId')}`,
    });
  });
}

function refuseMalformed(c: Context<ApiContext>, error: HTTPException): Response {
  if (error.status === 413)
    return problem(c, 'payload-too-large', { detail: 'the body is larger than this server takes' });
  if (!/json/i.test(error.message))
    return problem(c, 'bad-request', { detail: error.message || 'the request is malformed' });
  const errors = [{ field: 'body', expected: 'JSON', found: null }];
  return problem(c, 'bad-request', { detail: 'body: expected JSON, found something else', errors });
}

function unknownRoute(app: OpenAPIHono<ApiContext>, c: Context<ApiContext>): Response {
  const path = new URL(c.req.url).pathname;
  const routes = app.routes.filter(({ path, method }) => method !== 'ALL' && !path.includes('*'));
  const methods = routes.filter((route) => matches(route.path, path)).map(({ method }) => method);
  if (methods.length > 0) {
    const allow = [...new Set(methods)].join(', ');
    return problem(c, 'method-not-allowed', {
      detail: `method: expected ${allow} for ${path}, found ${c.req.method}`,
      errors: [{ field: 'method', expected: allow, found: c.req.method }],
      headers: { allow },
    });
  }
  const nearest = nearestRoute([...new Set(routes.map((route) => route.path))], path);
  const expected = nearest === undefined ? 'a route of /api/v1/docs' : `a route such as ${nearest}`;
  return problem(c, 'not-found', {
    detail: `path: expected ${expected}, found ${path}`,
    errors: [{ field: 'path', expected, found: path }],
  });
}

/** Compares with the instrument filled in, and shows it as documented. */
function nearestRoute(patterns: readonly string[], path: string): string | undefined {
  const instrument = path.split('/').find((part) => decodeURIComponentSafely(part).includes(':'));
  const filled = new Map(
    patterns.map((pattern) => [pattern.replace(':instrument', instrument ?? ':instrument'), pattern]),
  );
  const nearest = nearestName(path, [...filled.keys()]);
  return nearest === undefined ? undefined : filled.get(nearest)!.replace(':instrument', '{instrument}');
}

function matches(pattern: string, path: string): boolean {
  const parts = pattern.split('/');
  const found = path.split('/');
  return parts.length === found.length && parts.every((part, index) => part.startsWith(':') || part === found[index]);
}

function decodeURIComponentSafely(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
