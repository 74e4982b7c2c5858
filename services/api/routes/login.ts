import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { setCookie } from 'hono/cookie';
import { html } from 'hono/html';
import type { Redis } from 'ioredis';
import type { FindKey } from '../auth/key-store.ts';
import { createTicket, TICKET_SECONDS, useTicket } from '../auth/login-tickets.ts';
import { createSession, SESSION_SECONDS } from '../auth/session.ts';
import type { ApiContext } from '../http/environment.ts';
import { answers, json } from '../http/openapi.ts';
import { problem } from '../http/problem.ts';
import { createRateLimiter, type RateLimit, tooManyRequests } from '../http/rate-limit.ts';

export interface Login {
  readonly redis: Redis;
  readonly findKey: FindKey;
  readonly cookieName: string;
  readonly origin: string;
  readonly refusedRate: RateLimit;
}

const loginLink = z
  .object({
    url: z.string().openapi({ example: 'http://127.0.0.1:4000/login?ticket=…' }),
    expiresAt: z.string().openapi({ description: 'RFC 3339', example: '2026-11-25T12:10:00.000Z' }),
  })
  .openapi('LoginLink');

const createLoginLink = createRoute({
  method: 'post',
  path: '/api/v1/login-links',
  summary: 'Make a link that logs a browser in, once',
  description: `The link is good for one use within ${TICKET_SECONDS} s.`,
  tags: ['access'],
  responses: answers({ 201: json('The link', loginLink) }),
});

/** A browser cannot send the key, so it trades a one-time ticket for a session cookie. */
export function loginRoutes(app: OpenAPIHono<ApiContext>, login: Login): void {
  const { redis, findKey, cookieName, origin, refusedRate } = login;
  const takeRefusal = createRateLimiter(refusedRate);

  app.openapi(createLoginLink, async (c) => {
    const ticket = await createTicket(redis, c.get('caller').keyId);
    const expiresAt = new Date(Date.now() + TICKET_SECONDS * 1_000).toISOString();
    return c.json({ url: `${origin}/login?ticket=${ticket}`, expiresAt }, 201, { 'cache-control': 'no-store' });
  });

  app.get('/login', async (c) => {
    c.header('cache-control', 'no-store');
    const ticket = c.req.query('ticket');
    const keyId = ticket === undefined ? undefined : await useTicket(redis, ticket);
    const key = keyId && (await findKey(keyId));
    if (!key) {
      const decision = takeRefusal('refused');
      if (!decision.allowed) return tooManyRequests(c, refusedRate, decision);
      const expected = `a ticket that is used once and within ${TICKET_SECONDS / 60} minutes; make a new link`;
      const detail = `ticket: expected ${expected}`;
      if (c.req.header('accept')?.includes('text/html')) return c.html(refusedPage(detail), 401);
      const errors = [{ field: 'ticket', expected, found: ticket === undefined ? null : 'another' }];
      return problem(c, 'not-authenticated', { detail, errors });
    }
    setCookie(c, cookieName, createSession(key, Math.floor(Date.now() / 1_000)), {
      httpOnly: true,
      sameSite: 'Strict',
      path: '/',
      maxAge: SESSION_SECONDS,
    });
    return c.redirect('/', 303);
  });
}

function refusedPage(detail: string) {
  return html`<!doctype html>
    <html lang="en">
      <title>Don: log in</title>
      <h1>This link logs nobody in</h1>
      <p>It works once and for a short time. <code>npx don status</code> prints a new one.</p>
      <p><small>${detail}</small></p>
    </html>`;
}
