import type { Test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Random, random } from '../../../operators/random.ts';
import type { Environment, Step } from '../../../pipelines/environment/environment.ts';
import { type Space, spaceHolds, spaceSize } from '../../../pipelines/environment/space.ts';

/** An environment that is to keep the contract. */
export interface EnvironmentContract {
  readonly name: string;
  /** A new one, each time the same. */
  create(): Environment;
  /**
   * The same, but for what its data say after an instant, which is other; not for a task without data.
   * @param timeMs as `info.timeMs` said it
   */
  createWithFuture?(timeMs: number): Environment;
  /** Whether its rewards are changes of `info.equity`. */
  readonly isRewardEquity?: boolean;
  /** Steps in which an episode is surely over; 10,000 where not said. */
  readonly stepsMax?: number;
}

/** A step, kept. */
interface Kept {
  readonly observation: number[];
  readonly reward: number;
  readonly terminated: boolean;
  readonly truncated: boolean;
  readonly info: Record<string, unknown>;
}

/** Bits and all: −0 is not 0. */
const bitsOf = ({ observation, reward, terminated, truncated, info }: Kept): string =>
  JSON.stringify([
    [...new Uint32Array(Float32Array.from(observation).buffer)],
    [...new Uint32Array(Float64Array.of(reward).buffer)],
    terminated,
    truncated,
    info,
  ]);

const keep = ({ observation, reward, terminated, truncated, info }: Step): Kept => ({
  observation: [...observation],
  reward,
  terminated,
  truncated,
  info: { ...info },
});

/** An action of the space; where it has bounds, often one of them. */
export function actionOf(space: Space, { uniform, below }: Random): number | Float32Array {
  if (space.type === 'discrete') return below(space.count);
  return space.low.map((low, n) => {
    const high = space.high[n]!;
    const part = uniform();
    return part < 0.1 ? low : part > 0.9 ? high : low + uniform() * (high - low);
  });
}

/** Actions that are of no such space. */
function wrongActions(space: Space): (number | Float32Array)[] {
  const size = spaceSize(space);
  if (space.type === 'discrete')
    return [-1, space.count, 0.5, Number.NaN, Number.POSITIVE_INFINITY, Float32Array.of(0)];
  const middle = space.low.map((low, n) => (low + space.high[n]!) / 2);
  const beyond = Float32Array.from(middle);
  beyond[0] = space.high[0]! + 1;
  const below = Float32Array.from(middle);
  below[0] = space.low[0]! - 1;
  return [new Float32Array(size + 1), new Float32Array(size).fill(Number.NaN), beyond, below, new Float32Array(0), 0];
}

/** One episode of chance, from a seed. @param episode which of those that follow one another */
function episodeOf(environment: Environment, seed: number, stepsMax: number, episode = 0): Kept[] {
  for (let n = 0; n < episode; n++) environment.reset(n === 0 ? { seed } : {});
  const begun = environment.reset(episode === 0 ? { seed } : {});
  const first: Kept = { ...keep({ ...begun, reward: 0, terminated: false, truncated: false }) };
  const kept = [first];
  const chance = random(seed + 1);
  for (;;) {
    const step = keep(environment.step(actionOf(environment.actionSpace, chance)));
    kept.push(step);
    if (step.terminated || step.truncated) return kept;
    assert.ok(kept.length <= stepsMax, `an episode of at most ${stepsMax} steps`);
  }
}

const SEEDS = [1, 2, 3, 4, 5];

/** Adds what every environment promises to a suite. */
export function environmentContract(test: Test, contract: EnvironmentContract): void {
  const { name, create, createWithFuture, isRewardEquity = false, stepsMax = 10_000 } = contract;

  test(`${name}: the same seed and actions give the same episode to the last bit, another seed another one`, () => {
    const [one, other] = [create(), create()];
    const texts = SEEDS.map((seed) => {
      const kept = episodeOf(one, seed, stepsMax).map(bitsOf);
      assert.equal(kept, episodeOf(other, seed, stepsMax).map(bitsOf));
      return kept.join();
    });
    // Nothing of one episode is left in the next.
    assert.is(episodeOf(one, SEEDS[0]!, stepsMax).map(bitsOf).join(), texts[0]);
    assert.equal(
      episodeOf(one, 7, stepsMax, 2).map(bitsOf),
      episodeOf(other, 7, stepsMax, 2).map(bitsOf),
      'chance goes on alike',
    );
    assert.ok(new Set(texts).size > 1);
  });

  test(`${name}: observations are of their space, rewards are numbers`, () => {
    const environment = create();
    const { observationSpace: space } = environment;
    for (const seed of SEEDS)
      for (const { observation, reward } of episodeOf(environment, seed, stepsMax)) {
        assert.is(observation.length, spaceSize(space));
        assert.ok(spaceHolds(space, Float32Array.from(observation)), `${observation} in its space`);
        assert.ok(Number.isFinite(reward), `${reward}`);
      }
  });

  test(`${name}: an action that is not of the space is refused, and changes nothing`, () => {
    const [one, other] = [create(), create()];
    one.reset({ seed: 3 });
    other.reset({ seed: 3 });
    const chance = random(4);
    for (let n = 0; n < 5; n++) {
      for (const action of wrongActions(one.actionSpace)) assert.throws(() => one.step(action), isRangeError);
      const action = actionOf(one.actionSpace, chance);
      const [step, same] = [keep(one.step(action)), keep(other.step(action))];
      assert.is(bitsOf(step), bitsOf(same));
      if (step.terminated || step.truncated) break;
    }
  });

  test(`${name}: there is no step before an episode, and none after it`, () => {
    const environment = create();
    const action = actionOf(environment.actionSpace, random(1));
    assert.throws(() => environment.step(action), /expected an episode/);
    episodeOf(environment, 1, stepsMax);
    assert.throws(() => environment.step(action), /expected an episode/);
    environment.reset({});
    environment.step(action);
    environment.close();
    assert.throws(() => environment.step(action), /expected an episode/);
  });

  if (createWithFuture !== undefined)
    test(`${name}: what comes later changes nothing of what was seen and earned before`, () => {
      let changes = 0;
      for (const seed of SEEDS) {
        const kept = episodeOf(create(), seed, stepsMax);
        const cut = kept.length >> 1;
        const timeMs = kept[cut]!.info['timeMs'];
        assert.type(timeMs, 'number');
        const changed = episodeOf(createWithFuture(timeMs as number), seed, stepsMax);
        assert.equal(changed.slice(0, cut + 1).map(bitsOf), kept.slice(0, cut + 1).map(bitsOf));
        changes += Number(
          changed
            .slice(cut + 1)
            .map(bitsOf)
            .join() !==
            kept
              .slice(cut + 1)
              .map(bitsOf)
              .join(),
        );
      }
      assert.is(changes, SEEDS.length, 'the other future is another one');
    });

  if (isRewardEquity)
    test(`${name}: rewards sum to what the equity changed by`, () => {
      const environment = create();
      for (const seed of SEEDS) {
        const kept = episodeOf(environment, seed, stepsMax);
        const equity = kept.map(({ info }) => info['equity'] as number);
        const sum = kept.reduce((total, { reward }) => total + reward, 0);
        assert.ok(Math.abs(sum - (equity.at(-1)! - equity[0]!)) < 1e-6, `${sum} of ${equity.at(-1)! - equity[0]!}`);
        for (let n = 1; n < kept.length; n++) assert.is(kept[n]!.reward, equity[n]! - equity[n - 1]!);
      }
    });
}

const isRangeError = (error: unknown): boolean => error instanceof RangeError;
