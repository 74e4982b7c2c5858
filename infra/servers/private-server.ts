import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { lowerPriority } from '../background-priority.ts';
import { makePrivateFolder, readIfThere, writeWhole } from '../home.ts';
import { endProcess, findByArguments, identify, isRunning, type ProcessIdentity } from '../process-identity.ts';
import { SetupError } from '../setup-error.ts';
import { explainLog, lastLines } from './explain-log.ts';
import { choosePorts } from './ports.ts';

export type ServerName = 'redis' | 'questdb' | 'postgres';
/** Where a server program came from. */
export type Source = 'installed' | 'docker' | 'debian';
export type Log = (line: string) => void;

/** The program of a server: found on the machine, run by Docker, or unpacked below the tools folder. */
export interface Program {
  readonly source: Source;
  readonly version: string;
  /** What its command is built from; only the server's own file reads it. */
  readonly path: string;
  readonly env: Readonly<Record<string, string>>;
}

export interface Command {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
}

export type Ports = Readonly<Record<string, number>>;

/** What one kind of server needs to be run privately; everything else about it is common. */
export interface ServerSpec {
  readonly name: ServerName;
  readonly label: string;
  readonly portNames: readonly string[];
  /** Arguments that only this home's server has on its command line: they find it where the run file was lost. */
  readonly marks: readonly string[];
  readonly stopSignals: readonly NodeJS.Signals[];
  readonly readyWithinMs: number;
  /** Whether the others go first where there are too few processors: nobody waits for what it does. */
  readonly isBackground?: boolean;
  readonly locate: () => Promise<Program>;
  /** Writes the configuration and first data; safe to repeat, and to be interrupted. */
  readonly prepare: (program: Program, ports: Ports) => Promise<Command>;
  /** Resolves true once the server answers with our password, false while it is starting; throws a SetupError if it never will. */
  readonly answers: (ports: Ports) => Promise<boolean>;
}

export interface RunningServer {
  readonly name: ServerName;
  readonly pid: number;
  readonly startTime: string;
  readonly ports: Ports;
  readonly version: string;
  readonly source: Source;
}

const STOP_WAIT_MS = 10_000;
const POLL_MS = 25;
const LOG_BYTES_MAX = 10_000_000;
const START_TRIES = 3;

function runFile(home: string, name: string): string {
  return join(home, 'run', `${name}.json`);
}

/** The servers of this home that run now, by their run files. */
export function runningServers(home: string): RunningServer[] {
  return (['redis', 'questdb', 'postgres'] as const).flatMap((name) => readRunning(home, name) ?? []);
}

function readRunning(home: string, name: ServerName): RunningServer | undefined {
  try {
    const record: RunningServer = JSON.parse(readIfThere(runFile(home, name)) ?? 'null');
    return record !== null && isRunning(record) ? record : undefined;
  } catch {
    return undefined;
  }
}

/** Starts the server of this home, or finds it running already. Resolves when it answers. */
export async function ensurePrivateServer(home: string, spec: ServerSpec, log: Log): Promise<RunningServer> {
  const running = readRunning(home, spec.name);
  if (running !== undefined) {
    if (await becomesReady(running, running.ports, spec)) return running;
    if (isRunning(running))
      log(`${spec.label} (process ${running.pid}) does not answer: ending it and starting it anew`);
  }
  await stopPrivateServer(home, spec);
  const program = await spec.locate();
  for (let tries = 1; ; tries++) {
    const started = await start(home, spec, program, log);
    if (started !== 'port taken') return started;
    if (tries === START_TRIES) {
      throw new SetupError(
        `${spec.label} found its port taken ${START_TRIES} times; see ${join(home, 'logs', `${spec.name}.log`)}, end the program that takes the port, and start again.`,
      );
    }
  }
}

async function start(
  home: string,
  spec: ServerSpec,
  program: Program,
  log: Log,
): Promise<RunningServer | 'port taken'> {
  const startedMs = Date.now();
  const { ports, moved } = await choosePorts(home, spec.name, spec.portNames);
  if (moved.length > 0)
    log(`${spec.label}: another program has the port of last time (${moved.join(', ')}); taking a free one`);
  const { command, args, env, cwd } = await spec.prepare(program, ports);
  const logPath = join(home, 'logs', `${spec.name}.log`);
  const output = openLog(logPath);
  const logStart = statSync(logPath).size;
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, ...env },
    detached: true,
    stdio: ['ignore', output, output],
  });
  closeSync(output);
  const failure = new Promise<Error>((resolve) => child.once('error', resolve));
  child.unref();
  if (child.pid === undefined) throw new SetupError(`${spec.label} could not be started: ${(await failure).message}`);
  if (spec.isBackground) lowerPriority(child.pid);
  const identity = identify(child.pid);
  const logged = () => lastLines(logPath, logStart);
  if (identity === undefined) return failedStart(spec, logPath, logged());
  const record: RunningServer = {
    name: spec.name,
    ...identity,
    ports,
    version: program.version,
    source: program.source,
  };
  writeWhole(runFile(home, spec.name), `${JSON.stringify(record)}\n`);
  if (!(await becomesReady(identity, ports, spec))) {
    await endProcess(identity, spec.stopSignals, STOP_WAIT_MS);
    rmSync(runFile(home, spec.name), { force: true });
    return failedStart(spec, logPath, logged());
  }
  const from = { installed: 'installed', docker: 'Docker', debian: 'private' }[program.source];
  log(`${spec.label} ${program.version} (${from}) answers after ${((Date.now() - startedMs) / 1000).toFixed(1)} s`);
  return record;
}

function failedStart(spec: ServerSpec, logPath: string, logged: string): 'port taken' {
  if (/address already in use|could not bind/i.test(logged)) return 'port taken';
  throw new SetupError(explainLog(spec.label, logPath, logged));
}

/** Asks until it answers; false when the process ended or the time is over. */
async function becomesReady(identity: ProcessIdentity, ports: Ports, spec: ServerSpec): Promise<boolean> {
  for (const untilMs = Date.now() + spec.readyWithinMs; Date.now() < untilMs; await sleep(POLL_MS)) {
    if (!isRunning(identity)) return false;
    if (await spec.answers(ports)) return true;
  }
  return false;
}

/** Ends this home's server, and only that: found by its run file, or where that was lost by its own arguments. */
export async function stopPrivateServer(
  home: string,
  { name, marks, stopSignals }: Pick<ServerSpec, 'name' | 'marks' | 'stopSignals'>,
): Promise<boolean> {
  const running = readRunning(home, name);
  const processes = [...(running === undefined ? [] : [running]), ...findByArguments(marks)];
  for (const identity of processes) await endProcess(identity, stopSignals, STOP_WAIT_MS);
  rmSync(runFile(home, name), { force: true });
  return processes.length > 0;
}

function openLog(path: string): number {
  makePrivateFolder(join(path, '..'));
  try {
    if (statSync(path).size > LOG_BYTES_MAX) renameSync(path, `${path}.1`);
  } catch {
    mkdirSync(join(path, '..'), { recursive: true });
  }
  const file = openSync(path, 'a', 0o600);
  writeSync(file, `--- started ${new Date().toISOString()}\n`);
  return file;
}
