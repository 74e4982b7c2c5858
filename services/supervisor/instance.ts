import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { readIfThere, writeWhole } from '../../infra/home.ts';
import { endProcess, identify, isRunning, type ProcessIdentity } from '../../infra/process-identity.ts';

/** What a running `don start` writes down, so that other commands find it and what it started. */
export interface Instance extends ProcessIdentity {
  readonly startedMs: number;
  /** Whether every service was ready once. */
  readonly ready: boolean;
  readonly port: number;
  readonly instruments: readonly string[];
  readonly services: Readonly<Record<string, ProcessIdentity>>;
}

// A supervisor ends its services one after the other, each within 10 s, then the servers.
const STOP_WAIT_MS = 45_000;

function instanceFile(home: string): string {
  return join(home, 'run', 'supervisor.json');
}

function readInstance(home: string): Instance | undefined {
  try {
    return JSON.parse(readIfThere(instanceFile(home)) ?? 'null') ?? undefined;
  } catch {
    return undefined;
  }
}

/** The `don start` of this home, if it runs. */
export function runningInstance(home: string): Instance | undefined {
  const instance = readInstance(home);
  return instance !== undefined && isRunning(instance) ? instance : undefined;
}

export function writeInstance(home: string, instance: Omit<Instance, keyof ProcessIdentity>): void {
  const identity = identify(process.pid);
  if (identity === undefined) throw new Error(`process ${process.pid} does not find itself`);
  writeWhole(instanceFile(home), `${JSON.stringify({ ...identity, ...instance }, null, 2)}\n`);
}

export function removeInstance(home: string): void {
  rmSync(instanceFile(home), { force: true });
}

/** Ends the `don start` of this home, and services that outlived one that was killed. @returns whether there were any. */
export async function stopSupervisor(home: string, say: (line: string) => void): Promise<boolean> {
  const instance = readInstance(home);
  if (instance === undefined) return false;
  const left = () => Object.entries(instance.services).filter(([, identity]) => isRunning(identity));
  const isUp = isRunning(instance);
  const found = isUp || left().length > 0;
  if (isUp) {
    say(`stopping don start (process ${instance.pid})`);
    await endProcess(instance, ['SIGTERM'], STOP_WAIT_MS);
  }
  for (const [name, identity] of left()) {
    say(`stopping ${name} (process ${identity.pid}), which its supervisor left behind`);
    await endProcess(identity, ['SIGTERM'], 5_000);
  }
  removeInstance(home);
  return found;
}
