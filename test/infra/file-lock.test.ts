import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { withFileLock } from '../../infra/file-lock.ts';
import { readIfThere, secret, writeWhole } from '../../infra/home.ts';
import { identify, isRunning } from '../../infra/process-identity.ts';
import { testHome } from '../support/servers.ts';
import { until } from '../support/until.ts';

const test = suite('infra/file-lock');

test('one at a time, and the lock is gone afterwards, also after a failure', async () => {
  const path = join(testHome(), 'lock');
  let inside = 0;
  let most = 0;
  const work = () =>
    withFileLock(path, async () => {
      inside += 1;
      most = Math.max(most, inside);
      await sleep(20);
      inside -= 1;
    });
  await Promise.all([work(), work(), work()]);
  assert.is(most, 1);
  const failure = await withFileLock(path, () => Promise.reject(new Error('failed inside'))).catch(
    (error: Error) => error.message,
  );
  assert.is(failure, 'failed inside');
  assert.is(existsSync(path), false);
});

test('the lock of a process that died, or whose pid another one has now, is taken over', async () => {
  const path = join(testHome(), 'lock');
  const child = spawn('sleep', ['600']);
  const identity = identify(child.pid!)!;
  for (const holder of [
    { ...identity, startTime: 'earlier' },
    { pid: 4_190_000, startTime: 'x' },
  ]) {
    writeWhole(path, JSON.stringify(holder));
    assert.is(await withFileLock(path, async () => 'mine'), 'mine');
  }
  writeWhole(path, JSON.stringify(identity));
  let waitedFor = 0;
  const waiting = withFileLock(
    path,
    async () => 'mine',
    (pid) => (waitedFor = pid),
  );
  // A living holder is waited for.
  await until('the wait', () => waitedFor === child.pid);
  child.kill('SIGKILL');
  await once(child, 'exit');
  assert.is(await waiting, 'mine');
});

test('a process is known by its start, not by its pid', async () => {
  const child = spawn('sleep', ['600']);
  const identity = identify(child.pid!)!;
  assert.ok(isRunning(identity));
  assert.not.ok(isRunning({ ...identity, startTime: `${identity.startTime}0` }));
  child.kill('SIGKILL');
  await once(child, 'exit');
  assert.is(identify(child.pid!), undefined);
});

test('a secret is made once and is for this user only', () => {
  const home = testHome();
  const first = secret(home, 'a');
  assert.match(first, /^[\w-]{43}$/);
  assert.is(secret(home, 'a'), first);
  assert.is.not(secret(home, 'b'), first);
  assert.is(statSync(join(home, 'secrets', 'a')).mode & 0o777, 0o600);
  assert.is(readIfThere(join(home, 'secrets', 'none')), undefined);
});

test.run();
