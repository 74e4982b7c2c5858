import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Environment } from '../../../../pipelines/environment/environment.ts';
import { createPpo } from '../../../../services/trainer/algorithms/ppo.ts';
import { PPO_SETTINGS } from '../../../../services/trainer/algorithms/ppo-settings.ts';
import type { ValueLearning } from '../../../../services/trainer/algorithms/value-learner.ts';
import { openValueThread, type ValueThread } from '../../../../services/trainer/algorithms/value-thread.ts';
import { cartPole } from '../../../control-tasks/cart-pole.ts';
import { pendulum } from '../../../control-tasks/pendulum.ts';
import { testBackend } from '../../../support/test-backend.ts';

const test = suite('services/trainer/algorithms/value-thread');

const COUNT = 4;
const many = (make: () => Environment) => Array.from({ length: COUNT }, make);

async function withThread(use: (thread: ValueThread) => void | Promise<void>): Promise<void> {
  const thread = await openValueThread((await testBackend()).name);
  try {
    await use(thread);
  } finally {
    await thread.close();
  }
}

for (const [name, make, raw] of [
  ['cart and pole', cartPole, {}],
  ['pendulum, normalised', pendulum, { normalisesObservations: true, normalisesReturns: true, valueClipRange: 0.2 }],
  ['with a memory', cartPole, { recurrentSize: 8, batchSize: 100 }],
] as const)
  test(`PPO that learns its values on a second thread is the same to the last bit, and goes on with what the other kept: ${name}`, async () => {
    const backend = await testBackend();
    const settings = PPO_SETTINGS.parse({ stepsPerUpdate: 50, batchSize: 30, epochs: 3, hiddenSizes: [16], ...raw });
    await withThread(async (thread) => {
      const one = createPpo(backend, many(make), settings, 7);
      const two = createPpo(backend, many(make), settings, 7, thread);
      for (let n = 0; n < 3; n++) assert.equal(two.update(), one.update(), `update ${n}`);
      const half = two.checkpoint();
      assert.equal(half, one.checkpoint());
      assert.equal(two.update(), one.update());
      await withThread((another) => {
        const resumed = createPpo(backend, many(make), settings, half, another);
        resumed.update();
        assert.equal(resumed.checkpoint(), one.checkpoint());
      });
    });
  });

test('a thread that fails says why, and so does one that cannot start', async () => {
  await withThread((thread) => {
    const critic = thread.learn({ values: new Float32Array(new SharedArrayBuffer(4)) } as unknown as ValueLearning);
    critic.begin(Uint32Array.of(0));
    assert.throws(() => critic.finish(), /^values: their thread has ended: Cannot /);
  });
  process.env['DON_TOOLS'] = '/nowhere';
  let message = '';
  await openValueThread('native').catch((error: Error) => {
    message = error.message;
  });
  assert.match(message, /^values: their thread has ended: backend: expected tfjs-node with its C library/);
});

test.run();
