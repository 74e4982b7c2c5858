import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** A process for certain: a pid alone may by now belong to someone else's process. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When the kernel started it, as opaque text that also tells one boot from another. */
  readonly startTime: string;
}

/** The identity of a running process; undefined where there is none, or only its corpse. */
export function identify(pid: number): ProcessIdentity | undefined {
  const startTime = process.platform === 'linux' ? linuxStartTime(pid) : psStartTime(pid);
  return startTime === undefined ? undefined : { pid, startTime };
}

/** Whether that very process still runs. */
export function isRunning(identity: ProcessIdentity): boolean {
  return identify(identity.pid)?.startTime === identity.startTime;
}

function linuxStartTime(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The command's name stands in parentheses and may hold anything, so count from the last one. See proc(5).
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [state, startTicks] = [fields[0], fields[19]];
    if (state === 'Z' || state === 'X') return undefined;
    return `${bootId()}/${startTicks}`;
  } catch {
    return undefined;
  }
}

function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
  } catch {
    return 'boot';
  }
}

function psStartTime(pid: number): string | undefined {
  const { stdout } = spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' });
  return stdout?.trim() || undefined;
}

/**
 * The command line of a process (Linux only; elsewhere undefined). Undefined also where it lives below another root, in a
 * container or a chroot: its paths then mean other files than ours.
 */
export function argumentsOf(pid: number): string[] | undefined {
  if (process.platform !== 'linux') return undefined;
  try {
    const [its, ours] = [statSync(`/proc/${pid}/root/`), statSync('/')];
    if (its.ino !== ours.ino || its.dev !== ours.dev) return undefined;
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return undefined;
  }
}

/** Processes whose command line holds all of these arguments, whole. */
export function findByArguments(wanted: readonly string[]): ProcessIdentity[] {
  if (process.platform !== 'linux') return [];
  const pids = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
  return pids.flatMap((pid) => {
    const args = pid === process.pid ? undefined : argumentsOf(pid);
    if (args === undefined || !wanted.every((argument) => args.includes(argument))) return [];
    return identify(pid) ?? [];
  });
}

/**
 * Ends a process: the first signal, then after each wait the next, until it is gone.
 * A process that is not that very one is never signalled.
 */
export async function endProcess(
  identity: ProcessIdentity,
  signals: readonly NodeJS.Signals[],
  waitMs: number,
): Promise<void> {
  for (const signal of [...signals, 'SIGKILL' as const]) {
    if (!isRunning(identity)) return;
    try {
      process.kill(identity.pid, signal);
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return;
      throw error;
    }
    for (const untilMs = Date.now() + waitMs; Date.now() < untilMs && isRunning(identity); ) await sleep(20);
  }
}
