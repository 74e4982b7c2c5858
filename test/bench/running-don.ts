import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { REPOSITORY, toolsFolder } from '../../infra/home.ts';
import { freePort } from '../support/free-port.ts';

const START_WITHIN_MS = 300_000;
const STOP_WITHIN_MS = 30_000;

/** `don start` in a home of its own, as a user starts it. */
export interface RunningDon {
  /** Address of the API. */
  readonly url: string;
  /** Of the API's key. */
  readonly authorization: string;
  /** Process id of the supervisor. */
  readonly pid: number;
  stop(): Promise<void>;
}

/** A home and a port for several starts; the downloaded tools are shared. */
export interface DonHome {
  start(env?: Readonly<Record<string, string>>): Promise<RunningDon>;
  remove(): void;
}

export async function donHome(): Promise<DonHome> {
  const home = mkdtempSync(join(tmpdir(), 'don-bench-'));
  const port = await freePort();
  return {
    async start(env = {}) {
      const child = spawn(process.execPath, [join(REPOSITORY, 'infra', 'launch.mjs'), 'start', '--json'], {
        cwd: home,
        env: {
          ...process.env,
          DON_TOOLS: toolsFolder(join(REPOSITORY, '.don')),
          DON_HOME: home,
          DON_PORT: String(port),
          ...env,
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      await readyLine(child);
      const authorization = `Bearer ${readFileSync(join(home, 'api-key'), 'utf8').trim()}`;
      return { url: `http://127.0.0.1:${port}`, authorization, pid: child.pid!, stop: () => stop(child) };
    },
    remove: () => rmSync(home, { recursive: true, force: true }),
  };
}

/** Waits for the first event of the topics, and cuts the stream. */
export async function firstEvent({ url, authorization }: RunningDon, topics: string): Promise<void> {
  const response = await fetch(`${url}/api/v1/stream?topics=${topics}`, { headers: { authorization } });
  if (!response.ok || response.body === null) throw new Error(`stream: expected 200, found ${response.status}`);
  let text = '';
  for await (const chunk of response.body) {
    text += Buffer.from(chunk).toString();
    if (/^data: /m.test(text)) return;
  }
  throw new Error(`stream: expected an event, found its end after ${JSON.stringify(text)}`);
}

async function readyLine(child: ChildProcess): Promise<void> {
  let out = '';
  let errors = '';
  child.stderr!.on('data', (chunk) => (errors += chunk));
  await new Promise<void>((resolve, reject) => {
    const fail = (why: string): void => reject(new Error(`don start: ${why}\n${errors}`));
    const timer = setTimeout(() => fail(`not ready within ${START_WITHIN_MS / 1_000} s`), START_WITHIN_MS);
    child.once('exit', (code) => fail(`ended with ${code}`));
    child.stdout!.on('data', (chunk) => {
      out += chunk;
      if (!out.includes('"ready":true')) return;
      clearTimeout(timer);
      resolve();
    });
  });
}

async function stop(child: ChildProcess): Promise<void> {
  child.kill('SIGINT');
  const gone = new Promise((resolve) => child.once('exit', resolve));
  if ((await Promise.race([gone, sleep(STOP_WITHIN_MS, 'late')])) === 'late')
    throw new Error('don start does not stop');
}
