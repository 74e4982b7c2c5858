import { randomUUID } from 'node:crypto';
import { createMiddleware } from 'hono/factory';
import type { ApiContext } from './environment.ts';

const ACCEPTED = /^[\w.-]{1,64}$/;

/** Gives each request an id, the caller's own where it sent a decent one, and sends it back. */
export const requestId = createMiddleware<ApiContext>(async (c, next) => {
  const sent = c.req.header('x-request-id');
  const id = sent !== undefined && ACCEPTED.test(sent) ? sent : randomUUID();
  c.set('requestId', id);
  c.header('x-request-id', id);
  await next();
});
