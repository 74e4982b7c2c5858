import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { REPOSITORY } from '../../../../infra/home.ts';
import { bindingOf } from '../../../../infra/native-backend/native-backend-folder.ts';
import { BadInput } from '../../../../infra/setup-error.ts';
import { random } from '../../../../operators/random.ts';
import { backendChoice, openBackend } from '../../../../services/trainer/backend/backend.ts';
import { TEST_HOME } from '../../../support/servers.ts';
import { TEST_BACKEND, testBackend } from '../../../support/test-backend.ts';

const test = suite('services/trainer/backend/backend');

/** What openBackend rejects with. */
async function rejection(wanted: 'native' | undefined): Promise<Error> {
  return openBackend(wanted).then(
    ({ name }) => new Error(`it was expected to fail and opened ${name}`),
    (error: Error) => error,
  );
}

/** Does the work with these variables of the environment. */
async function inEnvironment(variables: Record<string, string | undefined>, work: () => Promise<void>): Promise<void> {
  const before = Object.keys(variables).map((name) => [name, process.env[name]] as const);
  const set = (name: string, value: string | undefined): void => {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  };
  for (const [name, value] of Object.entries(variables)) set(name, value);
  try {
    await work();
  } finally {
    for (const [name, value] of before) set(name, value);
  }
}

test('DON_BACKEND chooses, and wasm is what is used where it says nothing', () => {
  assert.is(backendChoice({}), 'wasm');
  assert.is(backendChoice({ DON_BACKEND: '' }), 'wasm');
  assert.is(backendChoice({ DON_BACKEND: 'native' }), 'native');
  assert.is(backendChoice({ DON_BACKEND: 'auto' }), 'auto');
  assert.throws(
    () => backendChoice({ DON_BACKEND: 'gpu' }),
    (error: Error) =>
      error instanceof BadInput && error.message === 'DON_BACKEND: expected wasm, native, auto, found "gpu".',
  );
});

const NOTHING = { DON_TOOLS: join(TEST_HOME, 'no-tools') };

test('where native is not there, it is an error to want it, and auto is wasm, and says why', () =>
  inEnvironment({ ...NOTHING, DON_BACKEND: 'auto' }, async () => {
    // A tfjs-node of the clone that somebody compiled is found too.
    if (existsSync(bindingOf(REPOSITORY))) return console.log('SKIP: tfjs-node is compiled in node_modules');
    const { message } = await rejection('native');
    assert.match(message, /^backend: expected tfjs-node with its C library, found: .*don setup native/);
    if (TEST_BACKEND === 'native') return;
    const { name, nativeFault } = await openBackend();
    assert.is(name, 'wasm');
    assert.match(nativeFault!, /tfjs/);
    process.env['DON_BACKEND'] = 'native';
    assert.match((await rejection(undefined)).message, /^backend: expected tfjs-node/);
  }));

test('opens the one that is wanted', async () => {
  const { name, tf, nativeFault, heapMax } = await testBackend();
  assert.is(name, TEST_BACKEND);
  assert.is(tf.getBackend(), name === 'native' ? 'tensorflow' : 'wasm');
  assert.is(nativeFault, name === 'native' ? null : 'wasm is wanted');
  assert.is(heapMax, name === 'native' ? Infinity : 2 ** 32);
});

test('counts the tensors that are held', async () => {
  const { tf, tensors } = await testBackend();
  const before = tensors();
  const tensor = tf.zeros([2, 3]);
  assert.is(tensors(), before + 1);
  tensor.dispose();
  assert.is(tensors(), before);
});

for (const [transposeA, transposeB] of [
  [false, false],
  [true, false],
  [false, true],
  [true, true],
] as const)
  test(`the gradient of matMul is the numeric one: transposed ${transposeA}, ${transposeB}`, async () => {
    const { tf } = await testBackend();
    const { normal } = random(3);
    const draw = (count: number): Float32Array => Float32Array.from({ length: count }, normal);
    const [a, b, weights] = [draw(6), draw(12), draw(8)];
    const loss = (aValues: Float32Array, bValues: Float32Array): number => {
      let sum = 0;
      for (let row = 0; row < 2; row++)
        for (let column = 0; column < 4; column++)
          for (let k = 0; k < 3; k++)
            sum +=
              weights[row * 4 + column]! *
              aValues[transposeA ? k * 2 + row : row * 3 + k]! *
              bValues[transposeB ? column * 3 + k : k * 4 + column]!;
      return sum;
    };
    const gradient = tf.grads((x, y) =>
      tf.sum(tf.mul(tf.matMul(x as never, y as never, transposeA, transposeB), tf.tensor2d(weights, [2, 4]))),
    );
    const [da, db] = gradient([
      tf.tensor2d(a, transposeA ? [3, 2] : [2, 3]),
      tf.tensor2d(b, transposeB ? [4, 3] : [3, 4]),
    ]).map((each) => each.dataSync());
    // The loss is linear in each number: a step of one is exact.
    const moved = (values: Float32Array, at: number): Float32Array => values.map((v, i) => (i === at ? v + 1 : v));
    a.forEach((_, at) => {
      assert.ok(Math.abs(da![at]! - (loss(moved(a, at), b) - loss(a, b))) < 1e-5, `a ${at}`);
    });
    b.forEach((_, at) => {
      assert.ok(Math.abs(db![at]! - (loss(a, moved(b, at)) - loss(a, b))) < 1e-5, `b ${at}`);
    });
  });

test('on wasm that gradient multiplies only matrices that were transposed before', async () => {
  const { tf, name } = await testBackend();
  const gradient = tf.grad((x) => tf.sum(tf.matMul(x as never, tf.ones([3, 2]))));
  const { kernelNames } = await tf.profile(() => gradient(tf.ones([4, 3])));
  assert.is(kernelNames.includes('Transpose'), name === 'wasm', kernelNames.join(', '));
});

test.run();
