import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createDqn } from '../../../../services/trainer/algorithms/dqn.ts';
import { DQN_SETTINGS } from '../../../../services/trainer/algorithms/dqn-settings.ts';
import { checkMemory, minibatchNeed, parametersNeed } from '../../../../services/trainer/algorithms/memory-need.ts';
import { createPpo } from '../../../../services/trainer/algorithms/ppo.ts';
import { PPO_SETTINGS } from '../../../../services/trainer/algorithms/ppo-settings.ts';
import { createSac } from '../../../../services/trainer/algorithms/sac.ts';
import { SAC_SETTINGS } from '../../../../services/trainer/algorithms/sac-settings.ts';
import { cartPole } from '../../../control-tasks/cart-pole.ts';
import { pendulum } from '../../../control-tasks/pendulum.ts';
import { testBackend } from '../../../support/test-backend.ts';

const test = suite('services/trainer/algorithms/memory-need');
const SHAPE = { sizes: [4, 64, 2], activation: 'tanh' } as const;
const WASM = { name: 'wasm', heapMax: 2 ** 32 } as const;

test('a run that does not fit is refused by the setting that wants most, with what is needed', () => {
  const needs = [parametersNeed('hiddenSizes', [SHAPE]), minibatchNeed('batchSize', 2 ** 20, [SHAPE])];
  // 4·64 + 64 + 64·2 + 2 parameters; 4 + 64 and 64 + 2 numbers a row, and the greater again.
  assert.is(needs[0]!.bytes, 5 * 4 * 450);
  assert.is(needs[1]!.bytes, 2 ** 20 * 4 * 2 * (134 + 68));
  checkMemory(WASM, needs, 2 * 2 ** 30);
  assert.throws(
    () => checkMemory(WASM, needs, 2 ** 30),
    /^batchSize: expected a run that fits into 1 GiB of memory, found one that needs 1.58 GiB, of which 1.58 GiB by batchSize$/,
  );
  const more = [minibatchNeed('batchSize', 2 ** 23, [SHAPE])];
  assert.throws(
    () => checkMemory(WASM, more, 2 ** 40),
    /^batchSize: expected layers that fit into the 4 GiB of the wasm backend, found one that needs 4.25 GiB$/,
  );
  checkMemory({ name: 'native', heapMax: Infinity }, more, 2 ** 40);
});

test('every algorithm asks before it makes anything', async () => {
  const backend = await testBackend();
  const refusal = (create: () => unknown): string => {
    try {
      create();
    } catch (error) {
      return (error as Error).message;
    }
    return 'none';
  };
  const ppo = (raw: object): string => refusal(() => createPpo(backend, [cartPole()], PPO_SETTINGS.parse(raw), 1));
  const dqn = (raw: object): string => refusal(() => createDqn(backend, [cartPole()], DQN_SETTINGS.parse(raw), 1));
  const sac = (raw: object): string => refusal(() => createSac(backend, [pendulum()], SAC_SETTINGS.parse(raw), 1));
  assert.is(ppo({}), 'none');
  assert.match(ppo({ stepsPerUpdate: 1e10 }), /^stepsPerUpdate: expected a run that fits into .* GiB of memory, found/);
  assert.match(ppo({ stepsPerUpdate: 1e10, batchSize: 1e10 }), /^batchSize: expected a run that fits into/);
  for (const algorithm of [ppo, dqn, sac])
    assert.match(algorithm({ hiddenSizes: [1e6, 1e6] }), /^hiddenSizes: expected a run that fits into/);
  for (const algorithm of [dqn, sac]) {
    assert.match(algorithm({ bufferSize: 1e11 }), /^bufferSize: expected a run that fits into/);
    assert.match(algorithm({ batchSize: 1e10 }), /^batchSize: expected a run that fits into/);
  }
});

test.run();
