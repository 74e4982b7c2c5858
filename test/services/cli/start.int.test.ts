// time limit: 600 s
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { REPOSITORY } from '../../../infra/home.ts';
import { identify } from '../../../infra/process-identity.ts';
import { runningServers } from '../../../infra/servers/servers.ts';
import { runningInstance } from '../../../services/supervisor/instance.ts';
import type { AccountStatus } from '../../../services/trader/account-status.ts';
import { testHome } from '../../support/servers.ts';

// The whole of Don by its command line: up, seen, killed in part and as a whole, up again, down.

const test = suite('services/cli/start');
const MAIN = join(REPOSITORY, 'services', 'cli', 'main.ts');

interface Ready {
  readonly dashboard: string;
  readonly api: string;
  readonly alreadyRunning?: boolean;
}

interface Started {
  readonly child: ChildProcess;
  readonly ready: Ready;
  readonly said: () => string;
}

function don(args: readonly string[], env: NodeJS.ProcessEnv): ChildProcess {
  return spawn(process.execPath, [MAIN, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function output(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<{ code: number; stdout: string; stderr: string }> {
  const child = don(args, env);
  const exit = once(child, 'exit');
  const [stdout, stderr] = await Promise.all([text(child.stdout!), text(child.stderr!)]);
  return { code: (await exit)[0], stdout, stderr };
}

async function start(env: NodeJS.ProcessEnv): Promise<Started> {
  const child = don(['start', '--json'], env);
  // So that a test that fails leaves nothing behind: it ends all that it started.
  process.on('exit', () => child.kill('SIGTERM'));
  let said = '';
  child.stderr!.setEncoding('utf8').on('data', (part: string) => (said += part));
  const ended = once(child, 'exit').then(() => {
    throw new Error(`don start ended before it was ready: ${said}`);
  });
  ended.catch(() => {});
  const [line] = await Promise.race([once(child.stdout!.setEncoding('utf8'), 'data'), ended]);
  return { child, ready: JSON.parse(line), said: () => said };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** Every process of this home: services and servers. */
function processesOf(home: string): number[] {
  return [...Object.values(runningInstance(home)?.services ?? {}), ...runningServers(home)].map(({ pid }) => pid);
}

async function until<Result>(
  ask: () => Promise<Result>,
  isTrue: (result: Result) => boolean,
  what: string,
): Promise<Result> {
  for (const limitMs = Date.now() + 60_000; ; await sleep(200)) {
    const result = await ask();
    if (isTrue(result)) return result;
    if (Date.now() > limitMs) throw new Error(`waited in vain for ${what}: ${JSON.stringify(result)}`);
  }
}

interface StatusJson {
  readonly services: readonly {
    readonly service: string;
    readonly state: string;
    readonly heartbeat?: { readonly accounts?: Readonly<Record<string, string>> };
  }[];
  readonly instruments: readonly { readonly instrument: string; readonly rawEntries: number }[];
}

async function tradingStatus(env: Record<string, string>): Promise<{ items: AccountStatus[] }> {
  return JSON.parse((await output(['trade', 'status', '--json'], env)).stdout);
}

test('up, seen, killed in part, killed as a whole, up again on the same data, and down to the last process', async () => {
  const home = testHome();
  const env = { DON_HOME: home, DON_PORT: String(await freePort()) };
  const status = async (): Promise<StatusJson> => JSON.parse((await output(['status', '--json'], env)).stdout);
  const entries = (seen: StatusJson) => seen.instruments.reduce((sum, { rawEntries }) => sum + rawEntries, 0);
  const allUp = (seen: StatusJson) => seen.services.length === 6 && seen.services.every(({ state }) => state === 'up');

  const trades = (seen: StatusJson) =>
    seen.services.some(
      ({ service, heartbeat }) => service === 'trader' && heartbeat?.accounts?.['paper'] === 'running',
    );

  const first = await start(env);
  const key = readFileSync(join(home, 'api-key'), 'utf8').trim();
  assert.is(statSync(join(home, 'api-key')).mode & 0o777, 0o600);
  const login = await fetch(first.ready.dashboard, { redirect: 'manual' });
  assert.is(login.status, 303, 'the link logs in');
  assert.is((await fetch(first.ready.dashboard, { redirect: 'manual' })).status, 401, 'once');
  const answer = await fetch(`${first.ready.api}/status`, { headers: { authorization: `Bearer ${key}` } });
  assert.is(answer.status, 200, 'the key of the set-up is good');
  await until(
    status,
    (seen) => allUp(seen) && seen.instruments.length === 2 && entries(seen) > 20,
    'events of both instruments',
  );

  await until(status, trades, 'paper trading to begin by itself');
  const { session } = (await tradingStatus(env)).items[0]!;

  const again = await output(['start', '--json'], env);
  assert.is(again.code, 0);
  assert.is(JSON.parse(again.stdout).alreadyRunning, true, 'a second start finds the first');

  for (const victim of ['recorder', 'api'] as const) {
    const before = runningInstance(home)!.services[victim]!.pid;
    process.kill(before, 'SIGKILL');
    await until(
      async () => runningInstance(home)?.services[victim]?.pid,
      (pid) => pid !== undefined && pid !== before,
      `${victim} to be started again`,
    );
  }
  const redis = runningServers(home).find(({ name }) => name === 'redis')!;
  process.kill(redis.pid, 'SIGKILL');
  await until(
    async () => runningServers(home).find(({ name }) => name === 'redis')?.pid,
    (pid) => pid !== undefined && pid !== redis.pid,
    'Redis to be started again',
  );
  const mended = await until(status, allUp, 'all services to be up again');
  assert.match(first.said(), /recorder ended \(SIGKILL\); starting it again/);
  await until(status, (seen) => entries(seen) > entries(mended), 'recording to go on');

  const services = Object.values(runningInstance(home)!.services).map(({ pid }) => pid);
  first.child.kill('SIGKILL');
  await until(
    async () => services.filter((pid) => identify(pid) !== undefined),
    (left) => left.length === 0,
    'the services to notice that their parent was killed',
  );
  const kept = await status();
  const second = await start(env);
  const seen = await until(status, allUp, 'everything to be up after the kill');
  assert.ok(entries(seen) >= entries(kept), 'the log goes on where it was');
  await until(status, trades, 'paper trading to go on');
  const after = (await tradingStatus(env)).items[0]!;
  assert.is(after.session?.session, session?.session, 'it is the same session');
  assert.ok(after.session!.counts.sent > session!.counts.sent);
  const processes = processesOf(home);
  assert.is(processes.length, 9);
  const exit = once(second.child, 'exit');
  second.child.kill('SIGINT');
  second.child.kill('SIGINT');
  assert.equal(await exit, [0, null]);
  for (const pid of processes) assert.is(identify(pid), undefined, `process ${pid} has ended`);
});

test('don stop ends a start elsewhere; a taken port is refused with what to do', async () => {
  const home = testHome();
  const port = await freePort();
  const env = { DON_HOME: home, DON_PORT: String(port) };
  const taker = createServer().listen(port, '127.0.0.1');
  await once(taker, 'listening');
  const refused = await output(['start'], env);
  assert.is(refused.code, 1);
  assert.match(
    refused.stderr,
    new RegExp(
      `Port ${port} of 127\\.0\\.0\\.1 is taken by another program\\. Choose another one \\(DON_PORT=${port + 1} npm start\\)`,
    ),
  );
  assert.equal(runningServers(home), [], 'and nothing was started');
  taker.close();
  const { child } = await start(env);
  const processes = processesOf(home);
  // Its terminal has gone: what it says reaches nobody, and it ends everything all the same.
  child.stdout!.destroy();
  child.stderr!.destroy();
  const exit = once(child, 'exit');
  const stop = await output(['stop', '--json'], env);
  assert.is(stop.code, 0);
  await exit;
  for (const pid of processes) assert.is(identify(pid), undefined, `process ${pid} has ended`);
});

test.run();
