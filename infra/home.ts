import { randomBytes } from 'node:crypto';
import { chmodSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { explainFileError } from './setup-error.ts';

/** The root folder of the clone. */
export const REPOSITORY = dirname(dirname(fileURLToPath(import.meta.url)));

/** `DON_HOME`; without it the clone's own `.don`, or outside the clone the `.don` of the working folder (as in launch.mjs). */
export function donHome(env: NodeJS.ProcessEnv = process.env): string {
  const named = env['DON_HOME'];
  if (named) return resolve(named);
  const inClone = !relative(REPOSITORY, process.cwd()).startsWith('..');
  return join(inClone ? REPOSITORY : process.cwd(), '.don');
}

/** Where downloaded programs lie: `DON_TOOLS`, so that several homes can share them, or the home's own. */
export function toolsFolder(home: string, env: NodeJS.ProcessEnv = process.env): string {
  const named = env['DON_TOOLS'];
  return named ? resolve(named) : join(home, 'tools');
}

/** Makes a folder below the home that only this user can enter. */
export function makePrivateFolder(path: string): string {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  return path;
}

/**
 * Makes the home. Others may walk through it and its data, because a server that refuses to run as root does, but not
 * look around; everything below that is private.
 * @throws SetupError where the disk or its permissions do not allow it
 */
export function makeHome(home: string): void {
  try {
    for (const folder of [home, join(home, 'data')]) {
      mkdirSync(folder, { recursive: true });
      if (process.getuid?.() === 0) chmodSync(folder, 0o711);
      else chmodSync(folder, 0o700);
    }
  } catch (error) {
    throw explainFileError(error, home);
  }
}

/** Writes a file so that a reader sees the old or the new content, never half of one. */
export function writeWhole(path: string, content: string | Buffer, mode = 0o600): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const partial = `${path}.${process.pid}.partial`;
  writeFileSync(partial, content, { mode });
  chmodSync(partial, mode);
  renameSync(partial, path);
}

/** Reads a file; undefined where there is none. */
export function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
      return undefined;
    throw error;
  }
}

/** The secret of that name, 32 random bytes as text, made on first use in a file that only this user can read. */
export function secret(home: string, name: string): string {
  const path = join(home, 'secrets', name);
  const found = readIfThere(path)?.trim();
  if (found) return found;
  makePrivateFolder(dirname(path));
  const partial = `${path}.${process.pid}.partial`;
  writeFileSync(partial, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600 });
  try {
    // A link fails where another process was first; its secret is then the one that counts.
    linkSync(partial, path);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  } finally {
    rmSync(partial, { force: true });
  }
  return readFileSync(path, 'utf8').trim();
}
