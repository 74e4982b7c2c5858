// time limit: 900 s
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { getPriority } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { BACKGROUND_NICENESS } from '../../infra/background-priority.ts';
import { writeWhole } from '../../infra/home.ts';
import { connectPostgres } from '../../infra/postgres.ts';
import { findByArguments, identify, isRunning } from '../../infra/process-identity.ts';
import { questdbQuery, questdbRows } from '../../infra/questdb.ts';
import { connectRedis } from '../../infra/redis.ts';
import { ensureServers, runningServers, type ServerName, stopServers } from '../../infra/servers/servers.ts';
import { testHome } from '../support/servers.ts';
import { until } from '../support/until.ts';

// Private servers of a home of their own: real programs, killed and crossed in every way that a machine can.

const test = suite('infra/servers');
const ALL: readonly ServerName[] = ['redis', 'questdb', 'postgres'];
const QUICK: readonly ServerName[] = ['redis', 'postgres'];

/** Runs the work in a new home and stops its servers. */
async function inHome(
  work: (home: string, log: (line: string) => void, said: string[]) => Promise<void>,
): Promise<void> {
  const home = testHome();
  const said: string[] = [];
  try {
    await work(home, (line) => said.push(line), said);
  } finally {
    await stopServers(home);
  }
}

const pids = (home: string) => new Map(runningServers(home).map(({ name, pid }) => [name, pid]));

async function rejection(promise: Promise<unknown>): Promise<Error> {
  const outcome = await promise.then(
    () => new Error('it was expected to fail and did not'),
    (error: Error) => error,
  );
  return outcome;
}

test('all three start, are found again, and are ended with everything that they started', () =>
  inHome(async (home, log) => {
    const first = await ensureServers({ home, want: ALL, log });
    const started = pids(home);
    assert.is(started.size, 3);
    assert.equal(await ensureServers({ home, want: ALL, log }), first, 'a second call finds the same servers');
    assert.equal(pids(home), started);
    const questdb = started.get('questdb')!;
    assert.is(getPriority(questdb), BACKGROUND_NICENESS, 'QuestDB leaves the processors to the others');
    const autogroup = `/proc/${questdb}/autogroup`;
    if (existsSync(autogroup))
      assert.match(readFileSync(autogroup, 'utf8'), new RegExp(`nice ${BACKGROUND_NICENESS}$`, 'm'));
    const { mode } = statSync(join(home, 'secrets', 'redis-password'));
    assert.is(mode & 0o777, 0o600, 'passwords are for this user only');
    const socket = new URL(first.redisUrl!).searchParams.get('path')!;
    assert.is(statSync(socket).mode & 0o777, 0o700, 'and so is the socket of Redis');
    assert.equal(await stopServers(home), ['redis', 'questdb', 'postgres']);
    for (const pid of started.values()) assert.is(identify(pid), undefined, `process ${pid} has ended`);
    assert.equal(await stopServers(home), []);
  }));

test('kill -9 of each leaves nothing in the way of the next start, and the data stays', () =>
  inHome(async (home, log) => {
    const first = await ensureServers({ home, want: ALL, log });
    const redis = await connectRedis(first.redisUrl!);
    await redis.set('kept', 'yes');
    await redis.disconnect();
    const pool = await connectPostgres(first.postgresUrl!);
    await pool.query('CREATE TABLE kept (word text)');
    await pool.query("INSERT INTO kept VALUES ('yes')");
    await pool.end();
    await questdbQuery(first.questdbUrl!, 'CREATE TABLE kept (word VARCHAR)');
    await questdbQuery(first.questdbUrl!, "INSERT INTO kept VALUES ('yes')");
    // Redis syncs its file once a second; a killed process loses nothing that the kernel has.
    for (const pid of pids(home).values()) process.kill(pid, 'SIGKILL');
    const second = await ensureServers({ home, want: ALL, log });
    assert.equal(second, first, 'the ports and passwords are those of before');
    const redisAgain = await connectRedis(second.redisUrl!);
    assert.is(await redisAgain.get('kept'), 'yes');
    redisAgain.disconnect();
    const poolAgain = await connectPostgres(second.postgresUrl!);
    assert.equal((await poolAgain.query('SELECT word FROM kept')).rows, [{ word: 'yes' }]);
    await poolAgain.end();
    assert.equal(await questdbRows(second.questdbUrl!, 'SELECT word FROM kept'), [{ word: 'yes' }]);
  }));

test('a stale pid file that names a process of others stops no start and kills nobody', () =>
  inHome(async (home, log) => {
    await ensureServers({ home, want: QUICK, log });
    for (const pid of pids(home).values()) process.kill(pid, 'SIGKILL');
    const bystander = spawn('sleep', ['600']);
    try {
      for (const name of QUICK)
        writeWhole(
          join(home, 'run', `${name}.json`),
          JSON.stringify({ name, pid: bystander.pid, startTime: 'of another', ports: {} }),
        );
      // What PostgreSQL would take for itself: its own pid file, with a pid that is alive.
      const pidFile = join(home, 'data', 'postgres', 'postmaster.pid');
      const [, ...rest] = readFileSync(pidFile, 'utf8').split('\n');
      writeFileSync(pidFile, [bystander.pid, ...rest].join('\n'));
      await ensureServers({ home, want: QUICK, log });
      assert.is(pids(home).size, 2);
      await stopServers(home);
      assert.ok(isRunning(identify(bystander.pid!)!), 'the other process still runs');
    } finally {
      bystander.kill('SIGKILL');
    }
  }));

test('a server whose run file was lost is found by its arguments and not started beside itself', () =>
  inHome(async (home, log) => {
    await ensureServers({ home, want: QUICK, log });
    const lost = [...pids(home).values()];
    for (const name of QUICK) rmSync(join(home, 'run', `${name}.json`));
    await ensureServers({ home, want: QUICK, log });
    for (const pid of lost)
      assert.is(identify(pid), undefined, `the lost process ${pid} was ended before the new one began`);
    assert.is(pids(home).size, 2);
  }));

test('a process below another root is none of ours, whatever its arguments are', async () => {
  const mark = `mark-${process.pid}`;
  const program = ['/bin/sh', '-c', 'sleep 600; :', mark];
  const folders = '/bin /lib /lib64 /usr';
  const otherRoot = `mount -t tmpfs none /mnt && for f in ${folders}; do [ ! -e $f ] || { mkdir /mnt$f && mount --bind $f /mnt$f; }; done`;
  const here = spawn(program[0]!, program.slice(1), { stdio: 'ignore' });
  const elsewhere = spawn(
    'unshare',
    ['--mount', 'sh', '-c', `${otherRoot} && exec chroot /mnt "$@"`, 'sh', ...program],
    { stdio: 'ignore' },
  );
  try {
    await until('this program', () => findByArguments([mark]).some(({ pid }) => pid === here.pid));
    await until('the other one below its root, or its end', () => {
      if (elsewhere.exitCode !== null) return true;
      // Undefined: it has ended and we have not heard of it yet.
      const its = statSync(`/proc/${elsewhere.pid}/root/`, { throwIfNoEntry: false });
      const ours = statSync('/');
      return its !== undefined && (its.ino !== ours.ino || its.dev !== ours.dev);
    });
    if (elsewhere.exitCode === null)
      assert.equal(
        findByArguments([mark]).map(({ pid }) => pid),
        [here.pid],
      );
    else console.log('SKIP: this user cannot make another root');
  } finally {
    here.kill('SIGKILL');
    elsewhere.kill('SIGKILL');
  }
});

test('a port that another program took is given up for a free one, and that is said', () =>
  inHome(async (home, log, said) => {
    const first = await ensureServers({ home, want: ['redis'], log });
    await stopServers(home);
    const port = Number(new URL(first.redisUrl!).port);
    const taker = createServer().listen(port, '127.0.0.1');
    await once(taker, 'listening');
    try {
      const second = await ensureServers({ home, want: ['redis'], log });
      assert.is.not(new URL(second.redisUrl!).port, String(port));
      assert.ok(
        said.some((line) => line.includes(`another program has the port of last time (redis ${port})`)),
        said.join('\n'),
      );
    } finally {
      taker.close();
    }
  }));

test('two that start at the same time share one set of servers', () =>
  inHome(async (home, log) => {
    const both = await Promise.all([
      ensureServers({ home, want: QUICK, log }),
      ensureServers({ home, want: QUICK, log }),
    ]);
    assert.equal(both[0], both[1]);
    assert.is(pids(home).size, 2);
  }));

test('a password file that was changed is explained', () =>
  inHome(async (home, log) => {
    await ensureServers({ home, want: ['postgres'], log });
    await stopServers(home);
    writeWhole(join(home, 'secrets', 'postgres-password'), 'another\n');
    const { message } = await rejection(ensureServers({ home, want: ['postgres'], log }));
    assert.match(message, /refuses the password in .*postgres-password: put the old file back/);
  }));

test('URLs in the environment are tried, and what is wrong with them is said', () =>
  inHome(async (home, log) => {
    const { redisUrl, postgresUrl } = await ensureServers({ home, want: QUICK, log });
    const tryEnv = (env: NodeJS.ProcessEnv, want: ServerName[]) => rejection(ensureServers({ home, want, env }));
    const wrong = (url: string) => url.replace(/:[^:@]*@/, ':wrong@');
    assert.equal(await ensureServers({ home, want: ['redis'], env: { DON_REDIS_URL: redisUrl } }), { redisUrl });
    assert.match(
      (await tryEnv({ DON_REDIS_URL: wrong(redisUrl!) }, ['redis'])).message,
      /refuses the password: correct the one in DON_REDIS_URL/,
    );
    assert.match(
      (await tryEnv({ DON_REDIS_URL: 'redis://127.0.0.1:1' }, ['redis'])).message,
      /nothing listens there: start it, correct DON_REDIS_URL/,
    );
    assert.match(
      (await tryEnv({ DON_REDIS_URL: 'localhost' }, ['redis'])).message,
      /DON_REDIS_URL: expected a URL that begins with redis:\/\//,
    );
    assert.match(
      (await tryEnv({ DON_POSTGRES_URL: wrong(postgresUrl!) }, ['postgres'])).message,
      /refuses the user or password: correct DON_POSTGRES_URL/,
    );
    assert.match(
      (await tryEnv({ DON_POSTGRES_URL: postgresUrl!.replace(/\/don$/, '/none') }, ['postgres'])).message,
      /"none" does not exist: create that database/,
    );
    assert.match(
      (await tryEnv({ DON_QUESTDB_URL: 'http://127.0.0.1:1' }, ['questdb'])).message,
      /set DON_QUESTDB_PG_URL .* as well/,
    );
  }));

test.run();
