import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { deserialize, serialize } from 'node:v8';
import { Worker } from 'node:worker_threads';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { random } from '../../../../operators/random.ts';
import { barFeatures } from '../../../../pipelines/environment/bar-features.ts';
import type { Environment } from '../../../../pipelines/environment/environment.ts';
import { createDqn } from '../../../../services/trainer/algorithms/dqn.ts';
import { DQN_SETTINGS } from '../../../../services/trainer/algorithms/dqn-settings.ts';
import {
  type EnvironmentThreads,
  openEnvironmentThreads,
} from '../../../../services/trainer/algorithms/environment-threads.ts';
import { createPpo, type PpoCheckpoint } from '../../../../services/trainer/algorithms/ppo.ts';
import { PPO_SETTINGS } from '../../../../services/trainer/algorithms/ppo-settings.ts';
import { sharedColumns } from '../../../../services/trainer/algorithms/shared-columns.ts';
import { awaitTurn, createTurnWords, giveTurn, WORK } from '../../../../services/trainer/algorithms/thread-turns.ts';
import { vectorEnvironment } from '../../../../services/trainer/algorithms/vector-environment.ts';
import { FEATURES } from '../../../pipelines/environment/small-environment.ts';
import { madeBars } from '../../../pipelines/simulation/made-bars.ts';
import { SCALE } from '../../../pipelines/simulation/small-bars.ts';
import { testBackend } from '../../../support/test-backend.ts';
import { createEnvironment as createOnBars } from './threaded-bars.ts';
import { createEnvironment, type Task } from './threaded-tasks.ts';

const test = suite('services/trainer/algorithms/environment-threads');

const TASKS = new URL('./threaded-tasks.ts', import.meta.url);
const COUNT = 5;
const SETTINGS = PPO_SETTINGS.parse({
  totalSteps: 100_000,
  stepsPerUpdate: 50,
  batchSize: 50,
  epochs: 2,
  hiddenSizes: [16],
  normalisesObservations: true,
  normalisesReturns: true,
});

const inThisThread = (make: (n: number) => Environment) => Array.from({ length: COUNT }, (_, n) => make(n));

interface Where {
  readonly module?: URL;
  readonly threads?: number;
  readonly heapMbMax?: number;
}

/** Does something with five environments in threads, and ends them. */
async function withThreads(
  options: Task | object,
  use: (group: EnvironmentThreads) => void | Promise<void>,
  { module = TASKS, threads = 2, ...limits }: Where = {},
): Promise<void> {
  const group = await openEnvironmentThreads({ module, options, count: COUNT, threads, ...limits });
  try {
    await use(group);
  } finally {
    await group.close();
  }
}

const bars = madeBars(11, 900);
const onBars = sharedColumns({ bars, features: barFeatures({ bars, scale: SCALE, features: FEATURES }) });

for (const [name, options, make, where] of [
  ['cart and pole', { task: 'cart-pole' }, (n: number) => createEnvironment({ task: 'cart-pole' }, n), { threads: 3 }],
  [
    'bars',
    onBars,
    (n: number) => createOnBars(onBars, n),
    { module: new URL('./threaded-bars.ts', import.meta.url), threads: 2 },
  ],
] as const)
  test(`PPO is the same to the last bit in threads as in one, and each goes on with what the other kept: ${name}`, async () => {
    const backend = await testBackend();
    const saved = (from: PpoCheckpoint): PpoCheckpoint => deserialize(serialize(from)) as PpoCheckpoint;
    const one = createPpo(backend, inThisThread(make), SETTINGS, 7);
    await withThreads(
      options,
      (group) => {
        const many = createPpo(backend, group, SETTINGS, 7);
        for (let n = 0; n < 3; n++) assert.equal(many.update(), one.update(), `update ${n}`);
        const half = saved(one.checkpoint());
        const halfMany = saved(many.checkpoint());
        assert.equal(halfMany, half);
        for (let n = 3; n < 6; n++) assert.equal(many.update(), one.update(), `update ${n}`);
        const whole = one.checkpoint();
        assert.equal(many.checkpoint(), whole);
        assert.ok(whole.environments.ended > 10, `${whole.environments.ended} episodes ended`);
        assert.ok(
          half.environments.episodes.some(({ actions }) => actions.length > 0),
          'in the middle of episodes',
        );

        const fromMany = createPpo(backend, inThisThread(make), SETTINGS, halfMany);
        const fromOne = createPpo(backend, group, SETTINGS, half);
        for (let n = 3; n < 6; n++) assert.equal(fromOne.update(), fromMany.update(), `update ${n}, taken up`);
        assert.equal(fromMany.checkpoint(), whole);
        assert.equal(fromOne.checkpoint(), whole);
      },
      where,
    );
  });

test('actions of a box are cut to its bounds in a thread too, and threads are at most as many as environments', () =>
  withThreads(
    { task: 'pendulum' },
    (group) => {
      const one = vectorEnvironment(
        inThisThread((n) => createEnvironment({ task: 'pendulum' }, n)),
        3,
      );
      const many = vectorEnvironment(group, 3);
      const { normal } = random(1);
      for (let n = 0; n < 450; n++) {
        const actions = Float32Array.from({ length: COUNT }, () => 3 * normal());
        for (const each of [one, many]) each.step(actions);
        for (const name of ['observations', 'lastObservations', 'rewards', 'terminated', 'truncated'] as const)
          assert.equal([...many[name]], [...one[name]], `${name}, step ${n}`);
      }
      assert.equal(many.state(), one.state());
      assert.equal(many.statistics(), one.statistics());
    },
    { threads: 9 },
  ));

test('DQN takes them too', async () => {
  const backend = await testBackend();
  const settings = DQN_SETTINGS.parse({ totalSteps: 10_000, learningStarts: 200, bufferSize: 1_000, hiddenSizes: [8] });
  const one = createDqn(
    backend,
    inThisThread((n) => createEnvironment({ task: 'cart-pole' }, n)),
    settings,
    3,
  );
  await withThreads({ task: 'cart-pole' }, (group) => {
    const many = createDqn(backend, group, settings, 3);
    for (let n = 0; n < 2; n++) assert.equal(many.update(), one.update());
    assert.equal(many.checkpoint(), one.checkpoint());
  });
});

/** What is thrown. */
async function thrownBy(work: () => unknown): Promise<Error> {
  try {
    await work();
  } catch (error) {
    return error as Error;
  }
  throw new Error('expected something to be thrown, found nothing');
}

test('an environment that cannot be made is named', async () => {
  const { message, cause } = await thrownBy(() => withThreads({ task: 'faulty', how: 'made' }, () => {}));
  assert.is(message, 'environment 2: balance: expected a number above 0, found −1');
  assert.match((cause as Error).stack!, /^RangeError: balance.*\n.*at faulty /, 'where it was thrown');
  const open = (module: URL, count = 2) => openEnvironmentThreads({ module, options: null, count, threads: 1 });
  const other = new URL('../../../control-tasks/pendulum.ts', import.meta.url);
  assert.match(
    (await thrownBy(() => open(other))).message,
    /^environments: .*pendulum.ts: .* createEnvironment, found/,
  );
  const missing = new URL('./not-there.ts', import.meta.url);
  assert.match((await thrownBy(() => open(missing))).message, /^environments: Cannot find module/);
  assert.match((await thrownBy(() => open(TASKS, 0))).message, /^count: .* from 1, found 0/);
});

test('one that does not begin is named', () =>
  withThreads({ task: 'faulty', how: 'begun' }, async (group) => {
    const { message } = await thrownBy(() => vectorEnvironment(group, 1));
    assert.is(message, 'environment 2: no place to begin at');
  }));

for (const [how, expected] of [
  ['throws', /^environment 2: reward: expected a finite number, found NaN$/],
  ['exits', /^environment 2: its thread ended with status 7$/],
  ['hoards', /^environment 2: .*memory/],
] as const)
  test(`one that fails in a step is named, and nothing waits for it: it ${how}`, () =>
    withThreads(
      { task: 'faulty', how },
      async (group) => {
        const envs = vectorEnvironment(group, 1);
        const actions = new Float32Array(COUNT);
        for (let n = 0; n < 2; n++) envs.step(actions);
        const { message } = await thrownBy(() => envs.step(actions));
        assert.match(message, expected);
        assert.is((await thrownBy(() => envs.step(actions))).message, message, 'and again');
      },
      { heapMbMax: 32 },
    ));

test('closing closes each environment once, and what is closed says so', async () => {
  const closed = new Int32Array(new SharedArrayBuffer(4 * COUNT));
  await withThreads({ task: 'closing', closed }, async (group) => {
    const envs = vectorEnvironment(group, 1);
    envs.step(new Float32Array(COUNT));
    assert.equal([...closed], [0, 0, 0, 0, 0]);
    await Promise.all([group.close(), group.close()]);
    assert.equal([...closed], [1, 1, 1, 1, 1]);
    const { message } = await thrownBy(() => envs.step(new Float32Array(COUNT)));
    assert.match(message, /found that they are closed/);
  });
});

test('threads that nobody closes do not keep a process alive', async () => {
  const script = fileURLToPath(new URL('./threads-left-open.ts', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [script], { timeout: 60_000 });
  assert.is(stdout, '3\n');
});

test('a thread that is woken for nothing does nothing', async () => {
  const turns = new URL('../../../../services/trainer/algorithms/thread-turns.ts', import.meta.url);
  const words = createTurnWords(1);
  const counts = new Int32Array(new SharedArrayBuffer(4));
  const code = `const { workerData } = require('node:worker_threads');
    import(workerData.turns).then(({ takeTurns }) =>
      takeTurns(workerData.words, () => void Atomics.add(workerData.counts, 0, 1)));`;
  const thread = new Worker(code, { eval: true, workerData: { turns: turns.href, words, counts } });
  const ended = once(thread, 'exit');
  for (let n = 1; n <= 20; n++) {
    giveTurn(words, WORK.step);
    assert.ok(awaitTurn(words), `turn ${n}`);
    // As by a call that comes late.
    for (let late = 0; late < 20; late++) {
      for (let place = 0; place < words.length; place++) Atomics.notify(words, place);
      await setTimeout(1);
    }
    assert.is(counts[0], n);
  }
  giveTurn(words, WORK.close);
  assert.equal(await ended, [0]);
});

test('columns are moved to shared memory, views of one buffer to one, and all else stays as it is', () => {
  const whole = Float64Array.from({ length: 10 }, (_, n) => n);
  const there = new Uint8Array(new SharedArrayBuffer(2));
  const data = { rows: [{ part: whole.subarray(3, 6), whole }], there, name: 'x', nothing: null, at: new Date(5) };
  const shared = sharedColumns(data);
  assert.equal(shared, data);
  const { part, whole: all } = shared.rows[0]!;
  assert.instance(all.buffer, SharedArrayBuffer);
  assert.is(part.buffer, all.buffer);
  all[3] = 99;
  assert.is(part[0], 99);
  assert.is(whole[3], 3, 'the first ones are left alone');
  assert.is(shared.there.buffer, there.buffer);
});

test.run();
