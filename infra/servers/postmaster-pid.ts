import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { readIfThere } from '../home.ts';
import { argumentsOf } from '../process-identity.ts';

/**
 * Removes the pid file that a killed PostgreSQL left when its pid now belongs to another program: PostgreSQL itself
 * would take that program for its own server and refuse to start.
 */
export function removeStalePostmasterPid(folder: string): void {
  const path = join(folder, 'postmaster.pid');
  const pid = readIfThere(path)?.split('\n')[0]?.trim();
  if (pid === undefined || isServerOf(pid, folder)) return;
  rmSync(path, { force: true });
}

function isServerOf(pid: string, folder: string): boolean {
  if (process.platform !== 'linux') return true;
  return argumentsOf(Number(pid))?.includes(folder) ?? false;
}
