import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { REPOSITORY } from '../../infra/home.ts';

/** What a command came to. */
export interface RanDon {
  /** null: it was ended by a signal. */
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningDon {
  readonly child: ChildProcess;
  readonly ended: Promise<RanDon>;
}

export interface DonEnvironment {
  /** Where it keeps what is its own. */
  readonly home: string;
  /** Working folder; that of the tests where not said. */
  readonly cwd?: string;
  /** Beside that of the tests; undefined takes one away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** Begins `don` as a user would. */
export function startDon(args: readonly string[], { home, cwd, env = {} }: DonEnvironment): RunningDon {
  const main = join(REPOSITORY, 'services/cli/main.ts');
  const child = spawn(process.execPath, [main, ...args], {
    env: { ...process.env, ...env, DON_HOME: home, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(cwd === undefined ? {} : { cwd }),
  });
  const said = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const)
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      said[stream] += text;
    });
  return { child, ended: new Promise((done) => child.on('close', (status) => done({ status, ...said }))) };
}

/** Runs `don` as a user would. */
export function runDon(args: readonly string[], environment: DonEnvironment): Promise<RanDon> {
  return startDon(args, environment).ended;
}
