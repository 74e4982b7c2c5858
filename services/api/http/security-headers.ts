import { createMiddleware } from 'hono/factory';
import type { ApiContext } from './environment.ts';

/**
 * Scripts, requests and images come from here only. Styles may be inline: the chart library puts a style element into
 * the page.
 */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

const HEADERS: readonly (readonly [string, string])[] = [
  ['content-security-policy', CONTENT_SECURITY_POLICY],
  ['x-content-type-options', 'nosniff'],
  ['x-frame-options', 'DENY'],
  ['referrer-policy', 'no-referrer'],
  ['cross-origin-opener-policy', 'same-origin'],
  ['cross-origin-resource-policy', 'same-origin'],
  ['permissions-policy', 'camera=(), geolocation=(), microphone=(), payment=(), usb=()'],
];

/** Headers that every answer carries, streams too: they are set before the handler answers. */
export const securityHeaders = createMiddleware<ApiContext>(async (c, next) => {
  for (const [name, value] of HEADERS) c.header(name, value);
  await next();
});
