import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { makePrivateFolder, secret, toolsFolder, writeWhole } from '../home.ts';
import { pingRedis } from '../redis.ts';
import { ServerUnreachable, SetupError } from '../setup-error.ts';
import { hasDebianPackages, unpackDebianPackage, unpackedEnv } from './debian-packages.ts';
import { containerCommand, dockerProgram, dockerWithEngine } from './docker.ts';
import { findOnPath, parseVersion, versionText } from './find-program.ts';
import type { Command, Log, Ports, Program, ServerSpec } from './private-server.ts';

const OLDEST_MAJOR = 7;
const IMAGE = 'redis:7';
const PORT_IN_CONTAINER = 6379;
// `sun_path` of unix(7) holds 108 bytes on Linux and 104 on macOS, its end included.
const SOCKET_PATH_BYTES_MAX = 100;

/** With the path of its Unix socket, where it has one: a good deal less work than loopback for both sides. */
export function redisUrl(home: string, ports: Ports): string {
  const url = `redis://:${secret(home, 'redis-password')}@127.0.0.1:${ports['redis']}/0`;
  const socket = socketPath(home);
  return existsSync(socket) ? `${url}?path=${encodeURIComponent(socket)}` : url;
}

function socketPath(home: string): string {
  return join(home, 'data', 'redis', 'redis.sock');
}

/** Redis of this home: append-only file synced every second, nothing ever evicted, loopback only. */
export function redisServer(home: string, log: Log): ServerSpec {
  const folder = join(home, 'data', 'redis');
  return {
    name: 'redis',
    label: 'Redis',
    portNames: ['redis'],
    marks: [join(folder, 'redis.conf')],
    stopSignals: ['SIGTERM'],
    // A long log takes a while to load: about 2 s for a million entries.
    readyWithinMs: 300_000,
    locate: () => locate(home, log),
    prepare: async (program, ports) => prepare(home, folder, program, ports),
    answers: (ports) => answers(redisUrl(home, ports)),
  };
}

/** Redis 7 or newer on PATH. */
export function installedRedis(): Program | undefined {
  const path = findOnPath('redis-server');
  const version = path === undefined ? undefined : versionOf(path, {});
  return path === undefined || version === undefined ? undefined : { source: 'installed', version, path, env: {} };
}

function versionOf(path: string, env: Readonly<Record<string, string>>): string | undefined {
  const found = parseVersion(versionText(path, ['--version'], env), /v=(\d[\d.]*)/);
  return found !== undefined && found.major >= OLDEST_MAJOR ? found.version : undefined;
}

async function locate(home: string, log: Log): Promise<Program> {
  const found = installedRedis();
  if (found !== undefined) return found;
  const docker = dockerWithEngine();
  if (docker !== undefined) return dockerProgram(docker, IMAGE, '7', log);
  if (hasDebianPackages()) {
    const root = await unpackDebianPackage(toolsFolder(home), 'redis-server', log);
    const unpacked = join(root, 'usr', 'bin', 'redis-server');
    const env = unpackedEnv(root);
    const itsVersion = versionOf(unpacked, env);
    if (itsVersion !== undefined) return { source: 'debian', version: itsVersion, path: unpacked, env };
  }
  throw new SetupError(
    'Don needs Redis 7 or newer and found none. Install it (Debian, Ubuntu: apt-get install redis-server; macOS: brew install redis), or start Docker, or set DON_REDIS_URL to one of your own, and start again.',
  );
}

function prepare(home: string, folder: string, program: Program, ports: Ports): Command {
  makePrivateFolder(folder);
  const inContainer = program.source === 'docker';
  const socket = socketPath(home);
  // A killed server leaves it behind, and nobody listens to it in a container.
  rmSync(socket, { force: true });
  const hasSocket = !inContainer && Buffer.byteLength(socket) <= SOCKET_PATH_BYTES_MAX;
  const configuration = [
    `port ${inContainer ? PORT_IN_CONTAINER : ports['redis']}`,
    `bind ${inContainer ? '*' : '127.0.0.1'}`,
    ...(hasSocket ? [`unixsocket ${JSON.stringify(socket)}`, 'unixsocketperm 700'] : []),
    `requirepass ${secret(home, 'redis-password')}`,
    `dir ${JSON.stringify(inContainer ? '/data' : folder)}`,
    'appendonly yes',
    'appendfsync everysec',
    'save ""',
    'maxmemory-policy noeviction',
    // One database a test file keeps the tests apart.
    'databases 256',
    'daemonize no',
    // Leaves the command line as it is, by which a server whose run file was lost is found again.
    'set-proc-title no',
    'always-show-logo no',
  ];
  const path = join(folder, 'redis.conf');
  writeWhole(path, `${configuration.join('\n')}\n`);
  if (inContainer) {
    return containerCommand(program.path, {
      image: IMAGE,
      name: 'redis',
      home,
      ports: [[ports['redis']!, PORT_IN_CONTAINER]],
      volumes: [[folder, '/data']],
      args: ['redis-server', '/data/redis.conf'],
    });
  }
  return { command: program.path, args: [path], env: program.env, cwd: folder };
}

async function answers(url: string): Promise<boolean> {
  try {
    await pingRedis(url);
    return true;
  } catch (error) {
    if (error instanceof Error && /WRONGPASS|NOAUTH/.test(error.message)) {
      throw new ServerUnreachable(
        `The Redis at ${new URL(url).host} is not the one of this DON_HOME: it refuses its password.`,
      );
    }
    return false;
  }
}
