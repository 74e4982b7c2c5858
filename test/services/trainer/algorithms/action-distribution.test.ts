import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { random } from '../../../../operators/random.ts';
import type { Space } from '../../../../pipelines/environment/space.ts';
import { actionDistribution, ownParameterCount } from '../../../../services/trainer/algorithms/action-distribution.ts';
import { clippedPolicyLoss, clippedValueLoss } from '../../../../services/trainer/algorithms/clipped-losses.ts';

const test = suite('services/trainer/algorithms/action-distribution');

const SPACES: readonly Space[] = [
  { type: 'discrete', count: 4 },
  { type: 'box', low: new Float32Array([-1, -1]), high: new Float32Array([1, 1]) },
];
/** Float32 numbers moved by 2⁻¹⁰: sums of a few of them are then good to four digits. */
const MOVE = 2 ** -10;
/** On both sides of where the clip of 0.2 begins, and not near it. */
const LOG_RATIOS = [-0.4, -0.1, 0.1, 0.4];

for (const space of SPACES) {
  test(`${space.type}: draws as often as it says, and says the entropy`, () => {
    const own = new Float32Array(ownParameterCount(space)).fill(-0.5);
    const distribution = actionDistribution(space, own, new Float32Array(own.length));
    const outputs = new Float32Array([0.5, -1, 0.2, 1]).subarray(0, distribution.outputCount);
    const actions = new Float32Array(4);
    const chance = random(4);
    let logs = 0;
    const counts = [0, 0, 0, 0];
    const draws = 40_000;
    for (let n = 0; n < draws; n++) {
      const log = distribution.draw(outputs, 0, chance, actions);
      assert.is(log, distribution.logProbability(outputs, 0, actions));
      logs -= log;
      if (space.type === 'discrete') counts[actions[0]!]!++;
    }
    const entropy = distribution.entropy(outputs, 0);
    assert.ok(Math.abs(logs / draws - entropy) < 0.02, `entropy ${entropy}, found ${logs / draws}`);
    if (space.type === 'box') return;
    const total = [0.5, -1, 0.2, 1].reduce((sum, logit) => sum + Math.exp(logit), 0);
    for (const [k, logit] of [0.5, -1, 0.2, 1].entries())
      assert.ok(Math.abs(counts[k]! / draws - Math.exp(logit) / total) < 0.01, `action ${k}: ${counts[k]}`);
  });

  test(`${space.type}: the clipped loss has the gradient of its numbers`, () => {
    const { normal } = random(6);
    const rows = 64;
    const own = new Float32Array(ownParameterCount(space)).fill(-0.3);
    const ownGradient = new Float32Array(own.length);
    const distribution = actionDistribution(space, own, ownGradient);
    const draw = (count: number): Float32Array => Float32Array.from({ length: count }, normal);
    const outputs = draw(rows * distribution.outputCount);
    const actions = draw(rows * (space.type === 'discrete' ? 1 : 2));
    if (space.type === 'discrete') for (let n = 0; n < rows; n++) actions[n] = n % space.count;
    const logProbabilities = Float32Array.from(
      { length: rows },
      (_, row) => distribution.logProbability(outputs, row, actions) + LOG_RATIOS[row % 4]!,
    );
    const batch = { outputs, actions, logProbabilities, advantages: draw(rows) };
    const settings = { clipRange: 0.2, entropyCoefficient: 0.1 };
    const loss = (): number => {
      const sums = clippedPolicyLoss(distribution, batch, settings, new Float32Array(outputs.length));
      return (sums.policyLoss - settings.entropyCoefficient * sums.entropy) / rows;
    };
    const gradient = new Float32Array(outputs.length);
    ownGradient.fill(0);
    const { clipFraction } = clippedPolicyLoss(distribution, batch, settings, gradient);
    assert.ok(clipFraction > 10 && clipFraction < 54, `some are clipped: ${clipFraction}`);
    const expected = [...gradient, ...ownGradient];
    const numbers = [outputs, own];
    let at = 0;
    for (const values of numbers)
      for (let i = 0; i < values.length; i++, at++) {
        const value = values[i]!;
        values[i] = value + MOVE;
        const [above, up] = [values[i]!, loss()];
        values[i] = value - MOVE;
        const numeric = (up - loss()) / (above - values[i]!);
        values[i] = value;
        assert.ok(Math.abs(numeric - expected[at]!) < 2e-4, `${at}: ${expected[at]} for ${numeric}`);
      }
  });
}

test('the clipped loss of the values has the gradient of its numbers, and is at least the plain one', () => {
  const { normal } = random(8);
  const draw = (count: number): Float32Array => Float32Array.from({ length: count }, normal);
  const [values, before, returns] = [draw(50), draw(50), draw(50)];
  for (const clipRange of [0.2, Infinity]) {
    const settings = { clipRange, coefficient: 0.5 };
    const loss = (): number =>
      (0.5 * clippedValueLoss({ values, before, returns }, settings, new Float32Array(50))) / 50;
    const gradient = new Float32Array(50);
    const sum = clippedValueLoss({ values, before, returns }, settings, gradient);
    const plain = values.reduce((total, value, n) => total + (value - returns[n]!) ** 2, 0);
    if (clipRange === Infinity) assert.ok(Math.abs(sum - plain) < 1e-4, 'nothing is clipped');
    else assert.ok(sum > plain && gradient.includes(0), 'some are clipped');
    for (let i = 0; i < 50; i++) {
      const value = values[i]!;
      values[i] = value + MOVE;
      const [above, up] = [values[i]!, loss()];
      values[i] = value - MOVE;
      const numeric = (up - loss()) / (above - values[i]!);
      values[i] = value;
      assert.ok(Math.abs(numeric - gradient[i]!) < 2e-4, `${i}: ${gradient[i]} for ${numeric}`);
    }
  }
});

test.run();
