import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { random } from '../../../../operators/random.ts';
import { openBackend } from '../../../../services/trainer/backend/backend.ts';

const test = suite('services/trainer/backend/backend');

test('opens the native backend where its library is there, else wasm, and says why', async () => {
  const backend = await openBackend();
  assert.is(backend.tf.getBackend(), backend.name === 'native' ? 'tensorflow' : 'wasm');
  assert.is(backend.nativeFault === null, backend.name === 'native', 'a reason only where it is missing');
  if (backend.nativeFault !== null) assert.match(backend.nativeFault, /native|tfjs/);
});

test('a backend that is wanted and not there is an error', async () => {
  const { name } = await openBackend();
  if (name === 'native') return;
  try {
    await openBackend('native');
  } catch (error) {
    assert.match((error as Error).message, /^backend: expected tfjs-node with its C library, found: /);
    return;
  }
  assert.unreachable('wasm must not pass for native');
});

test('counts the tensors that are held', async () => {
  const { tf, tensors } = await openBackend();
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
    const { tf } = await openBackend();
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
  const { tf, name } = await openBackend();
  const gradient = tf.grad((x) => tf.sum(tf.matMul(x as never, tf.ones([3, 2]))));
  const { kernelNames } = await tf.profile(() => gradient(tf.ones([4, 3])));
  assert.is(kernelNames.includes('Transpose'), name === 'wasm', kernelNames.join(', '));
});

test.run();
