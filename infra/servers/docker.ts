import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { SetupError } from '../setup-error.ts';
import { findOnPath } from './find-program.ts';
import type { Command, Log, Program } from './private-server.ts';
import { runProgram } from './run-program.ts';

/** The Docker client, if an engine answers it; a client without an engine counts as none. */
export function dockerWithEngine(): string | undefined {
  const client = findOnPath('docker');
  if (client === undefined) return undefined;
  const { status, stdout } = spawnSync(client, ['info', '--format', '{{.ServerVersion}}'], {
    encoding: 'utf8',
    timeout: 10_000,
  });
  return status === 0 && /^\d/.test(stdout.trim()) ? client : undefined;
}

/** Fetches the image where it is not there yet. */
export async function dockerProgram(client: string, image: string, version: string, log: Log): Promise<Program> {
  if (spawnSync(client, ['image', 'inspect', image], { stdio: 'ignore' }).status !== 0) {
    log(`Docker: fetching the image ${image}`);
    const pulled = await runProgram(client, ['pull', '--quiet', image]);
    if (pulled.status !== 0) {
      throw new SetupError(
        `docker pull ${image} failed: ${pulled.output.trim()}. Check the network, or install the server on this machine, and start again.`,
      );
    }
  }
  return { source: 'docker', version, path: client, env: {} };
}

export interface Container {
  readonly image: string;
  readonly name: string;
  readonly home: string;
  /** Port of 127.0.0.1 → port in the container. */
  readonly ports: ReadonlyArray<readonly [host: number, inside: number]>;
  /** Folder of the host → folder in the container. */
  readonly volumes: ReadonlyArray<readonly [host: string, inside: string]>;
  readonly env?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
}

/**
 * The command that runs a container in the foreground, so that its client is the daemon that we watch and signal:
 * the client passes SIGTERM and SIGINT on to the server.
 */
export function containerCommand(client: string, container: Container): Command {
  const name = `don-${createHash('sha256').update(container.home).digest('hex').slice(0, 8)}-${container.name}`;
  // A container of ours outlives a killed client; the data is in the folder, so it can go.
  spawnSync(client, ['rm', '--force', name], { stdio: 'ignore' });
  const user = process.getuid === undefined ? [] : ['--user', `${process.getuid()}:${process.getgid?.() ?? 0}`];
  const args = [
    'run',
    '--rm',
    '--name',
    name,
    ...user,
    ...container.ports.flatMap(([host, inside]) => ['--publish', `127.0.0.1:${host}:${inside}`]),
    ...container.volumes.flatMap(([host, inside]) => ['--volume', `${host}:${inside}`]),
    // Only the name stands on the command line, where every user could read it; the value goes by the environment.
    ...Object.keys(container.env ?? {}).flatMap((variable) => ['--env', variable]),
    container.image,
    ...(container.args ?? []),
  ];
  return { command: client, args, env: container.env ?? {}, cwd: container.home };
}
