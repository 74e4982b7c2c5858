import { accessSync, constants, existsSync, statfsSync } from 'node:fs';
import { freemem, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import type { Config } from '../../infra/config.ts';
import { REPOSITORY, readIfThere, toolsFolder } from '../../infra/home.ts';
import { bindingOf, findNativeBackend } from '../../infra/native-backend/native-backend-folder.ts';
import { portIsFree } from '../../infra/servers/ports.ts';
import { givenUrls, prospect, runningServers, type ServerName } from '../../infra/servers/servers.ts';
import { runningInstance } from '../supervisor/instance.ts';
import { backendChoice } from '../trainer/backend/backend.ts';
import { apiKeyFile } from './api-keys.ts';

/** What was looked at, what was found, and where it is not as it should be, what to do. */
export interface Finding {
  readonly state: 'ok' | 'note' | 'wrong';
  readonly subject: string;
  readonly found: string;
  readonly advice?: string;
}

const FREE_DISK_MIN = 2e9;
const FREE_MEMORY_MIN = 1.5e9;
const SERVERS: readonly ServerName[] = ['redis', 'questdb', 'postgres'];

/** Everything that a start needs, each looked at by itself. */
export async function examine(config: Config, env: NodeJS.ProcessEnv): Promise<Finding[]> {
  return [
    examineNode(),
    examinePackages(),
    examineHome(config),
    examineDisk(config),
    examineMemory(),
    await examinePort(config),
    ...(await Promise.all(SERVERS.map((name) => examineServer(config, env, name)))),
    examineKey(config),
    examineTraining(config, env),
  ];
}

function examineNode(): Finding {
  const found = `Node ${process.version} (${process.platform}, ${process.arch})`;
  if (Number.parseInt(process.versions.node, 10) >= 24) return { state: 'ok', subject: 'Node', found };
  return {
    state: 'wrong',
    subject: 'Node',
    found,
    advice: 'run Don by npx don or npm start, which bring Node 24 along',
  };
}

function examinePackages(): Finding {
  const found = existsSync(join(REPOSITORY, 'node_modules', '.package-lock.json'));
  return found
    ? { state: 'ok', subject: 'packages', found: 'installed' }
    : {
        state: 'wrong',
        subject: 'packages',
        found: 'node_modules is missing or not complete',
        advice: 'npm start installs them',
      };
}

function examineHome({ home }: Config): Finding {
  // Where the home is not there yet, what counts is the nearest folder that is.
  let folder = home;
  while (!existsSync(folder)) folder = dirname(folder);
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return { state: 'ok', subject: 'DON_HOME', found: existsSync(home) ? home : `${home} (made at the first start)` };
  } catch {
    return {
      state: 'wrong',
      subject: 'DON_HOME',
      found: `${folder} cannot be written`,
      advice: 'give this user access, or set DON_HOME to another folder',
    };
  }
}

function examineDisk({ home }: Config): Finding {
  let folder = home;
  while (!existsSync(folder)) folder = dirname(folder);
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  const found = `${(free / 1e9).toFixed(1)} GB free`;
  if (free >= FREE_DISK_MIN) return { state: 'ok', subject: 'disk', found };
  return {
    state: free < 1e8 ? 'wrong' : 'note',
    subject: 'disk',
    found,
    advice: `free some space, or set DON_HOME to another disk: the log grows (${FREE_DISK_MIN / 1e9} GB is comfortable)`,
  };
}

function examineMemory(): Finding {
  // The kernel's own word for what programs could still take; os.freemem leaves out caches.
  const available =
    Number(/^MemAvailable: +(\d+) kB/m.exec(readIfThere('/proc/meminfo') ?? '')?.[1] ?? freemem() / 1024) * 1024;
  const found = `${(available / 1e9).toFixed(1)} of ${(totalmem() / 1e9).toFixed(1)} GB free`;
  if (available >= FREE_MEMORY_MIN) return { state: 'ok', subject: 'memory', found };
  return {
    state: 'note',
    subject: 'memory',
    found,
    advice: 'Don takes about 1.5 GB with its servers: close something',
  };
}

async function examinePort({ home, port }: Config): Promise<Finding> {
  const instance = runningInstance(home);
  if (instance?.port === port)
    return { state: 'ok', subject: 'port', found: `${port} is Don's own (process ${instance.pid})` };
  if (await portIsFree(port)) return { state: 'ok', subject: 'port', found: `${port} is free` };
  return {
    state: 'wrong',
    subject: 'port',
    found: `${port} is taken by another program`,
    advice: `set DON_PORT to another one, or end that program (ss -ltnp shows it)`,
  };
}

const LABELS = { redis: 'Redis', questdb: 'QuestDB', postgres: 'PostgreSQL' } as const;

async function examineServer({ home }: Config, env: NodeJS.ProcessEnv, name: ServerName): Promise<Finding> {
  const subject = LABELS[name];
  try {
    if ((await givenUrls(name, env)) !== undefined)
      return { state: 'ok', subject, found: 'the one named in the environment answers' };
  } catch (error) {
    return {
      state: 'wrong',
      subject,
      found: 'the one named in the environment does not answer',
      advice: error instanceof Error ? error.message : String(error),
    };
  }
  const running = runningServers(home).find((server) => server.name === name);
  if (running !== undefined) return { state: 'ok', subject, found: `${running.version} runs (process ${running.pid})` };
  const found = prospect(home, name);
  if (found !== undefined) return { state: 'ok', subject, found };
  return {
    state: 'wrong',
    subject,
    found: 'no program, no Docker, no Debian packages',
    advice: `install ${subject}, start Docker, or name one of your own in the environment`,
  };
}

function examineKey({ home }: Config): Finding {
  const found = readIfThere(apiKeyFile(home)) !== undefined;
  return found
    ? { state: 'ok', subject: 'API key', found: apiKeyFile(home) }
    : { state: 'note', subject: 'API key', found: 'none yet', advice: 'the first start makes one' };
}

function examineTraining({ home }: Config, env: NodeJS.ProcessEnv): Finding {
  const subject = 'training';
  const isThere = findNativeBackend(toolsFolder(home, env)) !== undefined || existsSync(bindingOf(REPOSITORY));
  try {
    const choice = backendChoice(env);
    if (choice === 'native' && !isThere) {
      const advice = 'don setup native installs it; or unset DON_BACKEND';
      return { state: 'wrong', subject, found: 'DON_BACKEND is native, which is not set up', advice };
    }
    if (choice !== 'wasm' && isThere) return { state: 'ok', subject, found: 'on the native backend' };
    return {
      state: 'ok',
      subject,
      found: isThere ? 'on wasm; the native backend is there (DON_BACKEND=native)' : 'on wasm',
    };
  } catch (error) {
    const found = error instanceof Error ? error.message : String(error);
    return { state: 'wrong', subject, found, advice: 'correct DON_BACKEND, or unset it' };
  }
}
