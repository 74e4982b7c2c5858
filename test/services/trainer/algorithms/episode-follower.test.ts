import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Environment, StepInfo } from '../../../../pipelines/environment/environment.ts';
import { inOneThread } from '../../../../services/trainer/algorithms/environment-group.ts';
import {
  type Episode,
  episodesPerKept,
  followEpisodes,
} from '../../../../services/trainer/algorithms/episode-follower.ts';
import { type VectorState, vectorEnvironment } from '../../../../services/trainer/algorithms/vector-environment.ts';

const test = suite('services/trainer/algorithms/episode-follower');

/** Its episodes last as many steps as the seed says, and gain their number at each. */
function counter(lengthOf: (seed: number) => number, infoOf: (steps: number, length: number) => StepInfo): Environment {
  let [steps, length] = [0, 0];
  const observation = new Float32Array(1);
  return {
    observationSpace: { type: 'box', low: new Float32Array([0]), high: new Float32Array([1]) },
    actionSpace: { type: 'discrete', count: 2 },
    reset: ({ seed = 1 } = {}) => {
      [steps, length] = [0, lengthOf(seed)];
      return { observation, info: infoOf(0, length) };
    },
    step: () => {
      steps++;
      const isEnd = steps === length;
      return {
        observation,
        reward: steps,
        terminated: isEnd && length === 3,
        truncated: isEnd && length !== 3,
        info: infoOf(steps, length),
      };
    },
    close: () => {},
  };
}

const trading = (steps: number, length: number): StepInfo => ({
  timeMs: 1_000 + steps,
  equity: 100 - steps,
  fees: steps / 4,
  filled: 2 * steps,
  end: steps < length ? '' : length === 3 ? 'ruin' : 'length',
});

/** Two environments, whose episodes last 2, 3 or 4 steps. */
function followed(from: number | VectorState, begun?: { globalStep: number; episodes: number }, infoOf = trading) {
  const make = (): Environment => counter((seed) => 2 + (seed % 3), infoOf);
  const follower = followEpisodes(inOneThread([make(), make()]), begun);
  const envs = vectorEnvironment(follower.group, from);
  const actions = new Float32Array(2);
  return {
    envs,
    run(steps: number): readonly Episode[] {
      for (let n = 0; n < steps; n++) envs.step(actions);
      return follower.take();
    },
  };
}

test('an episode is told once it has ended, with what the environment said of it', () => {
  const { envs, run } = followed(7);
  const episodes = run(30);
  assert.is(episodes.length, envs.statistics().episodes);
  assert.equal(
    episodes.map(({ episode }) => episode),
    episodes.map((_, n) => n + 1),
  );
  assert.equal(run(0), [], 'each is told once');
  for (const { length, ending, step, ...one } of episodes) {
    assert.ok([2, 3, 4].includes(length) && step % 2 === 0 && step <= 60, JSON.stringify({ length, step }));
    assert.is(ending, length === 3 ? 'ruin' : 'length');
    assert.is(one.return, (length * (length + 1)) / 2);
    assert.equal([one.from, one.to], [1_000_000, 1_000_000 + 1_000 * length]);
    assert.equal([one.equityFrom, one.equityTo, one.fees, one.filled], [100, 100 - length, length / 4, 2 * length]);
    assert.is(one.standsFor, 1);
  }
  const [ruined, cut] = ['ruin', 'length'].map((end) => episodes.filter(({ ending }) => ending === end).length);
  assert.ok(ruined! > 0 && cut! > 0, 'both kinds came');
});

test('each environment has its own: their steps add up to the steps that were done', () => {
  const { run } = followed(11);
  const episodes = run(400);
  const steps = episodes.reduce((sum, { length }) => sum + length, 0);
  assert.ok(steps <= 800 && steps > 800 - 8, `${steps}`);
});

test('a run that is taken up again tells the same, each once', () => {
  const whole = followed(3).run(50);
  for (const at of [1, 7, 20, 33]) {
    const first = followed(3);
    const before = first.run(at);
    const state = first.envs.state();
    const after = followed(state, { globalStep: 2 * at, episodes: state.ended }).run(50 - at);
    assert.equal([...before, ...after], whole, `taken up again at ${at}`);
  }
});

test('what an environment does not say is null, and it ended or was cut', () => {
  const { run } = followed(7, undefined, () => ({}));
  for (const { ending, length, ...one } of run(20)) {
    assert.is(ending, length === 3 ? 'terminated' : 'truncated');
    assert.equal([one.from, one.to, one.equityFrom, one.equityTo, one.fees, one.filled], Array(6).fill(null));
  }
});

test('of very many episodes a bounded part is kept, and all of them are told of', () => {
  const kept = (count: number): number[] =>
    Array.from({ length: count }, (_, n) => n + 1).filter((episode) => episode % episodesPerKept(episode) === 0);
  assert.is(kept(1_024).length, 1_024);
  const few = kept(4_096);
  assert.equal(few.slice(1_023, 1_026), [1_024, 1_026, 1_028]);
  assert.equal(few.slice(-2), [4_092, 4_096]);
  assert.is(few.length, 2_048);
  assert.is(
    few.reduce((sum, episode) => sum + episodesPerKept(episode), 0),
    4_096,
  );
  assert.is(kept(1_048_576).length, 1_024 + 10 * 512);
});

test('a follower keeps that part', () => {
  const make = (): Environment => counter(() => 1, trading);
  const { group, take } = followEpisodes(inOneThread([make()]));
  const envs = vectorEnvironment(group, 1);
  for (let n = 0; n < 4_096; n++) envs.step(new Float32Array(1));
  const episodes = take();
  assert.is(episodes.length, 2_048);
  assert.equal([episodes.at(-1)!.episode, episodes.at(-1)!.standsFor, episodes.at(-1)!.step], [4_096, 4, 4_096]);
});

test.run();
