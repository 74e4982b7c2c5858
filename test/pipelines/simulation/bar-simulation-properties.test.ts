import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { logNormalLatency } from '../../../operators/matching/latency.ts';
import { random } from '../../../operators/random.ts';
import { erratic, madeBars } from './made-bars.ts';
import { runBars } from './run-bars.ts';
import { MINUTE_US, partsOf } from './small-bars.ts';

const test = suite('pipelines/simulation/bar-simulation-properties');

test('in whatever parts the candles come, the run is the same', () => {
  const { uniform } = random(5);
  for (let seed = 1; seed <= 20; seed++) {
    const bars = madeBars(seed, 300);
    const ends = Array.from({ length: 5 }, () => Math.floor(uniform() * bars.openTimesMs.length)).sort((a, b) => a - b);
    const options = { latency: logNormalLatency(5_000, 5_000, 1), safeUpToTicks: () => 1_000 };
    const whole = runBars(bars, erratic(seed), { ...options, random: random(seed) });
    const parts = runBars(partsOf(bars, ends), erratic(seed), { ...options, random: random(seed) });
    assert.ok(whole.simulation.counts.filled > 20);
    assert.equal(parts.log, whole.log);
  }
});

test('no fill is better than the candle allows, nor more than its part of the volume; what is held is what was filled', () => {
  let triggered = 0;
  for (let seed = 1; seed <= 20; seed++) {
    const bars = madeBars(seed, 300);
    const sent = new Map<number, { side: string; type: string; priceTicks: number; qtySteps: number }>();
    const got = new Map<number, number>();
    /** Where a conditional order is triggered; NaN: a trailing stop, by its best price. */
    const triggers = new Map<number, number>();
    let [position, fills] = [0, 0];
    const { simulation } = runBars(bars, erratic(seed), {
      listener: {
        onSend: (request) => void sent.set(request.orderId, { ...request }),
        onConditionalSent: ({ orderId, triggerTicks }) => void triggers.set(orderId, triggerTicks),
        onTriggered: (request) => void sent.set(request.orderId, { ...request }),
        onFill({ orderId, side, priceTicks, qtySteps, kind, timeUs }) {
          const order = sent.get(orderId)!;
          const sign = side === 'buy' ? 1 : -1;
          const n = bars.openTimesMs.findLastIndex((openMs) => openMs * 1_000 <= timeUs);
          assert.ok(timeUs < bars.openTimesMs[n]! * 1_000 + MINUTE_US, 'within a candle');
          const [open, high, low] = [bars.open[n]!, bars.high[n]!, bars.low[n]!];
          if (kind === 'taker') {
            const trigger = triggers.get(orderId) ?? open;
            const from = sign > 0 ? Math.min(open, trigger) : Math.max(open, trigger);
            const least = Number.isNaN(from) ? (sign > 0 ? low : high) : from;
            assert.ok(sign * (priceTicks - least) >= 1, 'a taker pays half the spread at least');
            if (triggers.has(orderId)) triggered++;
          } else {
            assert.is(priceTicks, order.priceTicks);
            assert.ok(sign > 0 ? low < priceTicks : high > priceTicks, 'it was gone through');
          }
          if (order.type === 'LIMIT') assert.ok(sign * (order.priceTicks - priceTicks) >= 0, 'its limit holds');
          order.qtySteps -= qtySteps;
          assert.ok(order.qtySteps >= 0);
          got.set(n, (got.get(n) ?? 0) + qtySteps);
          assert.ok(got.get(n)! <= bars.volume[n]! * 0.1);
          position += sign * qtySteps;
          fills++;
        },
      },
    });
    assert.ok(fills > 20);
    // What was filled in the last candle has been told at its close.
    assert.is(simulation.market.positionSteps, position);
  }
  assert.ok(triggered > 100, `${triggered} triggered`);
});

test.run();
