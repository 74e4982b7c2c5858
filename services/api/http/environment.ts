import type { HttpBindings } from '@hono/node-server';
import type { Role } from '../auth/role.ts';

/** Who sent a request. */
export interface Caller {
  /** The key's public id; a session belongs to the key that it was made with. */
  readonly keyId: string;
  readonly keyName: string;
  readonly role: Role;
  readonly by: 'key' | 'session';
}

/** What Hono carries through a request. */
export interface ApiContext {
  /** Absent where a test calls `app.request()` without a server. */
  Bindings: Partial<HttpBindings>;
  Variables: { requestId: string; caller: Caller };
}
