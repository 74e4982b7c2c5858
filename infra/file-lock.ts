import { linkSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { makePrivateFolder, readIfThere } from './home.ts';
import { identify, isRunning, type ProcessIdentity } from './process-identity.ts';

/** Does the work while no other process, and nothing else in this one, holds the lock. A dead holder's lock is taken over. */
export async function withFileLock<Result>(
  path: string,
  work: () => Promise<Result>,
  onWait: (holder: number) => void = () => {},
): Promise<Result> {
  await acquire(path, onWait);
  try {
    return await work();
  } finally {
    rmSync(path, { force: true });
  }
}

async function acquire(path: string, onWait: (holder: number) => void): Promise<void> {
  makePrivateFolder(dirname(path));
  const own = `${path}.${process.pid}.partial`;
  for (let waits = 0; ; waits++) {
    writeFileSync(own, JSON.stringify(identify(process.pid) ?? { pid: process.pid, startTime: '' }), { mode: 0o600 });
    try {
      // Linking makes the lock and its content appear in one step.
      linkSync(own, path);
      return;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    } finally {
      rmSync(own, { force: true });
    }
    const holder = readHolder(path);
    if (holder === undefined || !isRunning(holder)) removeStale(path, own);
    else {
      if (waits === 0) onWait(holder.pid);
      await sleep(50);
    }
  }
}

/** Takes the stale lock away; where another process took it over in the meantime, its lock is put back. */
function removeStale(path: string, aside: string): void {
  try {
    renameSync(path, aside);
    const holder = readHolder(aside);
    if (holder !== undefined && isRunning(holder)) linkSync(aside, path);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'EEXIST')))
      throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

function readHolder(path: string): ProcessIdentity | undefined {
  try {
    const { pid, startTime } = JSON.parse(readIfThere(path) ?? '{}');
    return typeof pid === 'number' && typeof startTime === 'string' ? { pid, startTime } : undefined;
  } catch {
    return undefined;
  }
}
