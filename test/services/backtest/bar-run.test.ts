import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { constantLatency } from '../../../operators/matching/latency.ts';
import { random } from '../../../operators/random.ts';
import { DEFAULT_RISK_LIMITS } from '../../../operators/risk/risk-limits.ts';
import { createBarSimulation } from '../../../pipelines/simulation/bar-simulation.ts';
import { defineStrategy, type Market, type StrategyDefinition } from '../../../pipelines/simulation/strategy.ts';
import { createBacktestAccount } from '../../../services/backtest/backtest-account.ts';
import { BAR_ASSUMPTIONS, type BarRun, type BarRunOptions, createBarRun } from '../../../services/backtest/bar-run.ts';
import { erratic, madeBars } from '../../pipelines/simulation/made-bars.ts';
import { barsOf, type Candle, MINUTE_MS, SCALE, START_MS } from '../../pipelines/simulation/small-bars.ts';

const test = suite('services/backtest/bar-run');

const definition = (create: StrategyDefinition['create']): StrategyDefinition =>
  defineStrategy({
    name: 'of-a-test',
    title: '',
    says: '',
    parameters: {},
    events: [],
    barMs: () => MINUTE_MS,
    create,
  });

function optionsOf(seed: number, more: Partial<BarRunOptions> = {}): BarRunOptions {
  const bars = madeBars(seed, 300);
  return {
    bars,
    funding: bars.funding,
    instrument: 'simulated:TEST',
    scale: SCALE,
    strategy: definition(() => erratic(seed)),
    parameters: {},
    assumptions: BAR_ASSUMPTIONS,
    latency: constantLatency(5, 5),
    seed,
    balance: 2_000,
    leverage: 50,
    feeTier: 0,
    limits: DEFAULT_RISK_LIMITS,
    ...more,
  };
}

function run(options: BarRunOptions): BarRun {
  const started = createBarRun(options);
  started.simulation.push(options.bars);
  started.simulation.end();
  return started;
}

test('no cash is made or lost, whatever happens', () => {
  let [liquidations, settlements] = [0, 0];
  for (let seed = 1; seed <= 40; seed++) {
    const given = optionsOf(seed);
    const { account, curve } = run(given);
    const { state, fills } = account;
    assert.is(
      state.walletE8,
      state.depositedE8 +
        state.realisedE8 -
        state.feesE8 +
        state.fundingE8 -
        state.liquidationFeesE8 +
        state.insuranceE8,
    );
    const { both } = state.books[0]!;
    const signed = fills.map(({ side, qty, price }) => (side === 'buy' ? 1 : -1) * qty * price);
    // What was paid for all is what is held at its cost, less what was realised: prices and quantities are whole here.
    const paid = signed.reduce((sum, value) => sum + value, 0);
    assert.is(Math.round(paid * 1e8), both.costE8 - state.realisedE8);
    const { equity, position } = curve.take();
    assert.is(position.at(-1), both.steps);
    assert.is(equity.at(-1), curve.equityAt(given.bars.close.at(-1)!));
    liquidations += account.liquidations;
    settlements += account.funding.length;
  }
  assert.ok(liquidations > 5 && settlements > 100, `${liquidations} liquidations, ${settlements} settlements`);
});

test('asking the account at every candle gives the same run as asking where it may be liquidated', () => {
  let liquidations = 0;
  for (let seed = 1; seed <= 40; seed++) {
    const given = optionsOf(seed);
    const { account, simulation } = run(given);
    const asked = createBacktestAccount({
      ...given,
      sampleMs: Number.POSITIVE_INFINITY,
      onLiquidation: (side, qtySteps, priceTicks) => always.liquidate(side, qtySteps, priceTicks),
    });
    const always = createBarSimulation({
      ...given,
      intervalMs: MINUTE_MS,
      rules: { assumptions: given.assumptions, account: asked.exchange },
      random: random(seed),
      sampleMs: MINUTE_MS,
      safeUpToTicks: () => (asked.state.books[0]!.both.steps > 0 ? Number.POSITIVE_INFINITY : 0),
      listener: asked,
    });
    always.push(given.bars);
    assert.equal(asked.fills, account.fills);
    assert.is(asked.state.walletE8, account.state.walletE8);
    assert.equal(always.counts, simulation.counts);
    liquidations += account.liquidations;
  }
  assert.ok(liquidations > 5, `${liquidations} liquidations`);
});

const SENDERS: ReadonlySet<PropertyKey> = new Set(['placeLimit', 'placeMarket', 'placeConditional', 'amend', 'cancel']);

/** The strategy, but up to then nothing that it sends comes to the market. */
function withheldUntil(strategy: StrategyDefinition, tradeFromMs: number): StrategyDefinition {
  return definition((parameters) => {
    const { onBar } = strategy.create(parameters);
    const withheld = (market: Market): Market =>
      new Proxy(market, { get: (target, name) => (SENDERS.has(name) ? () => 0 : Reflect.get(target, name)) });
    return { onBar: (bar, market) => onBar!(bar, market.timeUs < tradeFromMs * 1_000 ? withheld(market) : market) };
  });
}

test('before it trades a strategy only watches: the run is as if its orders had been withheld', () => {
  for (let seed = 1; seed <= 5; seed++) {
    const given = optionsOf(seed);
    const tradeFromMs = START_MS + 100 * MINUTE_MS;
    let bars = 0;
    const counted = definition(() => {
      const { onBar } = erratic(seed);
      return {
        onBar(bar, market) {
          bars++;
          onBar!(bar, market);
        },
      };
    });
    const late = run({ ...given, strategy: counted, tradesFromUs: tradeFromMs * 1_000 });
    const withheld = run({ ...given, strategy: withheldUntil(given.strategy, tradeFromMs) });
    assert.is(bars, given.bars.openTimesMs.length);
    assert.ok(late.account.fills.length > 5 && late.account.fills[0]!.timeMs >= tradeFromMs);
    assert.equal(late.account.fills, withheld.account.fills);
    assert.equal(late.curve.take(), withheld.curve.take());
    const { stopped, sent } = late.simulation.counts;
    assert.ok(stopped['warm-up']! > 50, `${stopped['warm-up']} withheld`);
    assert.is(sent, withheld.simulation.counts.sent);
  }
});

test('a leveraged long is liquidated at the low of the candle, by hand', () => {
  // 2,000 of collateral, 100 bought at 1,001 with a fee of 50.05: of it 850 are left at 990, of which 445 are needed, and
  // nothing at 980.
  const flat: Candle = [1_000, 1_000, 1_000, 1_000, 10_000];
  const bars = barsOf([flat, flat, [1_000, 1_020, 990, 1_010, 10_000], [1_010, 1_200, 980, 1_200, 10_000], flat]);
  let bar = 0;
  const told: string[] = [];
  const strategy = definition(() => ({
    onBar: (_, market) => {
      if (++bar === 1) market.placeMarket('buy', 100);
      if (bar === 2) market.placeLimit('sell', 1_100, 100, { isReduceOnly: true });
      told.push(`${market.positionSteps} held, ${market.orders.length} open`);
    },
  }));
  const { account, curve } = run(optionsOf(1, { bars, funding: bars.funding, strategy, leverage: 100 }));
  assert.equal(
    account.fills.map(({ side, price, qty, outcome, timeMs }) => [side, price, qty, outcome, timeMs - START_MS]),
    [
      ['buy', 1_001, 100, 'taker', MINUTE_MS + 5],
      ['sell', 980, 100, 'liquidation', 3.5 * MINUTE_MS],
    ],
  );
  assert.equal(told, ['0 held, 1 open', '100 held, 1 open', '100 held, 1 open', '0 held, 0 open', '0 held, 0 open']);
  assert.equal([...curve.take().equity], [2_000, 2_000, 2_000 - 50.05 - 100, 2_000 - 50.05 + 900, 0, 0]);
});

test.run();
