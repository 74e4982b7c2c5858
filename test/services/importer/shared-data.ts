import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

const ROOT = process.env['DON_SHARED_DATA'] ?? resolve(import.meta.dirname, '../../../../shared/data');

/** True where the recordings of others, which are not part of the repository, lie beside it. */
export const hasSharedData = existsSync(ROOT);

if (!hasSharedData) console.log(`SKIP: no recordings in ${ROOT}; set DON_SHARED_DATA to their folder.`);

/** Path of a file of the shared recordings. */
export function sharedFile(name: string): string {
  return join(ROOT, name);
}
