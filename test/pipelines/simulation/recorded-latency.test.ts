import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { logNormalLatency, recordedLatency } from '../../../operators/matching/latency.ts';
import { madeMarket } from '../made-market.ts';
import { atTimes, runWithAccount, strategyOf } from './run-account.ts';
import { handWritten, tapesOf } from './small-tapes.ts';

const test = suite('pipelines/simulation/recorded-latency');

test('an order is as slow as the depth or trade that was heard last, times its factor', () => {
  const log = handWritten()
    .depth(1_040, 1_060, [[998, 1]])
    .trade(1_140, 1_150, 1_002, 1, false)
    .depth(1_900, 1_900, [[998, 2]]);
  const told: number[] = [];
  const strategy = {
    ...atTimes({
      1100: (market) => market.placeMarket('buy', 1),
      1200: (market) => market.placeMarket('buy', 1),
    }),
  };
  const run = runWithAccount(tapesOf(log.events), {
    strategy: {
      ...strategy,
      create: () => ({ ...strategy.create({}), onFill: (_, market) => told.push(market.timeUs / 1_000) }),
    },
    latency: recordedLatency(0.5, 2),
  });
  assert.equal(
    run.fills.map(({ timeUs }) => timeUs / 1_000),
    [1_110, 1_205],
  );
  assert.equal(told, [1_150, 1_225]);
});

test('it is the same in whatever parts the tape comes', () => {
  const market = madeMarket({ seed: 31, events: 3_000, snapshotEvery: 60 });
  const strategy = strategyOf(['timer'], {
    onEvent(_, { isBookValid, bidTicks, askTicks, orders, cancel, placeLimit }) {
      for (const { orderId } of orders) cancel(orderId);
      if (isBookValid && bidTicks < askTicks) placeLimit('buy', bidTicks, 3, { timeInForce: 'GTX' });
    },
  });
  const of = (eventsATape?: number) =>
    runWithAccount(tapesOf(market, eventsATape), { strategy, latency: recordedLatency(1, 1) });
  const whole = of();
  assert.ok(whole.fills.length > 0, `${whole.fills.length} fills`);
  for (const eventsATape of [13, 700]) {
    assert.equal(of(eventsATape).fills, whole.fills);
    assert.equal(of(eventsATape).ends, whole.ends);
  }
});

test('no answer overtakes another', () => {
  const told: string[] = [];
  const strategy = strategyOf(['timer'], {
    onEvent(_, market) {
      if (market.timeUs === 1_100_000) market.placeLimit('buy', 1_003, 40, { timeInForce: 'IOC' });
    },
    onFill: ({ priceTicks }, { orders }) => told.push(`${priceTicks}, ${orders.length}`),
  });
  const log = handWritten().depth(3_900, 3_900, [[998, 1]]);
  runWithAccount(tapesOf(log.events), { strategy, latency: logNormalLatency(3, 60, 1) });
  assert.equal(told, ['1002, 1', '1003, 1']);
});

test.run();
