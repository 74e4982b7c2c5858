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

/** Turns what a route's schemas refuse into a problem document that names each field, what was expected and found. */
export const refuseInvalid: Hook<unknown, ApiContext, string, Response | undefined> = (result, c) => {
  if (result.success) return undefined;
  const issues = result.error.issues as readonly Issue[];
  const errors = issues.flatMap((issue) => fieldErrors(c, result.target, issue));
  return problem(c, 'bad-request', { detail: errors.map(describeFieldError).join('; '), errors });
};

function fieldErrors(c: Context<ApiContext>, target: string, { code, path, message, keys }: Issue): FieldError[] {
  if (code === 'unrecognized_keys') return (keys ?? []).map((key) => unknownField(key, found(c, target, key), message));
  const field = path.map(String).join('/') || target;
  return [{ field, expected: message, found: found(c, target, field) }];
}

function unknownField(field: string, value: string | null, known: string): FieldError {
  const nearest = nearestName(field, known.split(', '));
  const suggestion = nearest === undefined ? '' : ` (did you mean ${nearest}?)`;
  return { field, expected: `only the parameters ${known}${suggestion}`, found: value };
}

function found(c: Context<ApiContext>, target: string, field: string): string | null {
  const values = target === 'query' ? c.req.queries(field) : target === 'param' ? [c.req.param(field)] : [];
  const text = values?.map(String).join(' and ');
  return text === undefined ? null : text.slice(0, FOUND_LENGTH_MAX);
}
