import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { random } from '../../../../operators/random.ts';
import type { Activation } from '../../../../services/trainer/networks/activation.ts';
import { hyperbolicTangents } from '../../../../services/trainer/networks/hyperbolic-tangent.ts';
import {
  initialiseMlp,
  type Mlp,
  mlpInference,
  mlpLayers,
  mlpParameterCount,
} from '../../../../services/trainer/networks/mlp.ts';
import { mlpGradient } from '../../../../services/trainer/networks/mlp-gradient.ts';
import { testBackend } from '../../../support/test-backend.ts';

const test = suite('services/trainer/networks/mlp');
const BATCH = 33;

function made(activation: Activation): { mlp: Mlp; inputs: Float32Array; weights: Float32Array } {
  const { normal } = random(11);
  const sizes = [5, 16, 12, 3];
  const parameters = Float32Array.from({ length: mlpParameterCount(sizes) }, () => normal() / 3);
  const inputs = Float32Array.from({ length: BATCH * 5 }, normal);
  return { mlp: { sizes, activation, parameters }, inputs, weights: Float32Array.from({ length: BATCH * 3 }, normal) };
}

function near(found: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number, what: string): void {
  assert.is(found.length, expected.length, what);
  let worst = 0;
  for (let i = 0; i < found.length; i++) worst = Math.max(worst, Math.abs(found[i]! - expected[i]!));
  assert.ok(worst <= tolerance, `${what}: ${worst} apart`);
}

for (const activation of ['tanh', 'relu'] as const)
  test(`outputs and gradients are those of TensorFlow: ${activation}`, async () => {
    const backend = await testBackend();
    const { tf, tensors } = backend;
    const { mlp, inputs, weights } = made(activation);
    const layers = mlpLayers(mlp.sizes);
    const variables = layers.flatMap(({ weightsAt, biasesAt, inputs: rows, outputs }) => [
      tf.tensor2d(mlp.parameters.slice(weightsAt, biasesAt), [rows, outputs]),
      tf.tensor1d(mlp.parameters.slice(biasesAt, biasesAt + outputs)),
    ]);
    const network = (x: unknown, parts: readonly unknown[]) => {
      let values = x as ReturnType<typeof tf.tensor2d>;
      for (let n = 0; n < layers.length; n++) {
        values = tf.add(tf.matMul(values, parts[2 * n] as never), parts[2 * n + 1] as never);
        if (n < layers.length - 1) values = activation === 'tanh' ? tf.tanh(values) : tf.relu(values);
      }
      return values;
    };
    const x = tf.tensor2d(inputs, [BATCH, 5]);
    const expected = network(x, variables).dataSync();
    const gradients = tf
      .grads((first, ...parts) => tf.sum(tf.mul(network(first, parts), tf.tensor2d(weights, [BATCH, 3]))))([
        x,
        ...variables,
      ])
      .map((each) => [...each.dataSync()]);

    const before = tensors();
    const gradient = new Float32Array(mlp.parameters.length);
    const ours = mlpGradient(backend, mlp, gradient);
    near(ours.forward(inputs), expected, 2e-6, 'outputs');
    ours.backward(weights.slice());
    near(ours.inputGradient(weights.slice()), gradients[0]!, 5e-6, 'gradient of the inputs');
    near(gradient, gradients.slice(1).flat(), 5e-5, 'gradient of the parameters');
    assert.is(tensors(), before, 'no tensor is left');
    near(mlpInference(mlp)(inputs), expected, 2e-6, 'outputs without a backend');
  });

test('inference says the same of a row whatever rows are beside it', () => {
  const { mlp, inputs } = made('tanh');
  const all = mlpInference(mlp)(inputs).slice();
  const one = mlpInference(mlp);
  for (let row = 0; row < BATCH; row++)
    assert.equal([...one(inputs.subarray(row * 5, row * 5 + 5))], [...all.subarray(row * 3, row * 3 + 3)]);
});

test('the hyperbolic tangent is that of Math within 4e-7, and keeps NaN', () => {
  const values = Float32Array.from({ length: 40_001 }, (_, n) => (n - 20_000) / 2_000);
  const found = values.slice();
  hyperbolicTangents(found);
  near(found, values.map(Math.tanh), 4e-7, 'tanh');
  const odd = new Float32Array([Number.NaN, Infinity, -Infinity]);
  hyperbolicTangents(odd);
  assert.ok(Number.isNaN(odd[0]));
  near(odd.subarray(1), [1, -1], 4e-7, 'infinite');
});

test('weights begin orthogonal with their gain, biases at zero', () => {
  const sizes = [4, 8, 2];
  const mlp: Mlp = { sizes, activation: 'tanh', parameters: new Float32Array(mlpParameterCount(sizes)).fill(9) };
  initialiseMlp(mlp, 0.01, random(1));
  const [first, second] = mlpLayers(sizes) as [ReturnType<typeof mlpLayers>[0], ReturnType<typeof mlpLayers>[0]];
  const at = (layer: typeof first, row: number, column: number) =>
    mlp.parameters[layer.weightsAt + row * layer.outputs + column]!;
  for (let one = 0; one < 4; one++)
    for (let other = 0; other < 4; other++) {
      let dot = 0;
      for (let k = 0; k < 8; k++) dot += at(first, one, k) * at(first, other, k);
      near([dot], [one === other ? 2 : 0], 1e-5, `rows ${one} and ${other}`);
    }
  for (let one = 0; one < 2; one++) {
    let dot = 0;
    for (let k = 0; k < 8; k++) dot += at(second, k, one) * at(second, k, one);
    near([dot], [1e-4], 1e-8, `column ${one}`);
  }
  assert.equal([...mlp.parameters.slice(first.biasesAt, second.weightsAt)], new Array(8).fill(0));
});

test.run();
