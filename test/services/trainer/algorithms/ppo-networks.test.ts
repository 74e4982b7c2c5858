// time limit: 480 s
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Environment } from '../../../../pipelines/environment/environment.ts';
import { openPolicy } from '../../../../services/trainer/algorithms/policy.ts';
import { createPpo, type PpoCheckpoint } from '../../../../services/trainer/algorithms/ppo.ts';
import { PPO_SETTINGS } from '../../../../services/trainer/algorithms/ppo-settings.ts';
import { checkSettings } from '../../../../services/trainer/algorithms/settings.ts';
import { networkInference, networkPlan } from '../../../../services/trainer/networks/network.ts';
import { cueRecall } from '../../../control-tasks/cue-recall.ts';
import { windowPattern } from '../../../control-tasks/window-pattern.ts';
import { testBackend } from '../../../support/test-backend.ts';
import { resumesExactly } from './resumes-exactly.ts';

// PPO with what may stand before the perceptron: convolutions over a window, and a memory.

const test = suite('services/trainer/algorithms/ppo-networks');
const many = (make: () => Environment, count: number): Environment[] => Array.from({ length: count }, make);
const SHORT = { totalSteps: 1_000, stepsPerUpdate: 25, batchSize: 50, epochs: 2, hiddenSizes: [8] };
const CONVOLUTION = { leading: 1, channels: 2 };

for (const [name, make, body] of [
  ['convolution', windowPattern, { convolution: CONVOLUTION }],
  ['memory', cueRecall, { recurrentSize: 6, valueClipRange: 0.2, normalisesReturns: true }],
  ['both', windowPattern, { convolution: CONVOLUTION, recurrentSize: 6, normalisesObservations: true }],
] as const)
  test(`killed after 5 updates and taken up again, it equals 10 at once to the last bit: ${name}`, async () => {
    const backend = await testBackend();
    const settings = PPO_SETTINGS.parse({ ...SHORT, ...body });
    resumesExactly<PpoCheckpoint>(backend, (from) => createPpo(backend, many(make, 4), settings, from));
  });

/** Steps until the last 100 episodes come to what is wanted, or all that there are. */
async function stepsUntil(wanted: number, make: () => Environment, count: number, raw: object): Promise<number> {
  const ppo = createPpo(await testBackend(), many(make, count), PPO_SETTINGS.parse(raw), 1);
  while (!ppo.isDone()) {
    const { episodes, episodeReturnMean } = ppo.update();
    if (episodes! >= 100 && episodeReturnMean! >= wanted) return ppo.globalStep();
  }
  return Infinity;
}

test('a pattern somewhere in a window is told from its reverse, 7 times of 8, sooner than by a perceptron', async () => {
  const settings = { totalSteps: 28_000, stepsPerUpdate: 128, gamma: 0, learningRate: 1e-3 };
  const steps = await stepsUntil(28, windowPattern, 8, { ...settings, convolution: CONVOLUTION });
  assert.ok(steps <= 28_000, `${steps}`);
  assert.is(await stepsUntil(28, windowPattern, 8, { ...settings, totalSteps: steps }), Infinity);
});

const RECALL = {
  totalSteps: 20_000,
  stepsPerUpdate: 64,
  learningRate: 3e-3,
  entropyCoefficient: 0.01,
  hiddenSizes: [16],
};

test('a cue is named some steps after it was shown, by who has a memory alone', async () => {
  assert.is(await stepsUntil(0.5, cueRecall, 16, RECALL), Infinity, 'a perceptron guesses');
  const steps = await stepsUntil(0.9, cueRecall, 16, { ...RECALL, recurrentSize: 16 });
  assert.ok(steps <= 20_000, `${steps}`);
});

test('what is learned from is what was acted on: nothing has moved before the first minibatch', async () => {
  const settings = { ...SHORT, stepsPerUpdate: 8, batchSize: 32, epochs: 1, learningRate: 0.03, recurrentSize: 6 };
  const ppo = createPpo(await testBackend(), many(cueRecall, 4), PPO_SETTINGS.parse(settings), 1);
  // Rollouts begin amid episodes, and episodes amid rollouts.
  for (let n = 0; n < 20; n++) {
    const { approxKl, entropy } = ppo.update();
    assert.ok(Math.abs(approxKl!) < 1e-10, `${n}: ${approxKl}`);
    if (n === 19) assert.ok(entropy! < 0.6, `it is not uniform: ${entropy}`);
  }
});

test('values are learned from as they were said', async () => {
  const settings = { ...SHORT, stepsPerUpdate: 8, batchSize: 32, epochs: 1, gamma: 0, recurrentSize: 6 };
  /** Of the second update, where nothing is learned, and what is to be learned is the reward. */
  const second = async (reward: (step: number) => number) => {
    let steps = 0;
    const rewarded = (): Environment => {
      const task = cueRecall();
      return { ...task, step: (action) => ({ ...task.step(action), reward: reward(steps++) }) };
    };
    const ppo = createPpo(
      await testBackend(),
      many(rewarded, 4),
      PPO_SETTINGS.parse({ ...settings, learningRate: 1e-12 }),
      1,
    );
    ppo.update();
    const { valueLoss, explainedVariance } = ppo.update();
    return { valueLoss: valueLoss!, explainedVariance: explainedVariance! };
  };
  // mean(v²) and mean((v − 1)²) tell the mean of v in the minibatch; a reward of 0 and 1 in turn has a variance of ¼.
  const [none, one, inTurn] = [await second(() => 0), await second(() => 1), await second((step) => (step >> 2) % 2)];
  const mean = (none.valueLoss - one.valueLoss + 1) / 2;
  const said = (1 - inTurn.explainedVariance) / 4;
  const learned = inTurn.valueLoss - (mean - 0.5) ** 2;
  assert.ok(
    Math.abs(said - learned) < 1e-6,
    `variance of what is missing: ${said} as said, ${learned} as learned from`,
  );
});

test('what is remembered is the episode so far, each observation once', async () => {
  const settings = { ...SHORT, stepsPerUpdate: 8, learningRate: 1e-12, recurrentSize: 6 };
  const ppo = createPpo(await testBackend(), many(cueRecall, 4), PPO_SETTINGS.parse(settings), 1);
  for (let n = 0; n < 3; n++) ppo.update();
  const { parameters, policyStates, valueStates, environments } = ppo.checkpoint();
  const { network } = ppo.policy();
  const valueShape = { ...network, sizes: [2, 8, 1] };
  const value = { ...valueShape, parameters: parameters.slice(-networkPlan(valueShape).parameterCount) };
  for (const [n, { seed, actions }] of environments.episodes.entries())
    for (const [what, each, states] of [
      ['policy', network, policyStates],
      ['values', value, valueStates],
    ] as const) {
      const infer = networkInference(each);
      const state = new Float32Array(6);
      const task = cueRecall();
      let { observation } = task.reset({ seed });
      for (const action of actions) {
        infer(observation, state);
        ({ observation } = task.step(action));
      }
      for (const [i, found] of state.entries())
        assert.ok(Math.abs(found - states[n * 6 + i]!) < 1e-6, `${what}, environment ${n}: ${states[n * 6 + i]}`);
    }
});

/** As the cue's task, where the reward is the cue, whatever is named. */
const givenCue = (): Environment => {
  const task = cueRecall();
  let cue = 0;
  return {
    ...task,
    reset: (options) => {
      const begin = task.reset(options);
      [cue] = begin.observation as unknown as [number];
      return begin;
    },
    step: (action) => {
      const step = task.step(action);
      return { ...step, reward: step.terminated ? cue : 0 };
    },
  };
};

test('values remember too, from one rollout to the next', async () => {
  const explained = async (recurrentSize: number | null): Promise<number> => {
    const settings = {
      totalSteps: 12_000,
      stepsPerUpdate: 8,
      batchSize: 32,
      gamma: 1,
      gaeLambda: 1,
      learningRate: 3e-3,
      hiddenSizes: [16],
      recurrentSize,
    };
    const ppo = createPpo(await testBackend(), many(givenCue, 16), PPO_SETTINGS.parse(settings), 1);
    let found = 0;
    while (!ppo.isDone()) found = ppo.update()['explainedVariance']!;
    return found;
  };
  const [without, remembering] = [await explained(null), await explained(16)];
  assert.ok(remembering > 0.95, `${remembering}`);
  assert.ok(without < 0.8, `${without}`);
});

test('its policy remembers until it is reset, and needs no backend', async () => {
  const ppo = createPpo(
    await testBackend(),
    many(cueRecall, 16),
    PPO_SETTINGS.parse({ ...RECALL, recurrentSize: 16 }),
    1,
  );
  while (!ppo.isDone()) ppo.update();
  const decide = openPolicy(structuredClone(ppo.policy()));
  const task = cueRecall();
  let right = 0;
  for (let seed = 0; seed < 200; seed++) {
    decide.reset();
    let step: { observation: Float32Array; reward?: number; terminated?: boolean } = task.reset({ seed });
    while (step.terminated !== true) step = task.step(decide(step.observation));
    right += step.reward === 1 ? 1 : 0;
  }
  assert.ok(right >= 190, `${right} of 200`);
  const [shown, bell] = [new Float32Array([1, 0]), new Float32Array([0, 1])];
  const answer = (cue: number): number | Float32Array => {
    decide(shown.map((value) => value * cue));
    return decide(bell);
  };
  decide.reset();
  assert.is(answer(1), 1);
  decide.reset();
  assert.is(answer(-1), 0);
  decide.reset();
  assert.is(answer(1), 1, 'nothing is left of before');
});

test('windows and networks that cannot be are refused by name', async () => {
  const backend = await testBackend();
  const create = (make: () => Environment, raw: object) =>
    createPpo(backend, many(make, 2), PPO_SETTINGS.parse({ ...SHORT, ...raw }), 1);
  assert.throws(
    () => create(windowPattern, { convolution: { channels: 5 } }),
    /^convolution\/channels: expected observations of 0 numbers and steps of 5, found 49 numbers$/,
  );
  assert.throws(
    () => checkSettings(PPO_SETTINGS, { convolution: { channels: 0 } }),
    /^convolution\/channels: expected a whole number of at least 1, found 0$/,
  );
  assert.throws(
    () => checkSettings(PPO_SETTINGS, { convolution: { channels: 1, chanels: 1 } }),
    /^convolution\/chanels: expected one of leading, channels, layers, found chanels; did you mean channels\?$/,
  );
  const checkpoint = create(cueRecall, { recurrentSize: 6 }).checkpoint();
  const from = (raw: object) =>
    createPpo(backend, many(cueRecall, 2), PPO_SETTINGS.parse({ ...SHORT, ...raw }), checkpoint);
  assert.throws(() => from({ recurrentSize: 7 }), /^checkpoint\/parameters: expected \d+ numbers, found \d+$/);
  assert.throws(() => from({}), /^checkpoint\/parameters: expected \d+ numbers, found \d+$/);
});

test.run();
