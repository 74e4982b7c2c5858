import { spawnSync } from 'node:child_process';
import { accessSync, constants, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The first executable of that name on PATH; undefined where there is none. */
export function findOnPath(name: string): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  // Debian keeps some servers where an ordinary user's PATH does not look.
  return [...folders, '/usr/sbin', '/usr/local/sbin'].map((folder) => join(folder, name)).find(isExecutable);
}

export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** What a program says of its version (stdout and stderr together); undefined where it does not run. */
export function versionText(
  path: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): string | undefined {
  const { status, stdout, stderr } = spawnSync(path, args, {
    encoding: 'utf8',
    env: { ...process.env, ...env },
    timeout: 20_000,
  });
  return status === 0 ? `${stdout}${stderr}` : undefined;
}

/** The first number of the text that the pattern captures, such as the 7 of `v=7.0.15`, with the version as written. */
export function parseVersion(
  text: string | undefined,
  pattern: RegExp,
): { major: number; version: string } | undefined {
  const version = text?.match(pattern)?.[1];
  return version === undefined ? undefined : { major: Number.parseInt(version, 10), version };
}

/** The folders below one folder; none where it is not there. */
export function foldersIn(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}
