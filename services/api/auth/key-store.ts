import type { SqlClient } from '../dependencies.ts';
import type { Role } from './role.ts';

/** A key as it is stored. */
export interface StoredKey {
  readonly publicId: string;
  /** For people; several may have the same. */
  readonly name: string;
  readonly role: Role;
  /** HMAC-SHA-256 of the secret, hex. */
  readonly hash: string;
}

/** Finds a key that is neither revoked nor expired; undefined where there is none. */
export type FindKey = (publicId: string) => Promise<StoredKey | undefined>;

/** How long a revoked key may still work, ms. */
const CACHED_MS = 5_000;
const CACHED_KEYS_MAX = 1_000;

const FIND = `
  SELECT id, name, role, secret_hash FROM keys
  WHERE id = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())`;

/** Keys in PostgreSQL, asked at most once in `CACHED_MS` for each. A failed query is not kept. */
export function createKeyStore(postgres: SqlClient, nowMs: () => number = () => performance.now()): FindKey {
  const cached = new Map<string, { readonly untilMs: number; readonly key: Promise<StoredKey | undefined> }>();

  async function find(publicId: string): Promise<StoredKey | undefined> {
    const { rows } = await postgres.query<{ id: string; name: string; role: Role; secret_hash: string }>(FIND, [
      publicId,
    ]);
    const row = rows[0];
    return row && { publicId: row.id, name: row.name, role: row.role, hash: row.secret_hash };
  }

  return (publicId) => {
    const known = cached.get(publicId);
    if (known !== undefined && known.untilMs > nowMs()) return known.key;
    const key = find(publicId);
    cached.delete(publicId);
    cached.set(publicId, { untilMs: nowMs() + CACHED_MS, key });
    if (cached.size > CACHED_KEYS_MAX) cached.delete(cached.keys().next().value!);
    key.catch(() => cached.delete(publicId));
    return key;
  };
}
