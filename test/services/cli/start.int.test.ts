// time limit: 1200 s
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { REPOSITORY } from '../../../infra/home.ts';
import { identify } from '../../../infra/process-identity.ts';
import { runningServers } from '../../../infra/servers/servers.ts';
import { runningInstance } from '../../../services/supervisor/instance.ts';
import type { AccountStatus } from '../../../services/trader/account-status.ts';
import { isPassingError } from '../../../streams/passing-error.ts';
import { freePort } from '../../support/free-port.ts';
import { testHome } from '../../support/servers.ts';
import { until } from '../../support/until.ts';

// The whole of Don by its command line: up, seen, killed in part and as a whole, up again, down.

const test = suite('services/cli/start');
const MAIN = join(REPOSITORY, 'services', 'cli', 'main.ts');
/** Exit statuses of a command. */
const EXIT = { failed: 1, unreachable: 3 };

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

/** Every process of this home: services and servers. */
function processesOf(home: string): number[] {
  return [...Object.values(runningInstance(home)?.services ?? {}), ...runningServers(home)].map(({ pid }) => pid);
}

interface StatusJson {
  readonly services: readonly {
    readonly service: string;
    readonly state: string;
    readonly heartbeat?: { readonly accounts?: Readonly<Record<string, string>> };
  }[];
  readonly instruments: readonly { readonly instrument: string; readonly rawEntries: number }[];
}

/** What a command says as JSON; undefined where Redis, which was killed, is not up again, or was killed meanwhile. */
async function told<Said>(args: readonly string[], env: Record<string, string>): Promise<Said | undefined> {
  const { code, stdout, stderr } = await output([...args, '--json'], env);
  if (stdout !== '') return JSON.parse(stdout) as Said;
  const isAway = code === EXIT.unreachable || (code === EXIT.failed && isPassingError(new Error(stderr)));
  assert.ok(isAway, `don ${args.join(' ')} ended with ${code}: ${stderr}`);
  return undefined;
}

/** Each look is a process, and all of Don runs beside it. */
const untilLong = <Answer>(what: string, ask: () => Promise<Answer | undefined | false> | Answer | undefined | false) =>
  until(what, ask, 120_000);

const entries = (seen: StatusJson) => seen.instruments.reduce((sum, { rawEntries }) => sum + rawEntries, 0);
const allUp = (seen: StatusJson) => seen.services.length === 6 && seen.services.every(({ state }) => state === 'up');
const trades = (seen: StatusJson) =>
  seen.services.some(({ service, heartbeat }) => service === 'trader' && heartbeat?.accounts?.['paper'] === 'running');

test('up, seen, killed in part, killed as a whole, up again on the same data, and down to the last process', async () => {
  const home = testHome();
  const env = { DON_HOME: home, DON_PORT: String(await freePort()) };
  const untilStatus = (what: string, fits: (seen: StatusJson) => boolean) =>
    untilLong(what, async () => {
      const seen = await told<StatusJson>(['status'], env);
      return seen !== undefined && fits(seen) && seen;
    });
  /** The session, once it has sent more orders than so many. */
  const untilSent = (sent: number) =>
    untilLong(`more than ${sent} orders`, async () => {
      const { items: [account] = [] } = (await told<{ items: AccountStatus[] }>(['trade', 'status'], env)) ?? {};
      return (account?.session?.counts.sent ?? 0) > sent && account!.session!;
    });

  const first = await start(env);
  const key = readFileSync(join(home, 'api-key'), 'utf8').trim();
  assert.is(statSync(join(home, 'api-key')).mode & 0o777, 0o600);
  const login = await fetch(first.ready.dashboard, { redirect: 'manual' });
  assert.is(login.status, 303, 'the link logs in');
  assert.is((await fetch(first.ready.dashboard, { redirect: 'manual' })).status, 401, 'once');
  const answer = await fetch(`${first.ready.api}/status`, { headers: { authorization: `Bearer ${key}` } });
  assert.is(answer.status, 200, 'the key of the set-up is good');
  await untilStatus(
    'events of both instruments',
    (seen) => allUp(seen) && seen.instruments.length === 2 && entries(seen) > 20,
  );

  await untilStatus('paper trading to begin by itself', trades);
  const session = await untilSent(0);

  const again = await output(['start', '--json'], env);
  assert.is(again.code, 0);
  assert.is(JSON.parse(again.stdout).alreadyRunning, true, 'a second start finds the first');

  for (const victim of ['recorder', 'api'] as const) {
    const before = runningInstance(home)!.services[victim]!.pid;
    process.kill(before, 'SIGKILL');
    await untilLong(`${victim} to be started again`, () => {
      const pid = runningInstance(home)?.services[victim]?.pid;
      return pid !== undefined && pid !== before;
    });
  }
  const redisPid = () => runningServers(home).find(({ name }) => name === 'redis')?.pid;
  const before = redisPid()!;
  process.kill(before, 'SIGKILL');
  await untilLong('Redis to be started again', () => redisPid() !== undefined && redisPid() !== before);
  const mended = await untilStatus('all services to be up again', allUp);
  assert.match(first.said(), /recorder ended \(SIGKILL\); starting it again/);
  await untilStatus('recording to go on', (seen) => entries(seen) > entries(mended));

  const services = Object.values(runningInstance(home)!.services).map(({ pid }) => pid);
  first.child.kill('SIGKILL');
  await untilLong('the services to notice that their parent was killed', () =>
    services.every((pid) => identify(pid) === undefined),
  );
  const kept = await untilStatus('what is kept', () => true);
  const second = await start(env);
  const seen = await untilStatus('everything to be up after the kill', allUp);
  assert.ok(entries(seen) >= entries(kept), 'the log goes on where it was');
  await untilStatus('paper trading to go on', trades);
  const after = await untilSent(session.counts.sent);
  assert.is(after.session, session.session, 'it is the same session');
  await untilLong('all processes', () => processesOf(home).length === 9);
  const processes = processesOf(home);
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
