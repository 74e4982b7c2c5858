// time limit: 480 s
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { random } from '../../../../operators/random.ts';
import type { Environment } from '../../../../pipelines/environment/environment.ts';
import { clonePolicy } from '../../../../services/trainer/algorithms/behaviour-cloning.ts';
import { CLONING_SETTINGS } from '../../../../services/trainer/algorithms/cloning-settings.ts';
import { demonstrate } from '../../../../services/trainer/algorithms/demonstrations.ts';
import { openPolicy } from '../../../../services/trainer/algorithms/policy.ts';
import { createPpo } from '../../../../services/trainer/algorithms/ppo.ts';
import { PPO_SETTINGS } from '../../../../services/trainer/algorithms/ppo-settings.ts';
import { cartPole } from '../../../control-tasks/cart-pole.ts';
import { pendulum } from '../../../control-tasks/pendulum.ts';
import { windowPattern } from '../../../control-tasks/window-pattern.ts';
import { testBackend } from '../../../support/test-backend.ts';

const test = suite('services/trainer/algorithms/behaviour-cloning');
const CLONING = CLONING_SETTINGS.parse({});
const NORMALISED = PPO_SETTINGS.parse({
  normalisesObservations: true,
  stepsPerUpdate: 256,
  learningRate: 1e-4,
  hiddenSizes: [32, 32],
});

/** Holds the pole, and the cart near the middle. */
const BALANCE = (observation: Float32Array): number => {
  const [place, speed, angle, turn] = observation as unknown as [number, number, number, number];
  return angle + 0.4 * turn + 0.05 * speed + 0.02 * place > 0 ? 1 : 0;
};

/** Who shows it pushes wrongly now and then, so that it is seen what to do then; what is learned is what was right. */
const demonstrations = (make: () => Environment, rule: typeof BALANCE) => {
  const { uniform } = random(9);
  const shown = demonstrate(make(), (seen) => (uniform() < 0.2 ? Math.floor(uniform() * 2) : rule(seen)), {
    steps: 6_000,
    seed: 1,
  });
  const { observations, observationSize } = shown;
  const actions = shown.actions.map((_, row) => rule(observations.subarray(row * observationSize)));
  return { ...shown, actions };
};

/** Of episodes that PPO's first update ends, by a policy that draws its actions. */
function firstReturn(from: Parameters<typeof createPpo>[3], backend: Parameters<typeof createPpo>[0]): number {
  const ppo = createPpo(backend, Array.from({ length: 8 }, cartPole), NORMALISED, from);
  let found: number | null = null;
  for (let updates = 0; updates < 3; updates++) found = ppo.update()['episodeReturnMean'] as number | null;
  return found!;
}

test('a rule is cloned to 95 % of decisions that it was not shown, and PPO begins with what it gains', async () => {
  const backend = await testBackend();
  const before = backend.tensors();
  const shown = demonstrations(cartPole, BALANCE);
  const cloned = clonePolicy(backend, shown, CLONING, NORMALISED, 1);
  assert.ok(cloned.agreement! >= 0.95, `${cloned.agreement}`);
  assert.ok(cloned.epochs >= 1 && cloned.heldOutLoss < Math.log(2));
  assert.is(backend.tensors(), before, 'no tensor is left');
  // The policy is the network that was judged.
  const decide = openPolicy(structuredClone(cloned.policy));
  let same = 0;
  for (let row = 4_800; row < 6_000; row++)
    same += decide(shown.observations.subarray(row * 4, row * 4 + 4)) === shown.actions[row] ? 1 : 0;
  assert.is(same / 1_200, cloned.agreement);

  const start = createPpo(backend, [cartPole()], NORMALISED, { seed: 1, actor: cloned.actor }).checkpoint();
  assert.equal(start.observationMoments, cloned.actor.observationMoments);
  const cold = firstReturn(1, backend);
  const warm = firstReturn({ seed: 1, actor: cloned.actor }, backend);
  assert.ok(cold < 60, `by chance: ${cold}`);
  assert.ok(warm > 400, `warm: ${warm}`);
  const again = clonePolicy(backend, shown, CLONING, NORMALISED, 1);
  assert.equal(again.actor, cloned.actor, 'by the seed, to the last bit');
});

test('actions that are numbers are cloned too, with a deviation that leaves something to explore', async () => {
  const backend = await testBackend();
  const rule = (seen: Float32Array): Float32Array =>
    Float32Array.of(Math.min(Math.max(-2 * Math.sin(Math.atan2(seen[1]!, seen[0]!)) - seen[2]! / 4, -2), 2));
  const shown = demonstrate(pendulum(), rule, { steps: 4_000, seed: 2 });
  const settings = PPO_SETTINGS.parse({ hiddenSizes: [32, 32] });
  const { actor, error, agreement } = clonePolicy(backend, shown, { ...CLONING, batchSize: 64 }, settings, 1);
  assert.is(agreement, null);
  assert.ok(error! < 0.15, `${error}`);
  assert.ok(Math.abs(actor.parameters.at(-1)! - Math.log(0.1)) < 0.2, `${Math.exp(actor.parameters.at(-1)!)}`);
  const ppo = createPpo(backend, [pendulum()], settings, { seed: 1, actor });
  assert.equal(ppo.checkpoint().parameters.slice(0, actor.parameters.length), actor.parameters);
});

test('it ends where what is held out is met no better, with what met it best', async () => {
  const backend = await testBackend();
  const { below, normal } = random(4);
  // There is nothing to be learned of chance.
  const chance = {
    observations: Float32Array.from({ length: 300 * 4 }, normal),
    actions: Float32Array.from({ length: 300 }, () => below(2)),
    observationSize: 4,
    actionSpace: { type: 'discrete', count: 2 },
  } as const;
  const cloned = clonePolicy(backend, chance, { ...CLONING, learningRate: 1e-2, epochsMax: 1_000 }, NORMALISED, 1);
  assert.is(cloned.epochs, cloned.epochBest + CLONING.patience);
  assert.ok(cloned.epochs < 50, `${cloned.epochs}`);
  assert.ok(cloned.heldOutLoss < Math.log(2) + 0.01, `no worse than guessing: ${cloned.heldOutLoss}`);
});

test('a convolution is cloned as well; what cannot be is refused by name', async () => {
  const backend = await testBackend();
  const first = (seen: Float32Array): number => (seen[0]! > 0 ? 1 : 2);
  const shown = demonstrate(windowPattern(), first, { steps: 1_500, seed: 1 });
  const settings = PPO_SETTINGS.parse({ convolution: { leading: 1, channels: 2 } });
  assert.ok(clonePolicy(backend, shown, CLONING, settings, 1).agreement! > 0.95);
  assert.throws(
    () => clonePolicy(backend, shown, CLONING, { ...settings, recurrentSize: 8 }, 1),
    /^recurrentSize: expected null where a policy is cloned, found 8$/,
  );
  assert.throws(
    () => clonePolicy(backend, shown, { ...CLONING, heldOutShare: 0 }, settings, 1),
    /^heldOutShare: expected decisions to learn from and some held out, found 1500 of 1500$/,
  );
  const cloned = clonePolicy(backend, shown, { ...CLONING, epochsMax: 1 }, settings, 1);
  const other = PPO_SETTINGS.parse({ convolution: { leading: 1, channels: 2 }, hiddenSizes: [8] });
  assert.throws(
    () => createPpo(backend, [windowPattern()], other, { seed: 1, actor: cloned.actor }),
    /^warm start\/actor: expected \d+ numbers, found \d+$/,
  );
});

test.run();
