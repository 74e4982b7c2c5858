import { join } from 'node:path';
import type pg from 'pg';
import { readIfThere, secret, writeWhole } from '../../infra/home.ts';
import { createApiKey, hashSecret, parseApiKey } from '../api/auth/api-key.ts';
import type { Role } from '../api/auth/role.ts';

export { ROLES, type Role } from '../api/auth/role.ts';

export interface KeyRow {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly created_at: Date;
  readonly revoked_at: Date | null;
}

/** The secret that the hashes of keys are made with. */
export function keyPepper(home: string): string {
  return secret(home, 'key-pepper');
}

/** Makes a key and stores its hash. @returns its whole text, which is nowhere else. */
export async function createKey(
  pool: pg.Pool,
  home: string,
  name: string,
  role: Role,
): Promise<{ id: string; text: string }> {
  const key = createApiKey();
  await pool.query('INSERT INTO keys (id, name, role, secret_hash) VALUES ($1, $2, $3, $4)', [
    key.publicId,
    name,
    role,
    hashSecret(key.secret, keyPepper(home)),
  ]);
  return { id: key.publicId, text: key.text };
}

export async function listKeys(pool: pg.Pool): Promise<KeyRow[]> {
  const { rows } = await pool.query<KeyRow>(
    'SELECT id, name, role, created_at, revoked_at FROM keys ORDER BY created_at',
  );
  return rows;
}

/** @returns whether there was such a key that was not revoked yet. */
export async function revokeKey(pool: pg.Pool, id: string): Promise<boolean> {
  const { rowCount } = await pool.query('UPDATE keys SET revoked_at = now() WHERE id = $1 AND revoked_at IS NULL', [
    id,
  ]);
  return rowCount === 1;
}

export function apiKeyFile(home: string): string {
  return join(home, 'api-key');
}

/** The key made at set-up, in `DON_HOME/api-key` (mode 600); made anew where the database does not know it. */
export async function ensureApiKey(pool: pg.Pool, home: string): Promise<string> {
  const text = readIfThere(apiKeyFile(home))?.trim() ?? '';
  const key = parseApiKey(text);
  if (key !== undefined) {
    const hash = hashSecret(key.secret, keyPepper(home));
    const { rowCount } = await pool.query(
      'SELECT 1 FROM keys WHERE id = $1 AND secret_hash = $2 AND revoked_at IS NULL',
      [key.publicId, hash],
    );
    if (rowCount === 1) return text;
  }
  const made = await createKey(pool, home, 'set-up', 'admin');
  writeWhole(apiKeyFile(home), `${made.text}\n`);
  return made.text;
}
