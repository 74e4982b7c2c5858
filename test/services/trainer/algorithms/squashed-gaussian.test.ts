import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Random, random } from '../../../../operators/random.ts';
import { drawSquashed, squashedGradient } from '../../../../services/trainer/algorithms/squashed-gaussian.ts';

const test = suite('services/trainer/algorithms/squashed-gaussian');
const MOVE = 2 ** -10;

test('densities integrate to one, and keep a limit where the action is rounded to its bound', () => {
  const outputs = new Float32Array([0.3, -0.7]);
  // Noise that goes over a grid: each action's density times the width to the next one.
  let sum = 0;
  let before: number | undefined;
  for (let noise = -6; noise <= 6; noise += 0.01) {
    const grid: Random = { ...random(1), normal: () => noise };
    const { actions, logProbabilities } = drawSquashed(outputs, 1, grid);
    if (before !== undefined) sum += Math.exp(logProbabilities[0]!) * (actions[0]! - before);
    before = actions[0]!;
  }
  assert.ok(Math.abs(sum - 1) < 0.01, `${sum}`);
  const far = drawSquashed(new Float32Array([40, -3]), 1, random(1));
  assert.is(far.actions[0], 1);
  assert.ok(Number.isFinite(far.logProbabilities[0]));
});

test('the gradient is that of the numbers, through actions and densities', () => {
  const { normal } = random(3);
  const [rows, size] = [7, 2];
  const outputs = Float32Array.from({ length: rows * 2 * size }, normal);
  outputs[3] = 2.5;
  const byActions = Float32Array.from({ length: rows * size }, normal);
  const loss = (): number => {
    const { actions, logProbabilities } = drawSquashed(outputs, size, random(5));
    const densities = logProbabilities.reduce((sum, log) => sum + 0.3 * log, 0);
    return actions.reduce((sum, action, n) => sum + byActions[n]! * action, densities);
  };
  const draw = drawSquashed(outputs, size, random(5));
  const gradient = squashedGradient(outputs, draw, { logProbability: 0.3, actions: byActions });
  assert.is(gradient[3], 0, 'a deviation beyond the greatest does not move');
  for (let i = 0; i < outputs.length; i++) {
    const value = outputs[i]!;
    outputs[i] = value + MOVE;
    const [above, up] = [outputs[i]!, loss()];
    outputs[i] = value - MOVE;
    const numeric = (up - loss()) / (above - outputs[i]!);
    outputs[i] = value;
    assert.ok(Math.abs(numeric - gradient[i]!) < 2e-3, `${i}: ${gradient[i]} for ${numeric}`);
  }
});

test.run();
