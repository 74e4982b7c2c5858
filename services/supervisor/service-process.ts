import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { endProcess, identify, type ProcessIdentity } from '../../infra/process-identity.ts';
import { lastMessage } from './last-message.ts';
import type { ReadyLine, ServiceSpec } from './service-spec.ts';

/**
 * What a service allocates lives for milliseconds: a small young generation clears it as well as one that V8 lets grow to
 * many times that, and takes a hundred megabytes less. Its threads for that would stand in each other's way: there are
 * more services than processors.
 */
export const NODE_FLAGS = ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=4', '--single-threaded-gc'];
/**
 * glibc keeps a heap for each thread and what was freed in all of them, some tens of megabytes; one heap that gives back
 * more than a megabyte is enough for these. What is large gets pages of its own, which go back at once: without saying so,
 * glibc would take the next of that size, such as a checkpoint, from the heap, and one small piece behind it keeps all of
 * that. What the user has set goes before.
 */
export const SERVICE_ENV = {
  MALLOC_ARENA_MAX: '1',
  MALLOC_TRIM_THRESHOLD_: '1000000',
  MALLOC_MMAP_THRESHOLD_: '131072',
};
const LOG_BYTES_MAX = 10_000_000;
const STOP_WAIT_MS = 10_000;

/** One run of a service, from its start to its end. */
export interface ServiceRun {
  readonly identity: ProcessIdentity;
  /** Its ready line; rejects when it ends, or the time is over, without one. */
  readonly ready: Promise<ReadyLine>;
  /** Resolves with what is to be said of its end: `exit 1: the message of its last log line`. */
  readonly ended: Promise<string>;
  /** SIGTERM, after 10 s SIGKILL. */
  stop(): Promise<void>;
}

export interface RunSettings {
  readonly logs: string;
  readonly readyWithinMs: number;
}

/** Starts the service. Its stderr goes to a file of its name, and it notices our end by the channel to us. */
export function runService(
  spec: ServiceSpec,
  env: Readonly<Record<string, string>>,
  { logs, readyWithinMs }: RunSettings,
): ServiceRun {
  const logPath = join(logs, `${spec.name}.log`);
  const log = openLog(logs, logPath);
  const logStart = statSync(logPath).size;
  // A group of its own, so that Ctrl-C reaches us alone and we end the services in their order.
  const child = spawn(process.execPath, [...NODE_FLAGS, spec.file], {
    env: { ...SERVICE_ENV, ...process.env, ...env },
    stdio: ['ignore', 'pipe', log, 'ipc'],
    detached: true,
  });
  closeSync(log);
  const identity = (child.pid === undefined ? undefined : identify(child.pid)) ?? {
    pid: child.pid ?? 0,
    startTime: '',
  };
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => {
      // What was logged before a signal is not why it ended.
      const message = signal === null ? lastMessage(logPath, logStart) : undefined;
      const how = signal ?? `exit ${code}`;
      resolve(message === undefined ? how : `${how}: ${message}`);
    });
  });
  return {
    identity,
    ended,
    ready: readyLine(child, ended, spec.name, readyWithinMs),
    stop: async () => {
      await endProcess(identity, ['SIGTERM'], STOP_WAIT_MS);
      await ended;
    },
  };
}

function readyLine(child: ChildProcess, ended: Promise<string>, name: string, withinMs: number): Promise<ReadyLine> {
  const ready = new Promise<ReadyLine>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`not ready after ${withinMs / 1000} s`)), withinMs);
    createInterface({ input: child.stdout! }).on('line', (line) => {
      const said = parseLine(line);
      if (said?.['service'] !== name || said['ready'] !== true) return;
      clearTimeout(timer);
      resolve(said);
    });
    void ended.then((how) => {
      clearTimeout(timer);
      reject(new Error(how));
    });
  });
  // The caller may look at it later than it fails.
  ready.catch(() => {});
  return ready;
}

function parseLine(line: string): ReadyLine | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as ReadyLine) : undefined;
  } catch {
    return undefined;
  }
}

function openLog(folder: string, path: string): number {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > LOG_BYTES_MAX) renameSync(path, `${path}.1`);
  return openSync(path, 'a', 0o600);
}
