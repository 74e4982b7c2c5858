import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { logNormalLatency } from '../../../operators/matching/latency.ts';
import { QUEUE_MODELS } from '../../../operators/matching/queue-model.ts';
import { random } from '../../../operators/random.ts';
import { createSimulation, type SimulationOptions } from '../../../pipelines/simulation/simulation.ts';
import type { SimulatedFill } from '../../../pipelines/simulation/simulation-listener.ts';
import { defineStrategy, type Market } from '../../../pipelines/simulation/strategy.ts';
import { madeMarket } from '../made-market.ts';
import { tapesOf } from './small-tapes.ts';

const test = suite('pipelines/simulation/paused');
const MARKET = madeMarket({ seed: 3, events: 3_000, hasFaults: false, snapshotEvery: 100 });

/** What is done at each timer, whoever does it. */
function decide(market: Market): void {
  for (const { orderId, state } of market.orders) if (state === 'open') market.cancel(orderId);
  if (!(market.bidTicks < market.askTicks)) return;
  market.placeLimit('buy', market.bidTicks, 5);
  market.placeLimit('sell', market.askTicks, 5);
}

interface Ran {
  readonly fills: SimulatedFill[];
  readonly timesUs: number[];
}

function run(eventsATape: number, isFromOutside: boolean): Ran {
  const ran: Ran = { fills: [], timesUs: [] };
  let isDue = false;
  const strategy = defineStrategy({
    name: 'of-a-test',
    title: '',
    says: '',
    parameters: {},
    events: ['timer'],
    everyMs: () => 250,
    create: () => ({
      onEvent(_, market) {
        isDue = true;
        if (!isFromOutside) act(market);
      },
    }),
  });
  const options: SimulationOptions = {
    strategy,
    parameters: {},
    rules: { queue: QUEUE_MODELS['risk-averse']!, fills: 'partial' },
    latency: logNormalLatency(5, 7, 0.5),
    random: random(1),
    listener: { onFill: (fill) => ran.fills.push(fill) },
    ...(isFromOutside ? { isPaused: () => isDue } : {}),
  };
  const simulation = createSimulation(options);
  function act(market: Market): void {
    ran.timesUs.push(market.timeUs);
    decide(market);
  }
  function actWhereDue(): void {
    while (isFromOutside && isDue) {
      isDue = false;
      act(simulation.market);
      simulation.goOn();
    }
  }
  for (const tape of tapesOf(MARKET, eventsATape)) {
    simulation.push(tape);
    actWhereDue();
  }
  simulation.end();
  actWhereDue();
  return ran;
}

test('who decides from outside, at each pause, does what a strategy does, in whatever parts the tape comes', () => {
  const inside = run(Number.POSITIVE_INFINITY, false);
  assert.ok(inside.fills.length > 20, `${inside.fills.length} fills`);
  for (const eventsATape of [Number.POSITIVE_INFINITY, 170, 1]) assert.equal(run(eventsATape, true), inside);
});

test.run();
