import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { REPOSITORY } from '../../../infra/home.ts';
import { COMMANDS } from '../../../services/cli/commands.ts';
import { testHome, testServers } from '../../support/servers.ts';

// The command line from outside: exit status, stdout, stderr.

const test = suite('services/cli');

async function don(
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<{ code: number; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [join(REPOSITORY, 'services', 'cli', 'main.ts'), ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exit = once(child, 'exit');
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: (await exit)[0], stdout, stderr };
}

test('--help lists every command, and every command has help with an example', async () => {
  const overview = await don(['--help']);
  assert.is(overview.code, 0);
  for (const { name, summary } of COMMANDS) assert.ok(overview.stdout.includes(summary), `${name} is listed`);
  const helps = await Promise.all(COMMANDS.map(({ name }) => don([name, '--help'])));
  for (const [index, { code, stdout }] of helps.entries()) {
    const { name } = COMMANDS[index]!;
    assert.is(code, 0, name);
    assert.match(stdout, new RegExp(`Usage:\\n  don ${name}`), name);
    assert.match(stdout, /Examples?:\n {2}\S/, name);
    assert.match(stdout, /--json/, name);
  }
});

test('what is misspelt is answered with the nearest name and exit status 2', async () => {
  const answers = await Promise.all([
    don(['strat']),
    don(['status', '--jsno']),
    don(['keys', 'lst']),
    don(['keys', 'create', 'a', '--role', 'root']),
    don([]),
  ]);
  assert.equal(
    answers.map(({ code }) => code),
    [2, 2, 2, 2, 2],
  );
  const [command, flag, action, role] = answers.map(({ stderr }) => stderr.trim());
  assert.is(command, 'don: unknown command "strat"; did you mean don start?');
  assert.is(flag, 'don: don status: unknown flag --jsno; did you mean --json?');
  assert.is(action, 'don: don keys: expected create, list or revoke, found lst; did you mean list?');
  assert.is(role, 'don: --role: expected one of admin, trade, train, replay, read, found "root"');
  assert.ok(
    answers.every(({ stdout }, index) => index === 4 || stdout === ''),
    'nothing of it is on stdout',
  );
});

test('a wrong setting is bad usage, a server that is away is status 3', async () => {
  const home = testHome();
  const port = await don(['status'], { DON_HOME: home, DON_PORT: 'x' });
  assert.equal([port.code, port.stderr], [2, 'don: DON_PORT: expected a port from 1 to 65535, found "x".\n']);
  const away = await don(['keys', 'list'], { DON_HOME: home, DON_POSTGRES_URL: 'postgres://127.0.0.1:1/don' });
  assert.is(away.code, 3);
  assert.match(away.stderr, /PostgreSQL at 127\.0\.0\.1:1 cannot be used: nothing listens there/);
});

test('keys are made, listed without their secret, and revoked', async () => {
  const { postgresUrl } = await testServers('postgres');
  const env = { DON_HOME: testHome(), DON_POSTGRES_URL: postgresUrl };
  const made = await don(['keys', 'create', 'grafana', '--json'], env);
  assert.is(made.code, 0, made.stderr);
  const { id, key, role } = JSON.parse(made.stdout);
  assert.match(key, /^don_live_/);
  assert.is(role, 'read');
  const listed = await don(['keys', 'list', '--json'], env);
  assert.not.match(listed.stdout, new RegExp(key));
  assert.equal(
    JSON.parse(listed.stdout).items.map(({ name, revoked_at }: Record<string, unknown>) => [name, revoked_at]),
    [['grafana', null]],
  );
  assert.is((await don(['keys', 'revoke', id], env)).stdout, `Key ${id} is revoked.\n`);
  assert.ok(
    JSON.parse((await don(['keys', 'list', '--json'], env)).stdout).items[0].revoked_at > 1.7e15,
    'µs since the epoch',
  );
  const again = await don(['keys', 'revoke', id], env);
  assert.is(again.code, 2);
  assert.match(again.stderr, /expected the id of a key that is not revoked/);
});

test('where nothing runs, status says so and fails, stop says so and does not', async () => {
  const env = { DON_HOME: testHome(), NO_COLOR: '1' };
  const status = await don(['status'], env);
  assert.equal(
    [status.code, status.stdout],
    [1, `○ Don is not running in ${env.DON_HOME}. Start it with npx don start.\n`],
  );
  const stop = await don(['stop', '--json'], env);
  assert.equal([stop.code, JSON.parse(stop.stdout)], [0, { stopped: [] }]);
});

test('doctor finds what is wrong and says how to mend it', async () => {
  const { redisUrl } = await testServers('redis');
  const env = {
    DON_HOME: testHome(),
    DON_PORT: new URL(redisUrl).port,
    DON_POSTGRES_URL: 'postgres://127.0.0.1:1/don',
  };
  const { code, stdout } = await don(['doctor', '--json'], env);
  const { ok, findings } = JSON.parse(stdout);
  const wrong = findings.filter(({ state }: { state: string }) => state === 'wrong');
  assert.equal(
    [code, ok, wrong.map(({ subject }: { subject: string }) => subject)],
    [1, false, ['port', 'PostgreSQL']],
  );
  assert.match(wrong[0].advice, /set DON_PORT to another one/);
  assert.match(wrong[1].advice, /nothing listens there/);
});

test('a reader that stops early is no error', async () => {
  const child = spawn('sh', ['-c', `"${process.execPath}" services/cli/main.ts --help | head -1`], {
    cwd: REPOSITORY,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  assert.match(stdout, /^Don records/);
  assert.is(stderr, '');
});

test.run();
