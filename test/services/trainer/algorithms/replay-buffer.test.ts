import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { random } from '../../../../operators/random.ts';
import { nStep } from '../../../../services/trainer/algorithms/n-step.ts';
import { replayBuffer, type Transition } from '../../../../services/trainer/algorithms/replay-buffer.ts';
import { sumTree } from '../../../../services/trainer/algorithms/sum-tree.ts';

const test = suite('services/trainer/algorithms/replay-buffer');
const vector = (...numbers: number[]): Float32Array => new Float32Array(numbers);

test('keeps the latest transitions, and goes on from its state', () => {
  const sizes = { capacity: 3, observation: 2, action: 1 };
  const buffer = replayBuffer(sizes);
  const add = (n: number, to = buffer): number =>
    to.add({
      observation: vector(n, -n),
      action: vector(n * 10),
      reward: n,
      nextObservation: vector(n + 1, n),
      discount: n / 10,
    });
  assert.equal(
    [1, 2, 3, 4].map((n) => add(n)),
    [0, 1, 2, 0],
  );
  assert.is(buffer.count(), 3);
  const rows = buffer.rows(new Uint32Array([0, 2]));
  assert.equal([...rows.observations], [4, -4, 3, -3]);
  assert.equal([...rows.actions], [40, 30]);
  assert.equal([...rows.rewards], [4, 3]);
  assert.equal([...rows.nextObservations], [5, 4, 4, 3]);
  assert.equal(rows.discounts, Float32Array.of(0.4, 0.3));
  const resumed = replayBuffer(sizes, structuredClone(buffer.state()));
  assert.is(add(5, resumed), add(5));
  assert.equal(resumed.state(), buffer.state());
  const part = replayBuffer(sizes);
  add(1, part);
  assert.is(replayBuffer(sizes, part.state()).count(), 1);
});

test('a sum tree finds each weight as often as it weighs', () => {
  const weights = [0, 2, 0.5, 0, 4, 1.5, 0];
  const tree = sumTree(7);
  for (const [place, weight] of weights.entries()) tree.set(place, weight + 1);
  for (const [place, weight] of weights.entries()) tree.set(place, weight);
  assert.is(tree.total(), 8);
  const counts = weights.map(() => 0);
  for (let sum = 0; sum < 8; sum += 1 / 64) counts[tree.find(sum)]!++;
  assert.equal(
    counts,
    weights.map((weight) => weight * 64),
  );
  assert.is(tree.find(8), 5, 'never one without weight');
  const { uniform } = random(1);
  const wide = sumTree(1_000);
  for (let n = 0; n < 5_000; n++) wide.set(n % 1_000, uniform());
  assert.is(sumTree(1_000, wide.weights()).total(), wide.total(), 'made again from its weights to the last bit');
});

test('rewards are summed over several steps of one episode', () => {
  const found: Transition[] = [];
  const keep = (transition: Transition): void => {
    found.push({ ...transition, nextObservation: transition.nextObservation.slice() });
  };
  const options = { steps: 3, gamma: 0.5 };
  let steps = nStep(options, keep);
  const add = (n: number, end: { terminated?: boolean; truncated?: boolean } = {}): void =>
    steps.add(
      { observation: vector(n), action: vector(n), reward: n },
      { nextObservation: vector(n + 1), terminated: false, truncated: false, ...end },
    );
  add(1);
  add(2);
  assert.is(found.length, 0);
  // Taken up again in the middle.
  steps = nStep(options, keep, structuredClone(steps.state()) as never);
  add(3);
  add(4, { terminated: true });
  add(8, { truncated: true });
  assert.equal(
    found.map(({ observation, reward, nextObservation, discount }) => [
      observation[0],
      reward,
      nextObservation[0],
      discount,
    ]),
    [
      [1, 1 + 1 + 0.75, 4, 0.125],
      [2, 2 + 1.5 + 1, 5, 0],
      [3, 3 + 2, 5, 0],
      [4, 4, 5, 0],
      [8, 8, 9, 0.5],
    ],
  );
});

test.run();
