import type { Caller } from '../http/environment.ts';
import { describeFieldError, ProblemError } from '../http/problem.ts';

/** What a key may do, from most to least: each may do all that those behind it may. */
export const ROLES = ['admin', 'trade', 'train', 'replay', 'read'] as const;
export type Role = (typeof ROLES)[number];

/** @throws ProblemError where the caller's key may not do what asks for that role */
export function checkRole({ role }: Caller, least: Role): void {
  const allowed = ROLES.slice(0, ROLES.indexOf(least) + 1);
  if (allowed.includes(role)) return;
  const error = { field: 'role', expected: `a key with the role ${allowed.join(' or ')}`, found: role };
  throw new ProblemError('forbidden', { detail: describeFieldError(error), errors: [error] });
}
