import { createHmac, randomBytes } from 'node:crypto';
import { equalSecrets } from './api-key.ts';

/** How long a browser stays logged in: a session ends earlier when its key does. */
export const SESSION_SECONDS = 7 * 24 * 3_600;

const SESSION = /^([a-z0-9]{8})\.(\d{1,12})\.([\w-]{22})\.([\w-]{43})$/;

/**
 * The value of a session cookie: key id, end, nonce, and a MAC made with the key's stored hash. So the server keeps
 * no list of sessions, they outlive a restart, and revoking or rotating the key ends them.
 * @param nowSeconds since the epoch
 */
export function createSession(key: { readonly publicId: string; readonly hash: string }, nowSeconds: number): string {
  const body = `${key.publicId}.${nowSeconds + SESSION_SECONDS}.${randomBytes(16).toString('base64url')}`;
  return `${body}.${mac(body, key.hash)}`;
}

/** The key id that a cookie claims; undefined where it is no session or has ended. */
export function claimedKey(session: string, nowSeconds: number): string | undefined {
  const match = SESSION.exec(session);
  return match !== null && Number(match[2]) > nowSeconds ? match[1] : undefined;
}

/** True where the session was made here for the key with that hash. */
export function isSessionOf(hash: string, session: string): boolean {
  const end = session.lastIndexOf('.');
  return equalSecrets(session.slice(end + 1), mac(session.slice(0, end), hash));
}

function mac(body: string, hash: string): string {
  return createHmac('sha256', hash).update(`don session ${body}`).digest('base64url');
}
