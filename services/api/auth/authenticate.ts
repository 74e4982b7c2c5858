import type { Context } from 'hono';
import { getCookie } from 'hono/cookie';
import { createMiddleware } from 'hono/factory';
import type { ApiContext, Caller } from '../http/environment.ts';
import { type FieldError, problem } from '../http/problem.ts';
import { createRateLimiter, type RateLimit, tooManyRequests } from '../http/rate-limit.ts';
import { equalSecrets, hashSecret, parseApiKey } from './api-key.ts';
import type { FindKey } from './key-store.ts';
import { claimedKey, isSessionOf } from './session.ts';

export interface Authentication {
  readonly findKey: FindKey;
  readonly keyPepper: string;
  readonly cookieName: string;
  readonly refusedRate: RateLimit;
}

const EXPECTED = 'Bearer don_… (the key in DON_HOME/api-key), or the session cookie of a login link';

/** Lets in who sends a valid key or the session cookie of one; the others learn only that they are not let in. */
export function authenticate({ findKey, keyPepper, cookieName, refusedRate }: Authentication) {
  const takeRefusal = createRateLimiter(refusedRate);

  async function byKey(text: string): Promise<Caller | undefined> {
    const sent = parseApiKey(text);
    const key = sent && (await findKey(sent.publicId));
    if (!sent || !key || !equalSecrets(hashSecret(sent.secret, keyPepper), key.hash)) return undefined;
    return { keyId: key.publicId, keyName: key.name, role: key.role, by: 'key' };
  }

  async function bySession(session: string): Promise<Caller | undefined> {
    const keyId = claimedKey(session, Date.now() / 1_000);
    const key = keyId && (await findKey(keyId));
    if (!key || !isSessionOf(key.hash, session)) return undefined;
    return { keyId: key.publicId, keyName: key.name, role: key.role, by: 'session' };
  }

  function refuse(c: Context<ApiContext>, error: FieldError): Response {
    const decision = takeRefusal('refused');
    if (!decision.allowed) return tooManyRequests(c, refusedRate, decision);
    return problem(c, 'not-authenticated', {
      detail: `${error.field}: expected ${error.expected}, found ${error.found ?? 'nothing'}`,
      errors: [error],
      headers: { 'www-authenticate': 'Bearer realm="don"' },
    });
  }

  return createMiddleware<ApiContext>(async (c, next) => {
    const authorization = c.req.header('authorization');
    const session = getCookie(c, cookieName);
    let caller: Caller | undefined;
    if (authorization !== undefined) {
      const token = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
      caller = token === undefined ? undefined : await byKey(token);
      // The header's content stays out of the answer: it may be nearly a key.
      if (!caller) return refuse(c, { field: 'Authorization', expected: EXPECTED, found: 'another value' });
    } else if (session !== undefined) {
      caller = await bySession(session);
      if (!caller) return refuse(c, { field: 'Cookie', expected: EXPECTED, found: 'a session that is not valid' });
    } else {
      return refuse(c, { field: 'Authorization', expected: EXPECTED, found: null });
    }
    c.set('caller', caller);
    await next();
    return undefined;
  });
}
