import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { random } from '../../../../operators/random.ts';
import {
  initialiseNetwork,
  type Network,
  type NetworkShape,
  networkInference,
  networkPlan,
} from '../../../../services/trainer/networks/network.ts';
import { networkGradient } from '../../../../services/trainer/networks/network-gradient.ts';
import { testBackend } from '../../../support/test-backend.ts';
import { writtenOut } from './written-out-network.ts';

const test = suite('services/trainer/networks/network');
/** Rows are step × SEQUENCES + sequence. */
const [STEPS, SEQUENCES] = [6, 3];
const ROWS = STEPS * SEQUENCES;

const CONVOLUTION = {
  leading: 2,
  channels: 3,
  layers: [
    { filters: 5, kernel: 3, stride: 2 },
    { filters: 4, kernel: 2, stride: 1 },
  ],
};
const SHAPES: Readonly<Record<string, NetworkShape>> = {
  convolution: { sizes: [2 + 3 * 9, 6, 2], activation: 'tanh', convolution: CONVOLUTION },
  'convolution of no leading numbers, relu': {
    sizes: [3 * 9, 6, 2],
    activation: 'relu',
    convolution: { ...CONVOLUTION, leading: 0 },
  },
  memory: { sizes: [4, 6, 2], activation: 'tanh', recurrentSize: 5 },
  'memory behind a convolution': {
    sizes: [2 + 3 * 9, 6, 2],
    activation: 'tanh',
    convolution: CONVOLUTION,
    recurrentSize: 5,
  },
};

function made(shape: NetworkShape) {
  const { normal } = random(11);
  const parameters = Float32Array.from({ length: networkPlan(shape).parameterCount }, () => normal() / 2);
  const draw = (count: number): Float32Array => Float32Array.from({ length: count }, normal);
  const network: Network = { ...shape, parameters };
  // The second sequence's episode ends before its 4th step, and the third's before its first.
  const begins = new Uint8Array(ROWS);
  begins[3 * SEQUENCES + 1] = 1;
  begins[2] = 1;
  const sequences = { count: SEQUENCES, states: draw(SEQUENCES * (shape.recurrentSize ?? 0)), begins };
  return { network, inputs: draw(ROWS * shape.sizes[0]!), weights: draw(ROWS * 2), sequences };
}

function near(found: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number, what: string): void {
  assert.is(found.length, expected.length, what);
  for (let i = 0; i < found.length; i++)
    assert.ok(Math.abs(found[i]! - expected[i]!) <= tolerance, `${what} ${i}: ${found[i]} for ${expected[i]}`);
}

for (const [name, shape] of Object.entries(SHAPES)) {
  test(`outputs, with and without a backend, are those written out: ${name}`, async () => {
    const backend = await testBackend();
    const { network, inputs, sequences } = made(shape);
    const expected = writtenOut(network, [...network.parameters], inputs, sequences);
    const gradient = new Float32Array(network.parameters.length);
    const { forward } = networkGradient(backend, network, gradient);
    near(forward(inputs, sequences), expected, 5e-6, 'outputs');

    const infer = networkInference(network);
    const [width, units] = [shape.sizes[0]!, shape.recurrentSize ?? 0];
    const states = sequences.states.slice();
    const found: number[] = [];
    for (let row = 0; row < ROWS; row += SEQUENCES) {
      for (let n = 0; n < SEQUENCES; n++)
        if (sequences.begins[row + n] === 1) states.fill(0, n * units, (n + 1) * units);
      found.push(...infer(inputs.subarray(row * width, (row + SEQUENCES) * width), states));
    }
    near(found, expected, 5e-6, 'outputs without a backend');
  });

  test(`the gradient is that of the numbers: ${name}`, async () => {
    const backend = await testBackend();
    const { network, inputs, weights, sequences } = made(shape);
    const gradient = new Float32Array(network.parameters.length).fill(9);
    const before = backend.tensors();
    const { forward, backward } = networkGradient(backend, network, gradient);
    forward(inputs, sequences);
    backward(weights.slice());
    assert.is(backend.tensors(), before, 'no tensor is left');
    const parameters = [...network.parameters];
    const loss = (): number =>
      writtenOut(network, parameters, inputs, sequences).reduce((sum, value, i) => sum + value * weights[i]!, 0);
    const numeric = parameters.map((value, i) => {
      parameters[i] = value + 1e-6;
      const above = loss();
      parameters[i] = value - 1e-6;
      const slope = (above - loss()) / 2e-6;
      parameters[i] = value;
      return slope;
    });
    assert.ok(numeric.filter((each) => Math.abs(each) > 1e-3).length > 0.5 * numeric.length, 'most of them matter');
    near(gradient, numeric, 1e-4, 'parameter');
  });

  test(`inference says the same of a row whatever rows are beside it: ${name}`, () => {
    const { network, inputs, sequences } = made(shape);
    const [width, units] = [shape.sizes[0]!, shape.recurrentSize ?? 0];
    const all = networkInference(network)(inputs.subarray(0, SEQUENCES * width), sequences.states.slice()).slice();
    const one = networkInference(network);
    for (let n = 0; n < SEQUENCES; n++)
      assert.equal(
        [...one(inputs.subarray(n * width, (n + 1) * width), sequences.states.slice(n * units, (n + 1) * units))],
        [...all.subarray(n * 2, n * 2 + 2)],
      );
  });
}

test('what is before the perceptron begins with weights of a usual size', () => {
  for (const shape of Object.values(SHAPES)) {
    const network: Network = {
      ...shape,
      parameters: new Float32Array(networkPlan(shape).parameterCount).fill(9),
    };
    initialiseNetwork(network, 0.01, random(1));
    assert.ok(network.parameters.every((value) => Math.abs(value) < 1.5));
    const { inputs, sequences } = made(shape);
    const outputs = networkInference(network)(
      inputs.subarray(0, SEQUENCES * shape.sizes[0]!),
      sequences.states.slice(),
    );
    assert.ok(
      outputs.every((value) => value !== 0 && Math.abs(value) < 0.1),
      `${outputs}`,
    );
  }
});

test('a window that is none, and a filter longer than what it sees, are refused by name', () => {
  const shape = SHAPES['convolution']!;
  assert.throws(
    () => networkPlan({ ...shape, sizes: [30, 2] }),
    /^convolution\/channels: expected observations of 2 numbers and steps of 3, found 30 numbers$/,
  );
  const long = { ...CONVOLUTION, layers: [...CONVOLUTION.layers, { filters: 1, kernel: 4, stride: 1 }] };
  assert.throws(
    () => networkPlan({ ...shape, convolution: long }),
    /^convolution\/layers\/2\/kernel: expected at most 3, its steps, found 4$/,
  );
});

test.run();
