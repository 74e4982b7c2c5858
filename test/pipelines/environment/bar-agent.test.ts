import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { random } from '../../../operators/random.ts';
import { type BarAgent, barAgent } from '../../../pipelines/environment/bar-agent.ts';
import type { BarInfo } from '../../../pipelines/environment/bar-environment-options.ts';
import { noNormalisation } from '../../../pipelines/environment/normalisation.ts';
import { type BarRun, createBarRun } from '../../../services/backtest/bar-run.ts';
import type { BarTape } from '../../../streams/tape/bar-tape.ts';
import { madeBars } from '../simulation/made-bars.ts';
import { MINUTE_MS } from '../simulation/small-bars.ts';
import { FEATURES, smallEnvironment, smallOptions } from './small-environment.ts';

const test = suite('pipelines/environment/bar-agent');

/** Decides by chance, of which it draws more where it sees more. */
function createPolicy(): (observation: Float32Array) => Float32Array {
  const chance = random(7);
  return (observation) => {
    const drawn = chance.uniform();
    return Float32Array.of(
      observation.at(-4)! > 0.5 || observation[0]! > 0 ? drawn * 2 - 1 : Math.round(drawn * 2) - 1,
    );
  };
}

const agent = (changes: Partial<BarAgent> = {}): BarAgent => ({
  name: 'small',
  title: '',
  says: '',
  features: FEATURES,
  normalisation: noNormalisation({ columns: ['roc', 'z'] }),
  actions: { type: 'continuous' },
  size: { equityShare: 20 },
  intervalMs: MINUTE_MS,
  createPolicy,
  ...changes,
});

/** The candles but some. */
function without(bars: BarTape, isMissing: (n: number) => boolean): BarTape {
  const kept = <Column extends Float64Array | Int32Array>(column: Column): Column =>
    column.filter((_, n) => !isMissing(n)) as Column;
  const { openTimesMs, open, high, low, close, volume } = bars;
  return {
    ...bars,
    openTimesMs: kept(openTimesMs),
    open: kept(open),
    high: kept(high),
    low: kept(low),
    close: kept(close),
    volume: kept(volume),
  };
}

function backtested(bars: BarTape, strategy: BarAgent): BarRun {
  const { funding } = bars;
  const run = createBarRun({
    ...smallOptions(bars),
    bars,
    funding,
    strategy: barAgent(strategy),
    parameters: {},
    seed: 1,
  });
  run.simulation.push(bars);
  run.simulation.end();
  return run;
}

test('a backtest of an agent is its episode, to the last bit, over holes too', () => {
  let [orders, crossed] = [0, 0];
  for (let seed = 1; seed <= 20; seed++) {
    const chance = random(seed);
    const holes = new Set(seed % 2 === 0 ? [] : [1, 2, 3, 4].map(() => 20 + chance.below(200)));
    const bars = without(madeBars(seed, 300), (n) => holes.has(n));
    const { size } = agent();
    const environment = smallEnvironment(bars, { size, episode: { begin: 'first', mayCrossInvalid: true } });
    const policy = createPolicy();
    const seen: BarInfo[] = [];
    let said = environment.reset({ seed: 1 }) as ReturnType<typeof environment.step>;
    seen.push({ ...(said.info as BarInfo) });
    while (!said.terminated && !said.truncated) {
      said = environment.step(policy(said.observation));
      seen.push({ ...(said.info as BarInfo) });
    }
    const run = backtested(bars, agent());
    const { timesMs, equity, position } = run.curve.take();
    const from = timesMs.indexOf(seen[0]!.timeMs);
    const last = from + seen.length;
    assert.equal(
      [...equity].slice(from, last),
      seen.map((info) => info.equity),
      `seed ${seed}`,
    );
    assert.equal(
      [...position].slice(from, last),
      seen.map((info) => info.position),
      `seed ${seed}`,
    );
    orders += run.simulation.counts.sent;
    crossed += holes.size;
  }
  assert.ok(orders > 2_000 && crossed > 30, `${orders} orders, ${crossed} holes`);
});

test('it waits for its features, and leaves its position where one is not valid', () => {
  const bars = without(madeBars(3, 120), (n) => n === 60);
  const seen: number[] = [];
  const wanting = (): Float32Array => Float32Array.of(seen.push(0) % 2 === 0 ? 1 : -1);
  const run = backtested(bars, agent({ size: { qty: 5 }, createPolicy: () => wanting }));
  const sentAt = new Set(run.account.fills.map(({ timeMs }) => timeMs));
  // The second feature needs five candles, after a hole too.
  const closes = (n: number): number => bars.openTimesMs[n]! + MINUTE_MS;
  const filledAfter = (n: number): boolean => [...sentAt].some((timeMs) => Math.abs(timeMs - closes(n)) < 1_000);
  assert.equal([0, 1, 2, 3].map(filledAfter), [false, false, false, false]);
  assert.ok(filledAfter(5) && filledAfter(20) && filledAfter(58));
  assert.equal([60, 61, 62].map(filledAfter), [false, false, false]);
  assert.ok(filledAfter(66));
  assert.ok(seen.length > 100);
});

test.run();
