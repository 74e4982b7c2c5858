import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Parameters } from '../../../operators/features/definition.ts';
import { resolveParameters } from '../../../operators/features/resolve-feature-set.ts';
import { constantLatency, logNormalLatency } from '../../../operators/matching/latency.ts';
import { QUEUE_MODELS } from '../../../operators/matching/queue-model.ts';
import { random } from '../../../operators/random.ts';
import { createSimulation, type SimulationOptions } from '../../../pipelines/simulation/simulation.ts';
import type { SimulatedFill } from '../../../pipelines/simulation/simulation-listener.ts';
import {
  defineStrategy,
  type Market,
  type Strategy,
  type StrategyEvent,
} from '../../../pipelines/simulation/strategy.ts';
import { STRATEGIES } from '../../../pipelines/strategies/strategies.ts';
import type { Tape } from '../../../streams/tape/tape.ts';

import { madeMarket } from '../made-market.ts';
import { handWritten, tapesOf } from './small-tapes.ts';

const test = suite('pipelines/simulation/simulation');

interface Run {
  readonly fills: SimulatedFill[];
  readonly market: Market;
  readonly counts: ReturnType<typeof createSimulation>['counts'];
}

function run(tapes: readonly Tape[], options: Partial<SimulationOptions> & Pick<SimulationOptions, 'strategy'>): Run {
  const fills: SimulatedFill[] = [];
  const simulation = createSimulation({
    parameters: {},
    rules: { queue: QUEUE_MODELS['risk-averse']!, fills: 'partial' },
    latency: constantLatency(5, 7),
    random: random(1),
    listener: { onFill: (fill) => fills.push(fill) },
    ...options,
  });
  for (const tape of tapes) simulation.push(tape);
  simulation.end();
  const { market, counts } = simulation;
  return { fills, market, counts };
}

/** A strategy of a test. */
const strategyOf = (events: readonly StrategyEvent['type'][], strategy: Strategy, everyMs?: number) =>
  defineStrategy({
    name: 'of-a-test',
    title: '',
    says: '',
    parameters: {},
    events,
    ...(everyMs === undefined ? {} : { everyMs: () => everyMs }),
    create: () => strategy,
  });

test('a strategy sees the market when it was received, its orders take their way, and the answers theirs', () => {
  const log = handWritten()
    .depth(1_100, 1_130, [[1_001, 3]])
    .trade(1_200, 1_260, 1_002, 1, false);
  const told: string[] = [];
  const strategy = strategyOf(['topOfBook'], {
    onEvent(_, market) {
      told.push(`${market.timeUs / 1_000}: ${market.bidTicks} x ${market.askTicks}`);
      if (market.bidTicks === 1_001) market.placeMarket('buy', 2);
    },
    onFill({ qtySteps, priceTicks }, market) {
      told.push(`${market.timeUs / 1_000}: bought ${qtySteps} at ${priceTicks}, has ${market.positionSteps}`);
    },
  });
  const { fills } = run(tapesOf(log.events), { strategy });
  assert.equal(told, ['1000: 1000 x 1002', '1130: 1001 x 1002', '1142: bought 2 at 1002, has 2']);
  assert.equal(
    fills.map(({ timeUs, midTicks, kind }) => [timeUs / 1_000, midTicks, kind]),
    [[1_135, 1_001.5, 'taker']],
  );
});

test('an order meets the exchange as it is when it arrives, not as the strategy saw it', () => {
  // The ask is gone at 1,101, which is heard of at 1,160 only; the order sent at 1,130 arrives at 1,135.
  const log = handWritten()
    .depth(1_100, 1_130, [[1_001, 3]])
    .depth(1_101, 1_160, [], [[1_002, 0]]);
  const strategy = strategyOf(['topOfBook'], {
    onEvent: (_, market) => {
      if (market.timeUs === 1_130_000) market.placeLimit('buy', 1_002, 2);
    },
  });
  const { fills, market } = run(tapesOf(log.events), { strategy });
  assert.equal(fills, []);
  assert.equal(
    market.orders.map(({ priceTicks, state }) => [priceTicks, state]),
    [[1_002, 'open']],
  );
});

test('trades and depth count in the order in which they happened, not in that in which they were received', () => {
  // At the touch behind 10: the trade of 1,150 is heard of before the depth of 1,120 that shows 4 in front.
  const log = handWritten()
    .depth(1_100, 1_100, [[998, 1]])
    .trade(1_150, 1_151, 1_000, 5, true)
    .depth(1_120, 1_152, [[1_000, 4]]);
  const strategy = strategyOf(['topOfBook'], {
    onEvent: (_, market) => {
      if (market.timeUs === 1_100_000) market.placeLimit('buy', 1_000, 2);
    },
  });
  const { fills } = run(tapesOf(log.events), { strategy });
  assert.equal(
    fills.map(({ timeUs, qtySteps, kind }) => [timeUs / 1_000, qtySteps, kind]),
    [[1_150, 1, 'queue']],
  );
});

test('a cancellation that comes too late leaves the fill, and one in time takes the order', () => {
  const events = (tradeMs: number) =>
    tapesOf(
      handWritten()
        .trade(tradeMs, tradeMs, 999, 1, true)
        .depth(1_500, 1_500, [[998, 2]]).events,
    );
  const strategy = strategyOf(
    ['timer'],
    {
      onEvent(_, market) {
        if (market.timeUs === 1_100_000) market.placeLimit('buy', 1_000, 2);
        if (market.timeUs === 1_200_000) for (const { orderId } of market.orders) market.cancel(orderId);
      },
    },
    100,
  );
  const late = run(events(1_203), { strategy });
  assert.equal([late.fills.length, late.counts.cancelled, late.market.positionSteps], [1, 0, 2]);
  const early = run(events(1_207), { strategy });
  assert.equal([early.fills.length, early.counts.cancelled, early.market.positionSteps], [0, 1, 0]);
});

test('timers come at multiples of their length, and end with the recording', () => {
  const at: number[] = [];
  const strategy = strategyOf(['timer'], { onEvent: (_, { timeUs }) => at.push(timeUs / 1_000) }, 250);
  run(tapesOf(handWritten().depth(1_900, 1_905, [[998, 1]]).events), { strategy });
  assert.equal(at, [1_000, 1_250, 1_500, 1_750]);
});

const MARKET = madeMarket({ seed: 31, events: 8_000, snapshotEvery: 60 });

/** Such as trade on a small market. */
const PARAMETERS: Readonly<Record<string, Parameters>> = {
  'market-maker': { halfSpreadBps: 0 },
  grid: { stepBps: 0.1 },
  'moving-average-cross': { barMs: 1_000, fast: 3, slow: 9 },
  'liquidation-fade': { least: 0 },
};

for (const strategy of STRATEGIES) {
  const parameters = resolveParameters(strategy.name, strategy, PARAMETERS[strategy.name]!);
  const of = (eventsATape?: number) =>
    run(tapesOf(MARKET, eventsATape), {
      strategy,
      parameters,
      latency: logNormalLatency(3, 3, 0.5),
      random: random(5),
    });

  test(`${strategy.name} does the same in whatever parts the tape comes, and again`, () => {
    const whole = of();
    assert.ok(whole.fills.length > 3, `${whole.fills.length} fills of ${whole.counts.sent} orders`);
    for (const eventsATape of [undefined, 13, 1_000]) {
      const inParts = of(eventsATape);
      assert.equal(inParts.fills, whole.fills);
      assert.equal(inParts.counts, whole.counts);
    }
  });

  test(`${strategy.name} ends with the position that its fills add up to`, () => {
    const { fills, market } = of();
    const sum = fills.reduce((steps, { side, qtySteps }) => steps + (side === 'buy' ? qtySteps : -qtySteps), 0);
    assert.is(market.positionSteps, sum);
  });
}

test.run();
