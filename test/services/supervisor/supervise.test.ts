import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { writeWhole } from '../../../infra/home.ts';
import { identify } from '../../../infra/process-identity.ts';
import { runningInstance, stopSupervisor, writeInstance } from '../../../services/supervisor/instance.ts';
import { type SuperviseOptions, supervise } from '../../../services/supervisor/supervise.ts';
import { testHome } from '../../support/servers.ts';
import { until } from '../../support/until.ts';
import { fixtureService, readNotes } from './fixture.ts';

const test = suite('services/supervisor');

function setUp() {
  const home = testHome();
  const said: string[] = [];
  const notes = join(home, 'notes');
  const options: SuperviseOptions = {
    home,
    log: (line) => said.push(line),
    backoffFirstMs: 50,
    backoffMaxMs: 200,
    readyWithinMs: 120_000,
  };
  return { home, said, notes, options };
}

test('starts each after what it waits for, hands on what that said, and ends them in their order', async () => {
  const { notes, options } = setUp();
  const specs = [
    fixtureService('api', notes),
    fixtureService('recorder', notes, 'steady', ['venue']),
    fixtureService('venue', notes),
  ];
  const { runs, stop } = await supervise(specs, options);
  assert.equal([...runs.keys()].sort(), ['api', 'recorder', 'venue']);
  const pids = [...runs.values()].map(({ identity }) => identity.pid);
  assert.ok(readNotes(notes).includes('recorder start at venue'), readNotes(notes).join('\n'));
  await stop();
  assert.equal(readNotes(notes).slice(-3), ['recorder end', 'venue end', 'api end']);
  for (const pid of pids) assert.is(identify(pid), undefined);
});

test('starts a killed service again, with pauses that grow, and says so', async () => {
  const { notes, options, said } = setUp();
  const { runs, stop } = await supervise([fixtureService('deriver', notes), fixtureService('api', notes)], options);
  const other = runs.get('api')!.identity.pid;
  for (let kills = 1; kills <= 2; kills++) {
    const { pid } = runs.get('deriver')!.identity;
    process.kill(pid, 'SIGKILL');
    await until(
      'the deriver to be up again',
      () => said.filter((line) => line === 'deriver is up again').length === kills,
    );
    assert.is.not(runs.get('deriver')!.identity.pid, pid);
  }
  assert.match(said[0]!, /^deriver ended \(SIGKILL\); starting it again in 0\.1 s$/);
  assert.match(said[2]!, /starting it again in 0\.1 s$/);
  assert.is(runs.get('api')!.identity.pid, other, 'the others were left alone');
  await stop();
});

test('a service that never gets ready fails the start with its own words, and ends the others', async () => {
  const { home, notes, options } = setUp();
  const specs = [fixtureService('venue', notes), fixtureService('recorder', notes, 'refuse')];
  const failure = await supervise(specs, options).catch((error: Error) => error);
  assert.instance(failure, Error);
  assert.is(
    (failure as Error).message,
    `The recorder did not start: exit 2: DON_X: expected a number, found "y" (its log is ${join(home, 'logs', 'recorder.log')})`,
  );
  assert.ok(readNotes(notes).includes('venue end'));
  const mute = await supervise([fixtureService('api', notes, 'mute')], { ...options, readyWithinMs: 1_000 }).catch(
    (error: Error) => error,
  );
  assert.match((mute as Error).message, /The api did not start: not ready after 1 s/);
});

test('a stop while a crashed service waits to be started starts nothing more', async () => {
  const { notes, options, said } = setUp();
  const { runs, stop } = await supervise([fixtureService('api', notes)], {
    ...options,
    backoffFirstMs: 600_000,
    backoffMaxMs: 600_000,
  });
  process.kill(runs.get('api')!.identity.pid, 'SIGKILL');
  await until('the crash to be noticed', () => said.length === 1);
  await stop();
  await sleep(100);
  assert.equal(readNotes(notes), ['api start']);
});

test('services notice when their supervisor is killed', async () => {
  const { home, notes } = setUp();
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, 'fixture-supervisor.ts'), home, notes, 'venue', 'api'],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  await once(child.stdout, 'data');
  child.kill('SIGKILL');
  await until('both to notice', () => readNotes(notes).filter((line) => line.endsWith('alone')).length === 2);
});

test('stop ends the supervisor of this home by its file, and never a process that only has its pid', async () => {
  const { home } = setUp();
  const bystander = spawn('sleep', ['600']);
  const identity = identify(bystander.pid!)!;
  const instance = {
    ...identity,
    startTime: 'of another',
    startedMs: 0,
    port: 1,
    instruments: [],
    services: { api: { ...identity, startTime: 'too' } },
  };
  writeWhole(join(home, 'run', 'supervisor.json'), JSON.stringify(instance));
  assert.is(runningInstance(home), undefined);
  assert.is(await stopSupervisor(home, () => {}), false);
  assert.ok(identify(bystander.pid!), 'the bystander lives');
  // A service whose supervisor was killed and that did not notice.
  writeWhole(join(home, 'run', 'supervisor.json'), JSON.stringify({ ...instance, services: { api: identity } }));
  const said: string[] = [];
  assert.is(await stopSupervisor(home, (line) => said.push(line)), true);
  assert.is(identify(bystander.pid!), undefined);
  assert.match(said.join('\n'), /stopping api \(process \d+\), which its supervisor left behind/);
});

test('the file of an instance names this process', () => {
  const { home } = setUp();
  writeInstance(home, { startedMs: 5, ready: true, port: 4000, instruments: ['simulated:BTCUSDT'], services: {} });
  assert.is(runningInstance(home)?.pid, process.pid);
  assert.match(readFileSync(join(home, 'run', 'supervisor.json'), 'utf8'), /simulated:BTCUSDT/);
});

test.run();
