import type { Hook } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { nearestName } from '../../../infra/nearest-name.ts';
import type { ApiContext } from './environment.ts';
import { describeFieldError, type FieldError, problem } from './problem.ts';

/** As much of what was found as an answer repeats, characters. */
const FOUND_LENGTH_MAX = 200;

interface Issue {
  readonly code: string;
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly keys?: readonly string[];
}

/** The part of a request that was refused. */
interface Sent {
  readonly target: string;
  /** As it was parsed from JSON. */
  readonly body: unknown;
}

/** Turns what a route's schemas refuse into a problem document that names each field, what was expected and found. */
export const refuseInvalid: Hook<unknown, ApiContext, string, Response | undefined> = (result, c) => {
  if (result.success) return undefined;
  const issues = result.error.issues as readonly Issue[];
  const sent: Sent = { target: result.target, body: 'data' in result ? result.data : undefined };
  const errors = issues.flatMap((issue) => fieldErrors(c, sent, issue));
  return problem(c, 'bad-request', { detail: errors.map(describeFieldError).join('; '), errors });
};

function fieldErrors(c: Context<ApiContext>, sent: Sent, { code, path, message, keys }: Issue): FieldError[] {
  if (code === 'unrecognized_keys')
    return (keys ?? []).map((key) => unknownField(key, found(c, sent, [...path, key]), message));
  const field = path.map(String).join('/') || (sent.target === 'json' ? 'body' : sent.target);
  return [{ field, expected: message, found: found(c, sent, path) }];
}

function unknownField(field: string, value: string | null, known: string): FieldError {
  const nearest = nearestName(field, known.split(', '));
  const suggestion = nearest === undefined ? '' : ` (did you mean ${nearest}?)`;
  return { field, expected: `only the parameters ${known}${suggestion}`, found: value };
}

function found(c: Context<ApiContext>, { target, body }: Sent, path: readonly PropertyKey[]): string | null {
  if (target === 'json') return foundInBody(body, path);
  const field = path.map(String).join('/');
  const values = target === 'query' ? c.req.queries(field) : target === 'param' ? [c.req.param(field)] : [];
  const text = values?.map(String).join(' and ');
  return text === undefined ? null : text.slice(0, FOUND_LENGTH_MAX);
}

function foundInBody(body: unknown, path: readonly PropertyKey[]): string | null {
  const value = path.reduce<unknown>((inside, part) => (inside as Record<PropertyKey, unknown> | null)?.[part], body);
  return JSON.stringify(value)?.slice(0, FOUND_LENGTH_MAX) ?? null;
}
