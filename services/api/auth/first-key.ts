import { join } from 'node:path';
import { readIfThere, writeWhole } from '../../../infra/home.ts';
import type { SqlClient } from '../dependencies.ts';
import { type ApiKey, createApiKey, equalSecrets, hashSecret, parseApiKey } from './api-key.ts';

/** The file with the key that set-up makes, mode 600. */
export function firstKeyFile(home: string): string {
  return join(home, 'api-key');
}

/**
 * The installation's own key. Made anew where the file is missing or its key is not in the database, as after a change
 * of database; a key that was revoked is replaced too.
 * @returns the key's public id
 */
export async function ensureFirstKey(postgres: SqlClient, home: string, pepper: string): Promise<string> {
  const path = firstKeyFile(home);
  const written = parseApiKey(readIfThere(path)?.trim() ?? '');
  if (written !== undefined && (await isStored(postgres, written, pepper))) return written.publicId;
  const key = createApiKey();
  await storeKey(postgres, key, { name: 'set-up', role: 'admin' }, pepper);
  writeWhole(path, `${key.text}\n`);
  return key.publicId;
}

export async function storeKey(
  postgres: SqlClient,
  key: ApiKey,
  { name, role }: { readonly name: string; readonly role: string },
  pepper: string,
): Promise<void> {
  await postgres.query('INSERT INTO keys (id, name, role, secret_hash) VALUES ($1, $2, $3, $4)', [
    key.publicId,
    name,
    role,
    hashSecret(key.secret, pepper),
  ]);
}

async function isStored(postgres: SqlClient, key: ApiKey, pepper: string): Promise<boolean> {
  const { rows } = await postgres.query<{ secret_hash: string }>(
    'SELECT secret_hash FROM keys WHERE id = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())',
    [key.publicId],
  );
  return rows[0] !== undefined && equalSecrets(rows[0].secret_hash, hashSecret(key.secret, pepper));
}
