import { createMiddleware } from 'hono/factory';
import type { ApiContext } from './environment.ts';
import { problem } from './problem.ts';

/**
 * Refuses requests that a page of another site makes a browser send: those whose Host is not ours (DNS rebinding: the
 * other site's name points at the loopback address) and those whose Origin is not ours.
 * @param allowedHosts `host:port` values that this server answers to
 */
export function sameHost(allowedHosts: ReadonlySet<string>) {
  return createMiddleware<ApiContext>(async (c, next) => {
    // In `app.request()` there is no Host header; the URL's host stands for it.
    const host = c.req.header('host') ?? new URL(c.req.url).host;
    if (!allowedHosts.has(host.toLowerCase())) {
      const expected = `one of ${[...allowedHosts].join(', ')}`;
      const errors = [{ field: 'Host', expected, found: host }];
      return problem(c, 'wrong-host', { detail: `Host: expected ${expected}, found ${host}`, errors });
    }
    const origin = c.req.header('origin');
    if (origin !== undefined && !isOwnOrigin(origin, allowedHosts)) {
      const errors = [{ field: 'Origin', expected: `http://${host}`, found: origin }];
      return problem(c, 'forbidden', { detail: `Origin: expected http://${host}, found ${origin}`, errors });
    }
    await next();
    return undefined;
  });
}

function isOwnOrigin(origin: string, allowedHosts: ReadonlySet<string>): boolean {
  const host = /^https?:\/\/([^/]+)$/.exec(origin)?.[1];
  return host !== undefined && allowedHosts.has(host.toLowerCase());
}

/** The names under which a loopback server on that port is reached. */
export function loopbackHosts(port: number): ReadonlySet<string> {
  return new Set([`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`]);
}
