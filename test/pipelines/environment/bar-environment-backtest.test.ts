import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { OrderSide } from '../../../operators/matching/order.ts';
import { random } from '../../../operators/random.ts';
import type { BarInfo } from '../../../pipelines/environment/bar-environment-options.ts';
import { defineStrategy, type OrderOptions } from '../../../pipelines/simulation/strategy.ts';
import { type BarRun, type BarRunOptions, createBarRun } from '../../../services/backtest/bar-run.ts';
import { type BarTape, barsBetween } from '../../../streams/tape/bar-tape.ts';
import { madeBars } from '../simulation/made-bars.ts';
import { MINUTE_MS } from '../simulation/small-bars.ts';
import { actionOf } from './environment-contract.ts';
import { type SmallOptions, smallEnvironment, smallOptions } from './small-environment.ts';

const test = suite('pipelines/environment/bar-environment, as a backtest');

interface Sent {
  readonly timeUs: number;
  readonly side: OrderSide;
  readonly qtySteps: number;
  readonly options: OrderOptions | undefined;
}

/** An episode of chance, what it sent, and the run that it was in. */
function episode(bars: BarTape, options: SmallOptions, seed: number) {
  const sent: Sent[] = [];
  let run: BarRun | undefined;
  let given: BarRunOptions | undefined;
  const environment = smallEnvironment(bars, {
    ...options,
    createRun(runOptions) {
      sent.length = 0;
      given = runOptions;
      run = createBarRun(runOptions);
      const { market } = run.simulation;
      const place = market.placeMarket;
      Object.assign(market, {
        placeMarket(side: OrderSide, qtySteps: number, options?: OrderOptions) {
          sent.push({ timeUs: market.timeUs, side, qtySteps, options });
          return place(side, qtySteps, options);
        },
      });
      return run;
    },
  });
  const begun = environment.reset({ seed });
  const seen = [{ ...(begun.info as BarInfo) }];
  const chance = random(seed);
  for (;;) {
    const { info, terminated, truncated } = environment.step(actionOf(environment.actionSpace, chance));
    seen.push({ ...(info as BarInfo) });
    if (terminated || truncated) return { seen, sent, run: run!, given: given! };
  }
}

/** A backtest of these candles in which a strategy sends the same. */
function replayed(given: BarRunOptions, bars: BarTape, sent: readonly Sent[]): BarRun {
  const strategy = defineStrategy({
    name: 'same-orders',
    title: '',
    says: '',
    parameters: {},
    events: [],
    barMs: () => MINUTE_MS,
    create: () => ({
      onBar(_, market) {
        for (const { timeUs, side, qtySteps, options } of sent)
          if (timeUs === market.timeUs) market.placeMarket(side, qtySteps, options);
      },
    }),
  });
  const run = createBarRun({ ...given, bars, strategy });
  run.simulation.push(bars);
  run.simulation.end();
  return run;
}

test('an episode is the backtest of a strategy that sends the same orders, to the last bit', () => {
  let [liquidations, settlements, orders, limited] = [0, 0, 0, 0];
  for (let seed = 1; seed <= 30; seed++) {
    const bars = madeBars(seed, 300);
    const limits = { ...smallOptions(bars).limits, maxPosition: seed % 3 === 0 ? 60 : Number.POSITIVE_INFINITY };
    const size = seed % 2 === 0 ? { qty: 80 } : { equityShare: 40 };
    const options: SmallOptions = {
      limits,
      size,
      episode: { begin: 'random', maxSteps: 100, mayCrossInvalid: true },
    };
    const { seen, sent, run, given } = episode(bars, options, seed);
    const span = barsBetween(bars, seen[0]!.bar, seen.at(-1)!.bar + 1);
    const same = replayed(given, span, sent);
    assert.equal(same.account.fills, run.account.fills);
    assert.equal(same.account.funding, run.account.funding);
    assert.equal(same.account.state, run.account.state);
    assert.equal(same.simulation.counts, run.simulation.counts);
    const curve = same.curve.take();
    assert.equal(run.curve.take(), curve);
    const { equity, position, price } = curve;
    // The curve begins at the first open.
    assert.equal(
      seen.map((info) => info.equity),
      [...equity].slice(1),
    );
    assert.equal(
      seen.map((info) => info.position),
      [...position].slice(1),
    );
    assert.equal(
      seen.map((info) => info.price),
      [...price].slice(1),
    );
    const last = seen.at(-1)!;
    assert.is(last.sent, same.simulation.counts.sent);
    assert.is(last.stopped, same.simulation.counts.stopped['position'] ?? 0);
    assert.is(last.fees, same.account.state.feesE8 / 1e8);
    liquidations += same.account.liquidations;
    settlements += same.account.funding.length;
    orders += sent.length;
    limited += last.stopped;
  }
  const found = `${liquidations} liquidations, ${settlements} settlements, ${orders} orders, ${limited} stopped`;
  assert.ok(liquidations > 3 && settlements > 50 && orders > 500 && limited > 20, found);
});

test.run();
