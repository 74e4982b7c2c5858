import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createPpo } from '../../../../services/trainer/algorithms/ppo.ts';
import { PPO_SETTINGS } from '../../../../services/trainer/algorithms/ppo-settings.ts';
import { openBackend } from '../../../../services/trainer/backend/backend.ts';
import { cartPole } from '../../../control-tasks/cart-pole.ts';
import { TEST_BACKEND } from '../../../support/test-backend.ts';

const test = suite('services/trainer/backend/backends-agree');
/** Two 32-bit sums of some hundred terms in different order; the second update begins with what the first differed by. */
const TOLERANCE = 1e-5;

if (TEST_BACKEND !== 'native') console.log('SKIP: DON_TEST_BACKEND=native compares the native backend with wasm');
else
  for (const hiddenSizes of [
    [64, 64],
    [256, 256],
  ])
    test(`the first two updates are those of wasm but for rounding: ${hiddenSizes.join('-')}`, async () => {
      const settings = PPO_SETTINGS.parse({ stepsPerUpdate: 32, batchSize: 256, epochs: 5, hiddenSizes });
      const two = async (name: 'native' | 'wasm') => {
        const backend = await openBackend(name);
        const ppo = createPpo(backend, Array.from({ length: 8 }, cartPole), settings, 1);
        return { metrics: [ppo.update(), ppo.update()], parameters: ppo.checkpoint().parameters };
      };
      const native = await two('native');
      const wasm = await two('wasm');
      for (const [n, metrics] of wasm.metrics.entries())
        for (const [name, value] of Object.entries(metrics)) {
          const found = native.metrics[n]![name]!;
          const isNear =
            value === null ? found === null : Math.abs(found! - value) <= TOLERANCE * Math.max(1, Math.abs(value));
          assert.ok(isNear, `update ${n + 1}, ${name}: ${found} for ${value}`);
        }
      assert.not.equal(native.metrics, wasm.metrics, 'they are two backends');
      for (const [i, value] of wasm.parameters.entries()) {
        const found = native.parameters[i]!;
        assert.ok(Math.abs(found - value) <= 1e-4, `parameter ${i}: ${found} for ${value}`);
      }
    });

test.run();
