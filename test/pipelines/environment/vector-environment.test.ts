import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { random } from '../../../operators/random.ts';
import { createVectorEnvironment } from '../../../pipelines/environment/vector-environment.ts';
import { madeBars } from '../simulation/made-bars.ts';
import { smallEnvironment } from './small-environment.ts';

const test = suite('pipelines/environment/vector-environment');

const BARS = madeBars(21, 600);
const LENGTHS = [3, 5, 40];

const created = () => LENGTHS.map((maxSteps) => smallEnvironment(BARS, { episode: { begin: 'random', maxSteps } }));

test('each row is what its environment alone says, with the next episode in the step that ends one', () => {
  const vector = createVectorEnvironment(created());
  const alone = created();
  const size = vector.observationSpace.low.length;
  const row = (column: Float32Array, n: number): number[] => [...column.subarray(n * size, (n + 1) * size)];
  const { observations } = vector.reset({ seed: 5 });
  alone.forEach((environment, n) => {
    assert.equal(row(observations, n), [...environment.reset({ seed: 5 + n }).observation]);
  });
  const { uniform } = random(1);
  let ends = 0;
  for (let step = 0; step < 100; step++) {
    const actions = Float32Array.from(LENGTHS, () => 2 * uniform() - 1);
    const said = vector.step(actions);
    alone.forEach((environment, n) => {
      const { observation, reward, terminated, truncated, info } = environment.step(actions.slice(n, n + 1));
      assert.is(said.rewards[n], Math.fround(reward));
      assert.equal([said.terminated[n], said.truncated[n]], [Number(terminated), Number(truncated)]);
      if (terminated || truncated) {
        ends++;
        assert.equal(row(said.finalObservations, n), [...observation]);
        assert.equal(said.finalInfos[n], info);
        assert.equal(row(said.observations, n), [...environment.reset().observation]);
      } else {
        assert.equal(row(said.observations, n), [...observation]);
        assert.equal(row(said.finalObservations, n), Array(size).fill(0));
        assert.is(said.finalInfos[n], null);
      }
      assert.equal(said.infos[n], info);
    });
  }
  assert.is(ends, 33 + 20 + 2);
  vector.close();
  assert.throws(() => vector.step(new Float32Array(3)), /expected an episode/);
});

test('discrete actions are a number each', () => {
  const actions = { type: 'flat-long-short' } as const;
  const vector = createVectorEnvironment([1, 2].map(() => smallEnvironment(BARS, { actions })));
  vector.reset({ seed: 1 });
  const { infos } = vector.step(Int32Array.of(1, 2));
  assert.equal(
    infos.map(({ position }) => Math.sign(position as number)),
    [1, -1],
  );
  assert.throws(() => vector.step(Int32Array.of(1, 3)), 'action: expected a whole number from 0 to 2, found 3');
});

test('environments that do not fit together are refused', () => {
  assert.throws(() => createVectorEnvironment([]), 'environments: expected at least one, found none');
  const one = smallEnvironment(BARS);
  const discrete = smallEnvironment(BARS, { actions: { type: 'flat-long-short' } });
  assert.throws(
    () => createVectorEnvironment([one, discrete]),
    'environment 1, actions: expected a box from -1 to 1, as the first has, found 3 actions',
  );
  const wide = smallEnvironment(BARS, { wanted: ['rsi'] });
  assert.throws(() => createVectorEnvironment([one, wide]), /^environment 1, observations: expected a box from/);
  assert.throws(() => createVectorEnvironment([one]).step(new Float32Array(2)), 'actions: expected 1 numbers, found 2');
});

test.run();
