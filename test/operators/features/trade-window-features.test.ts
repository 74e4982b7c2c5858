import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { FeatureDefinition } from '../../../operators/features/definition.ts';
import type { FeatureInput } from '../../../operators/features/feature-input.ts';
import { INTER_TRADE_TIME } from '../../../operators/features/inter-trade-time.ts';
import { LARGE_TRADES } from '../../../operators/features/large-trades.ts';
import { SIGNED_VOLUME } from '../../../operators/features/signed-volume.ts';
import { TRADE_COUNT } from '../../../operators/features/trade-count.ts';
import { TRADE_INTENSITY } from '../../../operators/features/trade-intensity.ts';
import { TRADE_SIZE } from '../../../operators/features/trade-size.ts';
import { TRADE_VOLUME } from '../../../operators/features/trade-volume.ts';
import type { Trade } from '../../../streams/events/trade.ts';
import { BOOK_BREAK, gap, trade } from '../market-events.ts';
import { assertNear, said, sample, spoken, testFeatureContract } from './feature-runs.ts';
import { isTradeGap, mean, naively, nowOf, ofType, since, sum, type Timed } from './naive-past.ts';
import { randomMarket } from './random-markets.ts';

const test = suite('operators/features/trade-window-features');

const WINDOW = { windowMs: 1_000 };
const buy = (ms: number, steps: number): Trade => trade(ms, 100, steps);
const sell = (ms: number, steps: number): Trade => trade(ms, 100, steps, { aggressorSide: 'sell' });

/** The first trade, one window ago, is just out: bought 30 at 1,200, sold 10 and 2 at 1,900. */
const trades = (): FeatureInput[] => [buy(1_000, 99), buy(1_200, 30), sell(1_900, 10), sell(1_900, 2), sample(2_000)];

const EXPECTED: readonly (readonly [FeatureDefinition, unknown, unknown])[] = [
  [SIGNED_VOLUME, 30 - 12, 0],
  [TRADE_COUNT, { buy: 1, sell: 2 }, { buy: 0, sell: 0 }],
  [TRADE_VOLUME, { buy: 30, sell: 12 }, { buy: 0, sell: 0 }],
  [TRADE_INTENSITY, 3, 0],
  [TRADE_SIZE, 42 / 3, null],
  [INTER_TRADE_TIME, (0.2 + 0.7 + 0) / 3, null],
];

for (const [definition] of EXPECTED)
  testFeatureContract(test, definition, {
    parameters: WINDOW,
    events: () => [sample(1), ...trades(), sell(2_300, 5), gap('aggTrade'), sample(2_400), buy(2_500, 1)],
    firstOutput: 5,
  });
testFeatureContract(test, LARGE_TRADES, {
  parameters: { trades: 2, quantile: 0.5, windowMs: 300 },
  events: () => [...trades(), sell(2_200, 5), buy(2_500, 6), gap('trade'), ...trades()],
  firstOutput: 5,
});

test('each counts what the window holds, once it has passed since the first trade', () => {
  for (const [definition, expected] of EXPECTED)
    assertNear(said(definition, WINDOW, trades()), [null, null, null, null, expected], 1e-12);
});

test('where nothing trades, sums are 0 and means silent', () => {
  for (const [definition, , expected] of EXPECTED)
    assert.equal(said(definition, WINDOW, [...trades(), sample(9_000)]).at(-1), expected, definition.name);
});

test('a gap of trades starts each anew, a break of the book does not', () => {
  for (const [definition] of EXPECTED)
    for (const channel of ['aggTrade', 'trade']) {
      const after = [gap(channel), sample(2_100), buy(2_200, 1), sample(3_199), buy(3_200, 4)];
      const values = said(definition, WINDOW, [...trades(), BOOK_BREAK, gap('depth'), ...after]);
      assert.is(spoken(values.slice(4, 7)), 3, definition.name);
      assert.is(spoken(values.slice(7)), 1, definition.name);
    }
});

test('a trade is large that is larger than the quantile of those before it', () => {
  const parameters = { trades: 4, quantile: 0.5, windowMs: 1_000 };
  // The second smallest of the four before is 20; then 20, of 20, 30, 40, 21; then 21.
  const sizes = [10, 20, 30, 40, 21, 20];
  const inputs = [...sizes.map((steps, n) => sell(1_000 + n, steps)), buy(1_100, 22), sample(2_003), sample(2_004)];
  assert.equal(said(LARGE_TRADES, parameters, inputs).slice(6), [null, null, { count: 1, volume: 22 }]);
  assert.equal(said(LARGE_TRADES, { ...parameters, windowMs: 2_000 }, [...inputs, sample(3_003)]).at(-1), null);
  assert.equal(said(LARGE_TRADES, parameters, [...inputs.slice(0, 7), sample(9_000)]).at(-1), { count: 0, volume: 0 });
  const broken = [...inputs, gap('trade'), ...inputs.slice(0, 4), sample(9_000)];
  assert.is(spoken(said(LARGE_TRADES, parameters, broken).slice(9)), 0);
});

/** Trades of the window, with how long after the one before they came; null before it is warm. */
function recentTrades(past: readonly Timed[]): { readonly trade: Trade; readonly pauseMs: number }[] | null {
  const all = ofType(since(past, isTradeGap), 'trade');
  const now = nowOf(past);
  if (all.length === 0 || now - all[0]!.ms < 1_000) return null;
  return all.flatMap(({ event, ms }, n) =>
    ms > now - 1_000 ? [{ trade: event, pauseMs: n === 0 ? 0 : ms - all[n - 1]!.ms }] : [],
  );
}

test('in a random market each is what the plain count gives', () => {
  const inputs = randomMarket(41, 900);
  const check = (
    definition: FeatureDefinition,
    value: (recent: { readonly trade: Trade; readonly pauseMs: number }[]) => unknown,
  ): void => {
    const plain = naively(definition, inputs, (past) => {
      const recent = recentTrades(past);
      return recent && value(recent);
    });
    assertNear(said(definition, WINDOW, inputs), plain);
    assert.ok(spoken(plain) > 300, definition.name);
  };
  const of = (recent: readonly { readonly trade: Trade }[], side: string): number[] =>
    recent.filter(({ trade }) => trade.aggressorSide === side).map(({ trade }) => trade.qtySteps);
  check(SIGNED_VOLUME, (recent) => sum(of(recent, 'buy')) - sum(of(recent, 'sell')));
  check(TRADE_COUNT, (recent) => ({ buy: of(recent, 'buy').length, sell: of(recent, 'sell').length }));
  check(TRADE_VOLUME, (recent) => ({ buy: sum(of(recent, 'buy')), sell: sum(of(recent, 'sell')) }));
  check(TRADE_INTENSITY, (recent) => recent.length);
  check(TRADE_SIZE, (recent) => (recent.length === 0 ? null : mean(recent.map(({ trade }) => trade.qtySteps))));
  check(INTER_TRADE_TIME, (recent) =>
    recent.length === 0 ? null : mean(recent.map(({ pauseMs }) => pauseMs)) / 1_000,
  );
});

test('in a random market large trades are those above the sorted sizes before them', () => {
  const inputs = randomMarket(42, 1_500, 0.001);
  const [trades, quantile] = [40, 0.9];
  const plain = naively(LARGE_TRADES, inputs, (past) => {
    const whole = since(past, isTradeGap);
    const all = ofType(whole, 'trade');
    const now = nowOf(past);
    if (all.length <= trades || now - all[trades]!.ms < 1_000) return null;
    const large = all.filter(({ event, ms }, n) => {
      if (n < trades || ms <= now - 1_000) return false;
      const before = all.slice(n - trades, n).map((one) => one.event.qtySteps);
      return event.qtySteps > before.toSorted((a, b) => a - b)[Math.ceil(quantile * trades) - 1]!;
    });
    const signed = large.map(({ event }) => (event.aggressorSide === 'buy' ? event.qtySteps : -event.qtySteps));
    return { count: large.length, volume: sum(signed) };
  });
  assertNear(said(LARGE_TRADES, { trades, quantile, windowMs: 1_000 }, inputs), plain);
  assert.ok(spoken(plain) > 500);
});

test.run();
