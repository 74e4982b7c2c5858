import { spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { readIfThere, secret, toolsFolder } from '../home.ts';
import { SetupError } from '../setup-error.ts';
import { hasDebianPackages, unpackDebianPackage, unpackedEnv } from './debian-packages.ts';
import { containerCommand, dockerProgram, dockerWithEngine } from './docker.ts';
import { findOnPath, foldersIn, isExecutable, parseVersion, versionText } from './find-program.ts';
import { type OrdinaryUser, ordinaryUser } from './ordinary-user.ts';
import { removeStalePostmasterPid } from './postmaster-pid.ts';
import type { Command, Log, Ports, Program, ServerSpec } from './private-server.ts';

const OLDEST_MAJOR = 15;
const IMAGE = 'postgres:15';
const PORT_IN_CONTAINER = 5432;
const USER = 'don';
const DATABASE = 'don';
/** Where installers put the programs without putting them on PATH: Debian, Homebrew on ARM and on Intel. */
const INSTALL_FOLDERS = ['/usr/lib/postgresql', '/opt/homebrew/opt', '/usr/local/opt', '/usr/pgsql'];

export function postgresUrl(home: string, ports: Ports, database = DATABASE): string {
  return `postgres://${USER}:${secret(home, 'postgres-password')}@127.0.0.1:${ports['postgres']}/${database}`;
}

/** PostgreSQL of this home: a cluster of its own, password by SCRAM, loopback only, no socket file. */
export function postgresServer(home: string, log: Log): ServerSpec {
  const folder = join(home, 'data', 'postgres');
  return {
    name: 'postgres',
    label: 'PostgreSQL',
    portNames: ['postgres'],
    marks: ['-D', folder],
    // SIGINT ends it without waiting for clients, SIGQUIT without a checkpoint.
    stopSignals: ['SIGINT', 'SIGQUIT'],
    readyWithinMs: 60_000,
    locate: () => locate(home, folder, log),
    prepare: async (program, ports) => prepare(home, folder, program, ports, log),
    answers: (ports) => answers(home, ports),
  };
}

async function locate(home: string, folder: string, log: Log): Promise<Program> {
  const clusterMajor = readIfThere(join(folder, 'PG_VERSION'))?.trim();
  const fits = (program: Program | undefined): program is Program =>
    program !== undefined && (clusterMajor === undefined || program.version.split('.')[0] === clusterMajor);
  const installed = installedPostgres();
  const found = installed.find(fits);
  if (found !== undefined) return found;
  const docker = dockerWithEngine();
  if (docker !== undefined) {
    const program = await dockerProgram(docker, IMAGE, '15', log);
    if (fits(program)) return program;
  }
  if (hasDebianPackages()) {
    const root = await unpackDebianPackage(toolsFolder(home), 'postgresql', log);
    const versions = join(root, 'usr', 'lib', 'postgresql');
    const program = foldersIn(versions)
      .map((version) => programIn(join(versions, version, 'bin'), 'debian', unpackedEnv(root)))
      .find(fits);
    if (program !== undefined) return program;
  }
  if (clusterMajor !== undefined && installed.length > 0) {
    throw new SetupError(
      `The data in ${folder} was written by PostgreSQL ${clusterMajor} and this machine has ${installed.map(({ version }) => version).join(', ')}. Install PostgreSQL ${clusterMajor}, or move that folder away to begin with an empty one, and start again.`,
    );
  }
  throw new SetupError(
    'Don needs PostgreSQL 15 or newer and found none. Install it (Debian, Ubuntu: apt-get install postgresql; macOS: brew install postgresql@17), or start Docker, or set DON_POSTGRES_URL to one of your own, and start again.',
  );
}

/** The newest first. */
export function installedPostgres(): Program[] {
  const below = INSTALL_FOLDERS.flatMap((parent) => foldersIn(parent).map((name) => join(parent, name, 'bin')));
  const onPath = findOnPath('initdb');
  return [...(onPath === undefined ? [] : [join(onPath, '..')]), ...below]
    .flatMap((folder) => programIn(folder, 'installed', {}) ?? [])
    .sort((one, other) => Number.parseInt(other.version, 10) - Number.parseInt(one.version, 10));
}

function programIn(
  folder: string,
  source: 'installed' | 'debian',
  env: Readonly<Record<string, string>>,
): Program | undefined {
  if (!isExecutable(join(folder, 'postgres')) || !isExecutable(join(folder, 'initdb'))) return undefined;
  const found = parseVersion(versionText(join(folder, 'postgres'), ['--version'], env), /\(PostgreSQL\) (\d[\d.]*)/);
  return found === undefined || found.major < OLDEST_MAJOR
    ? undefined
    : { source, version: found.version, path: folder, env };
}

function prepare(home: string, folder: string, program: Program, ports: Ports, log: Log): Command {
  if (program.source === 'docker') {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return containerCommand(program.path, {
      image: IMAGE,
      name: 'postgres',
      home,
      ports: [[ports['postgres']!, PORT_IN_CONTAINER]],
      volumes: [[folder, '/var/lib/postgresql/data']],
      env: { POSTGRES_USER: USER, POSTGRES_DB: DATABASE, POSTGRES_PASSWORD: secret(home, 'postgres-password') },
    });
  }
  // PostgreSQL refuses to run as root.
  const user = process.getuid?.() === 0 ? ordinaryUser([join(home, 'data'), program.path]) : undefined;
  if (!existsSync(join(folder, 'PG_VERSION'))) initialise(home, folder, program, user, log);
  if (user !== undefined) chownAll(folder, user);
  removeStalePostmasterPid(folder);
  const settings = {
    port: ports['postgres'],
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    shared_buffers: '32MB',
    // The one zone that needs no time-zone files, which a bare machine may lack.
    timezone: 'GMT',
    log_timezone: 'GMT',
  };
  const args = ['-D', folder, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
  return asUser(user, {
    command: join(program.path, 'postgres'),
    args,
    env: { ...program.env, LC_ALL: 'C' },
    cwd: '/',
  });
}

/** Makes the cluster beside its place and moves it there when it is whole. */
function initialise(home: string, folder: string, program: Program, user: OrdinaryUser | undefined, log: Log): void {
  log('PostgreSQL: making a database cluster of its own');
  const partial = `${folder}.partial`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { mode: 0o700 });
  const passwordFile = join(home, 'data', 'postgres.password.partial');
  writeFileSync(passwordFile, `${secret(home, 'postgres-password')}\n`, { mode: 0o600 });
  if (user !== undefined) for (const path of [partial, passwordFile]) chownSync(path, user.uid, user.gid);
  const { command, args, env } = asUser(user, {
    command: join(program.path, 'initdb'),
    args: [
      '-D',
      partial,
      '-U',
      USER,
      '--auth=scram-sha-256',
      `--pwfile=${passwordFile}`,
      '--encoding=UTF8',
      '--locale=C',
      '--data-checksums',
    ],
    env: { ...program.env, LC_ALL: 'C', TZ: 'GMT' },
    cwd: '/',
  });
  const done = spawnSync(command, args, { env: { ...process.env, ...env }, cwd: '/', encoding: 'utf8' });
  rmSync(passwordFile, { force: true });
  if (done.status !== 0) {
    const said = `${done.stdout ?? ''}${done.stderr ?? ''}${done.error?.message ?? ''}`
      .trim()
      .split('\n')
      .slice(-4)
      .join(' · ');
    throw new SetupError(
      `PostgreSQL's initdb failed in ${partial}: ${said}. Mend that (a full disk, a missing permission) and start again.`,
    );
  }
  rmSync(folder, { recursive: true, force: true });
  renameSync(partial, folder);
}

function asUser(user: OrdinaryUser | undefined, command: Command): Command {
  return user === undefined
    ? command
    : { ...command, command: user.command, args: [...user.args, command.command, ...command.args] };
}

/** After a restore or a copy the files may belong to root again. */
function chownAll(folder: string, user: OrdinaryUser): void {
  chownSync(folder, user.uid, user.gid);
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true }))
    chownSync(join(entry.parentPath, entry.name), user.uid, user.gid);
}

async function answers(home: string, ports: Ports): Promise<boolean> {
  const client = new pg.Client({
    connectionString: postgresUrl(home, ports, 'postgres'),
    connectionTimeoutMillis: 2_000,
  });
  client.on('error', () => {});
  try {
    await client.connect();
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [DATABASE]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE}`);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === '28P01') {
      throw new SetupError(
        `The PostgreSQL of ${home} refuses the password in ${join(home, 'secrets', 'postgres-password')}: put the old file back, or move ${join(home, 'data', 'postgres')} away to begin with an empty one, and start again.`,
      );
    }
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}
