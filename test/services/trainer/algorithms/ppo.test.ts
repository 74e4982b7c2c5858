import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Environment } from '../../../../pipelines/environment/environment.ts';
import { readCheckpoint, writeCheckpoint } from '../../../../services/trainer/algorithms/checkpoint-file.ts';
import { TrainingDiverged } from '../../../../services/trainer/algorithms/learner.ts';
import { openPolicy } from '../../../../services/trainer/algorithms/policy.ts';
import { createPpo, type PpoCheckpoint } from '../../../../services/trainer/algorithms/ppo.ts';
import { PPO_SETTINGS, type PpoSettings } from '../../../../services/trainer/algorithms/ppo-settings.ts';
import { checkSettings } from '../../../../services/trainer/algorithms/settings.ts';
import { train } from '../../../../services/trainer/algorithms/train.ts';
import { cartPole } from '../../../control-tasks/cart-pole.ts';
import { pendulum } from '../../../control-tasks/pendulum.ts';
import { testBackend } from '../../../support/test-backend.ts';

const test = suite('services/trainer/algorithms/ppo');
const SHORT: PpoSettings = PPO_SETTINGS.parse({
  totalSteps: 2_560,
  stepsPerUpdate: 64,
  batchSize: 100,
  epochs: 3,
  learningRate: 3e-3,
  learningRateSchedule: 'linear',
  clipRangeSchedule: 'linear',
  valueClipRange: 0.2,
  entropyCoefficient: 0.01,
  hiddenSizes: [16, 8],
});
const four = (make: () => Environment): Environment[] => Array.from({ length: 4 }, make);

for (const [make, settings] of [
  [cartPole, SHORT],
  [
    pendulum,
    { ...SHORT, normalisesObservations: true, normalisesReturns: true, activation: 'relu', targetKl: 0.02 } as const,
  ],
] as const)
  test(`killed after 5 updates and taken up from the file, it equals 10 at once to the last bit: ${make.name}`, async () => {
    const backend = await testBackend();
    const folder = mkdtempSync(join(tmpdir(), 'don-ppo-'));
    try {
      const whole = createPpo(backend, four(make), settings, 7);
      const wholeMetrics = Array.from({ length: 10 }, () => whole.update());
      const first = createPpo(backend, four(make), settings, 7);
      const metrics = Array.from({ length: 5 }, () => first.update());
      const file = join(folder, 'checkpoint');
      writeCheckpoint(file, first.checkpoint());
      const second = createPpo(backend, four(make), settings, readCheckpoint<PpoCheckpoint>(file, 'ppo'));
      for (let n = 5; n < 10; n++) metrics.push(second.update());
      assert.equal(metrics, wholeMetrics);
      assert.equal(second.checkpoint(), whole.checkpoint());
      assert.ok(whole.isDone() && second.isDone() && whole.globalStep() === 2_560);
      const { parameters } = createPpo(backend, four(make), settings, 7).checkpoint();
      assert.not.equal(parameters, whole.checkpoint().parameters, 'something was learned');
      assert.not.equal(parameters, createPpo(backend, four(make), settings, 8).checkpoint().parameters, 'by the seed');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

test('metrics are the ones that docs/training.md defines, and no tensor is left', async () => {
  const backend = await testBackend();
  const ppo = createPpo(backend, four(cartPole), SHORT, 1);
  ppo.update();
  const before = backend.tensors();
  const metrics = ppo.update();
  assert.is(backend.tensors(), before);
  const page = readFileSync(new URL('../../../../docs/training.md', import.meta.url), 'utf8');
  for (const [name, value] of Object.entries(metrics)) {
    assert.ok(page.includes(`| ${name} |`), `${name} is defined`);
    assert.ok(Number.isFinite(value), `${name}: ${value}`);
  }
  assert.is(metrics['globalStep'], 512);
  assert.is(metrics['learningRate'], 3e-3 * (1 - 512 / 2_560));
});

test('a loss that is no number stops the run at its step, and the last good checkpoint stays', async () => {
  const backend = await testBackend();
  let steps = 0;
  // The reward is no number from the 3rd update on.
  const poisoned = (): Environment => {
    const task = cartPole();
    return {
      ...task,
      step: (action) => ({ ...task.step(action), reward: ++steps > 600 ? Number.NaN : 1 }),
    };
  };
  const kept: PpoCheckpoint[] = [];
  try {
    const ppo = createPpo(backend, four(poisoned), SHORT, 1);
    await train(ppo, { checkpointEvery: 1, onCheckpoint: (checkpoint) => void kept.push(checkpoint) });
    assert.unreachable('it must stop');
  } catch (error) {
    assert.instance(error, TrainingDiverged);
    assert.match((error as Error).message, /^policyLoss: expected a finite number, found NaN at step 768$/);
    assert.is((error as TrainingDiverged).globalStep, 768);
  }
  assert.equal(
    kept.map(({ globalStep }) => globalStep),
    [256, 512],
  );
  assert.ok(kept.at(-1)!.parameters.every(Number.isFinite));
  // From it the run goes on where the reward is a number again.
  const again = createPpo(backend, four(cartPole), SHORT, kept.at(-1)!);
  assert.ok(Number.isFinite(again.update()['policyLoss']));
});

test('a run ends where enough is learned, or where it is told to', async () => {
  const backend = await testBackend();
  const steps: number[] = [];
  const enough = createPpo(backend, four(cartPole), SHORT, 1);
  await train(enough, {
    checkpointEvery: 10,
    onMetrics: ({ globalStep }) => globalStep === 512,
    onCheckpoint: ({ globalStep }) => void steps.push(globalStep),
  });
  assert.equal(steps, [512], 'with a checkpoint of its end');
  const stopped = createPpo(backend, four(cartPole), SHORT, 1);
  await train(stopped, { checkpointEvery: 10, signal: AbortSignal.abort() });
  assert.is(stopped.globalStep(), 0);
});

test('a policy needs no backend, and acts within the bounds', async () => {
  const backend = await testBackend();
  const balance = createPpo(backend, four(cartPole), SHORT, 1);
  balance.update();
  const action = openPolicy(structuredClone(balance.policy()))(new Float32Array([0, 0, 0.1, 0]));
  assert.ok(action === 0 || action === 1);
  const swing = createPpo(backend, four(pendulum), { ...SHORT, normalisesObservations: true }, 1);
  swing.update();
  const data = swing.policy();
  data.network.parameters.fill(9);
  assert.equal(openPolicy(data)(new Float32Array([1, 0, 0])), new Float32Array([2]), 'cut to the bounds');
});

test('settings and checkpoints that cannot be are refused by name', async () => {
  const refusal = (raw: unknown): string => {
    try {
      checkSettings(PPO_SETTINGS, raw);
    } catch (error) {
      return (error as Error).message;
    }
    return 'none';
  };
  assert.match(
    refusal({ lerningRate: 1 }),
    /^lerningRate: expected one of totalSteps, .* did you mean learningRate\?$/,
  );
  assert.is(refusal({ gamma: 1.5 }), 'gamma: expected a number from 0 to 1, found 1.5');
  assert.is(refusal({ batchSize: 0 }), 'batchSize: expected a whole number of at least 2, found 0');
  assert.is(refusal({ hiddenSizes: [64, -1] }), 'hiddenSizes/1: expected a whole number of at least 1, found -1');
  assert.is(refusal({ activation: 'gelu' }), 'activation: expected tanh or relu, found "gelu"');
  assert.equal(checkSettings(PPO_SETTINGS, {}), PPO_SETTINGS.parse({}));

  const folder = mkdtempSync(join(tmpdir(), 'don-ppo-'));
  try {
    const checkpoint = createPpo(await testBackend(), four(cartPole), SHORT, 1).checkpoint();
    const file = join(folder, 'checkpoint');
    writeCheckpoint(file, checkpoint);
    assert.equal(readCheckpoint(file, 'ppo'), checkpoint);
    assert.throws(() => readCheckpoint(file, 'sac'), /expected a checkpoint of sac, found one of ppo/);
    const bytes = readFileSync(file);
    bytes[bytes.length - 5]! ^= 1;
    writeFileSync(file, bytes);
    assert.throws(() => readCheckpoint(file, 'ppo'), /SHA-256 .* the file is damaged/);
    writeFileSync(file, '{"not": "one"}');
    assert.throws(() => readCheckpoint(file, 'ppo'), /expected a checkpoint, found/);
    const wider = { ...SHORT, hiddenSizes: [17, 8] };
    const backend = await testBackend();
    assert.throws(() => createPpo(backend, four(cartPole), wider, checkpoint), /^checkpoint\/parameters: expected \d+/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test.run();
