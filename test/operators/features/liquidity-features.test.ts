import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { AMIHUD_ILLIQUIDITY } from '../../../operators/features/amihud-illiquidity.ts';
import type { FeatureDefinition, Parameters } from '../../../operators/features/definition.ts';
import type { FeatureInput } from '../../../operators/features/feature-input.ts';
import { HAWKES_BRANCHING } from '../../../operators/features/hawkes-branching.ts';
import { KYLE_LAMBDA } from '../../../operators/features/kyle-lambda.ts';
import { ROLL_SPREAD } from '../../../operators/features/roll-spread.ts';
import { BOOK_BREAK, gap, quote, trade } from '../market-events.ts';
import { assertNear, said, sample, spoken, testFeatureContract } from './feature-runs.ts';
import { isBookBreak, isTradeGap, mean, naively, nowOf, ofType, since, sum, type Timed } from './naive-past.ts';
import { randomMarket } from './random-markets.ts';

const test = suite('operators/features/liquidity-features');

const BY_SECOND = { intervalMs: 1_000, samples: 3 };
const mid = (ms: number, price: number) => quote(ms, [price - 1, 5], [price + 1, 5]);
const buy = (ms: number, ticks: number, steps: number) => trade(ms, ticks, steps);
const sell = (ms: number, ticks: number, steps: number) => trade(ms, ticks, steps, { aggressorSide: 'sell' });

/** Seconds 1 to 4; the first is not whole. Signed volumes of 2 to 4: 4, −2, 1; midprices 100, 103, 101, 102. */
const seconds = (): FeatureInput[] => [
  mid(1_100, 100),
  buy(1_200, 100, 7),
  buy(2_200, 102, 6),
  sell(2_300, 103, 2),
  mid(2_400, 103),
  sell(3_500, 101, 2),
  mid(3_600, 101),
  buy(4_100, 102, 1),
  mid(4_900, 102),
  mid(5_000, 150),
  sample(5_000),
];

const CASES: readonly (readonly [FeatureDefinition, Parameters, number])[] = [
  [KYLE_LAMBDA, BY_SECOND, 9],
  [AMIHUD_ILLIQUIDITY, BY_SECOND, 10],
  [HAWKES_BRANCHING, BY_SECOND, 10],
  [ROLL_SPREAD, { pairs: 2 }, 7],
];
for (const [definition, parameters, firstOutput] of CASES)
  testFeatureContract(test, definition, {
    parameters,
    events: () => [...seconds(), sample(5_100), sell(5_300, 99, 1), mid(6_000, 99), buy(6_100, 102, 1), gap('trade')],
    firstOutput,
  });

test('Kyle’s lambda is the slope of the midprice’s changes over signed volume', () => {
  // v = 4, −2, 1 and Δm = 3, −2, 1: Σ(v − 1)(Δm − 2/3) / Σ(v − 1)².
  const expected = (3 * (7 / 3) + -3 * (-8 / 3) + 0) / 18;
  assertNear(said(KYLE_LAMBDA, BY_SECOND, seconds()).slice(8), [null, expected, expected]);
  const even = [2_200, 3_200, 4_200].flatMap((ms) => [buy(ms, 100, 5), mid(ms + 1, ms)]);
  assert.is(said(KYLE_LAMBDA, BY_SECOND, [mid(1_100, 9), buy(1_200, 9, 1), ...even, mid(5_000, 9)]).at(-1), null);
});

test('Amihud’s illiquidity is the mean of |return| over quote volume, of intervals with trades', () => {
  const ratios = [
    Math.log(103 / 100) / (102 * 6 + 103 * 2),
    Math.log(103 / 101) / (101 * 2),
    Math.log(102 / 101) / 102,
  ];
  assertNear(said(AMIHUD_ILLIQUIDITY, BY_SECOND, seconds()).slice(9), [null, mean(ratios)], 1e-15);
  assertNear(said(AMIHUD_ILLIQUIDITY, BY_SECOND, [...seconds(), sample(6_000)]).slice(-1), [mean(ratios.slice(1))]);
  assert.is(said(AMIHUD_ILLIQUIDITY, BY_SECOND, [...seconds(), sample(99_000)]).at(-1), null);
});

test('the branching ratio is that of the counts’ variance to their mean', () => {
  // Counts of 0, 4, 11: mean 5, variance 31.
  const counts = [0, 4, 11].flatMap((count, n) => Array.from({ length: count }, () => buy(2_500 + n * 1_000, 1, 1)));
  const inputs = [buy(1_900, 1, 1), ...counts, sample(5_000)];
  assertNear(said(HAWKES_BRANCHING, BY_SECOND, inputs).slice(-2), [null, 1 - 1 / Math.sqrt(31 / 5)]);
  // 2, 1, 1: fewer than independent ones would vary.
  assertNear(said(HAWKES_BRANCHING, BY_SECOND, seconds()).slice(-1), [0]);
  assert.is(said(HAWKES_BRANCHING, BY_SECOND, [...inputs, sample(99_000)]).at(-1), null);
  const still = [1_500, 2_500, 3_500, 4_500].map((ms) => buy(ms, 1, 1));
  assert.is(said(HAWKES_BRANCHING, BY_SECOND, [...still, sample(5_000)]).at(-1), 0);
});

test('Roll’s spread is twice the root of how prices bounce, silent where they trend', () => {
  const at = (...prices: number[]) => prices.map((ticks, n) => buy(1_000 + n, ticks, 1));
  // Changes 2, −2, 2, −2: products −4 each, means of 2/3 and −2/3.
  assertNear(said(ROLL_SPREAD, { pairs: 3 }, at(100, 102, 100, 102, 100)), [
    null,
    null,
    null,
    null,
    2 * Math.sqrt(32 / 9),
  ]);
  assert.is(said(ROLL_SPREAD, { pairs: 2 }, at(100, 101, 104, 109)).at(-1), null);
  assert.is(said(ROLL_SPREAD, { pairs: 3 }, at(100, 100, 100, 100, 100)).at(-1), 0);
});

test('each starts anew where what it depends on is missing, and only there', () => {
  for (const [definition, parameters, firstOutput] of CASES) {
    const isOfBook = definition === KYLE_LAMBDA;
    for (const channel of ['aggTrade', 'trade'])
      assert.is(spoken(said(definition, parameters, [...seconds(), gap(channel), sample(9_000)]).slice(11)), 0);
    const broken = said(definition, parameters, [...seconds(), BOOK_BREAK, gap('depth')]).slice(11);
    assert.is(spoken(broken), isOfBook ? 0 : 2, definition.name);
    // What was before leaves nothing behind.
    const again = [...seconds(), gap('trade'), BOOK_BREAK, ...seconds().map((event) => shifted(event, 60_000))];
    const [late, alone] = [said(definition, parameters, again).slice(13), said(definition, parameters, seconds())];
    assertNear(late, alone, 1e-12);
    assert.is(
      alone.findIndex((value) => value !== null),
      firstOutput,
    );
  }
});

function shifted(event: FeatureInput, ms: number): FeatureInput {
  if ('transactionTimeMs' in event) return { ...event, transactionTimeMs: event.transactionTimeMs + ms };
  return 'timeMs' in event ? { ...event, timeMs: event.timeMs + ms } : event;
}

/** The last three whole seconds that have ended since trades (and quotes) are there; null before. */
function endedSeconds(past: readonly Timed[], firstMs: number): number[] | null {
  const [first, now] = [Math.floor(firstMs / 1_000), Math.floor(nowOf(past) / 1_000)];
  return now - first > 3 ? [now - 3, now - 2, now - 1] : null;
}

const inSecond = (second: number) => (one: Timed) => Math.floor(one.ms / 1_000) === second;
const until = (second: number) => (one: Timed) => Math.floor(one.ms / 1_000) <= second;

test('in a random market each is what the plain formula gives', () => {
  const inputs = randomMarket(81, 1_200);
  const check = (
    [definition, parameters]: readonly [FeatureDefinition, Parameters],
    value: (past: readonly Timed[]) => number | null,
  ): void => {
    const plain = naively(definition, inputs, value);
    assertNear(said(definition, parameters, inputs), plain, 1e-12);
    assert.ok(spoken(plain) > 200, `${definition.name} ${spoken(plain)}`);
  };
  check([KYLE_LAMBDA, BY_SECOND], (past) => {
    const whole = since(past, (one) => isBookBreak(one) || isTradeGap(one));
    const quotes = ofType(since(past, isBookBreak), 'topOfBook');
    const trades = ofType(whole, 'trade');
    if (quotes.length === 0 || trades.length === 0) return null;
    const ended = endedSeconds(past, Math.max(quotes[0]!.ms, trades[0]!.ms));
    if (ended === null) return null;
    const midAt = (second: number): number => {
      const { bidTicks, askTicks } = quotes.filter(until(second)).at(-1)!.event;
      return (bidTicks + askTicks) / 2;
    };
    const moves = ended.map((second) => midAt(second) - midAt(second - 1));
    const volumes = ended.map((second) =>
      sum(
        trades
          .filter(inSecond(second))
          .map(({ event: { aggressorSide, qtySteps } }) => (aggressorSide === 'buy' ? qtySteps : -qtySteps)),
      ),
    );
    const variance = sum(volumes.map((v) => (v - mean(volumes)) ** 2));
    const covariance = sum(volumes.map((v, n) => (v - mean(volumes)) * (moves[n]! - mean(moves))));
    return variance === 0 ? null : covariance / variance;
  });
  check([AMIHUD_ILLIQUIDITY, BY_SECOND], (past) => {
    const trades = ofType(since(past, isTradeGap), 'trade');
    const ended = trades.length === 0 ? null : endedSeconds(past, trades[0]!.ms);
    if (ended === null) return null;
    const close = (second: number): number => trades.filter(until(second)).at(-1)!.event.priceTicks;
    const ratios = ended.flatMap((second) => {
      const notional = sum(trades.filter(inSecond(second)).map(({ event }) => event.priceTicks * event.qtySteps));
      return notional === 0 ? [] : [Math.abs(Math.log(close(second) / close(second - 1))) / notional];
    });
    return ratios.length === 0 ? null : mean(ratios);
  });
  check([HAWKES_BRANCHING, BY_SECOND], (past) => {
    const trades = ofType(since(past, isTradeGap), 'trade');
    const ended = trades.length === 0 ? null : endedSeconds(past, trades[0]!.ms);
    if (ended === null) return null;
    const counts = ended.map((second) => trades.filter(inSecond(second)).length);
    if (sum(counts) === 0) return null;
    const variance = sum(counts.map((count) => (count - mean(counts)) ** 2)) / 2;
    return variance === 0 ? 0 : Math.max(0, 1 - 1 / Math.sqrt(variance / mean(counts)));
  });
  for (const pairs of [1, 6, 30])
    check([ROLL_SPREAD, { pairs }], (past) => {
      const prices = ofType(since(past, isTradeGap), 'trade').map(({ event }) => event.priceTicks);
      const changes = prices.slice(1).map((ticks, n) => ticks - prices[n]!);
      if (changes.length <= pairs) return null;
      const later = changes.slice(-pairs);
      const earlier = changes.slice(-pairs - 1, -1);
      const covariance = mean(later.map((d, n) => d * earlier[n]!)) - mean(later) * mean(earlier);
      return covariance > 1e-12 ? null : 2 * Math.sqrt(Math.max(0, -covariance));
    });
});

test.run();
