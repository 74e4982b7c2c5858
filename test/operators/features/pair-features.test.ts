import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { COINTEGRATION_RESIDUAL } from '../../../operators/features/cointegration-residual.ts';
import type { FeatureInput, OtherQuote } from '../../../operators/features/feature-input.ts';
import { LEAD_LAG_CORRELATION, type LeadLag } from '../../../operators/features/lead-lag-correlation.ts';
import { PAIR_BETA, type PairBeta } from '../../../operators/features/pair-beta.ts';
import { PAIR_SPREAD, type PairSpread } from '../../../operators/features/pair-spread.ts';
import { RELATIVE_STRENGTH } from '../../../operators/features/relative-strength.ts';
import { resolveParameters } from '../../../operators/features/resolve-feature-set.ts';
import { BOOK_BREAK, instrument, quote, seededRandom } from '../market-events.ts';
import { assertNear, said, spoken, testFeatureContract } from './feature-runs.ts';
import { mean, naively, ofType, since, sum, type Timed } from './naive-past.ts';

const test = suite('operators/features/pair-features');

const TICK = 0.1;
const START_MS = 1_723_161_255_000;
const OTHER_BREAK: FeatureInput = { type: 'otherBreak' };
const own = (ms: number, mid: number): FeatureInput => quote(ms, [mid - 1, 5], [mid + 1, 5]);
const other = (ms: number, midprice: number): OtherQuote => ({
  type: 'otherQuote',
  transactionTimeMs: ms,
  midprice,
});

/** Seconds' last prices 100, 101, 103 ticks, and 50, 52, 51. */
const told = (): FeatureInput[] => [
  instrument(),
  own(100, 99),
  other(200, 50),
  own(900, 100),
  own(1_100, 101),
  other(1_500, 52),
  other(2_100, 51),
  own(2_999, 103),
  own(3_000, 200),
];
const LOGS = [100, 101, 103].map((ticks) => Math.log(ticks * TICK));
const OTHER_LOGS = [50, 52, 51].map(Math.log);

for (const [definition, parameters] of [
  [RELATIVE_STRENGTH, { intervalMs: 1_000, samples: 2 }],
  [PAIR_BETA, { intervalMs: 1_000, samples: 2 }],
  [PAIR_SPREAD, { intervalMs: 1_000, samples: 3 }],
] as const)
  testFeatureContract(test, definition, {
    parameters,
    events: () => [...told().slice(1), other(4_100, 55)],
    firstOutput: 7,
  });

test('prices are the last midprices of the intervals, in the quote asset', () => {
  const strength = LOGS[2]! - LOGS[0]! - (OTHER_LOGS[2]! - OTHER_LOGS[0]!);
  const values = said(RELATIVE_STRENGTH, { intervalMs: 1_000, samples: 2 }, told());
  assertNear(values, [...Array(8).fill(null), strength], 1e-12);
  const spread = said(PAIR_SPREAD, { intervalMs: 1_000, samples: 3 }, told()).at(-1) as PairSpread;
  assertNear([spread.logRatio], [Math.log((103 * TICK) / 51)], 1e-12);
  const beta = said(PAIR_BETA, { intervalMs: 1_000, samples: 2 }, told()).at(-1) as PairBeta;
  assertNear([beta.correlation], [-1], 1e-12);
});

test('a break of either book starts each anew', () => {
  for (const lost of [BOOK_BREAK, OTHER_BREAK]) {
    const later = told()
      .slice(1)
      .map((input) => ({ ...input, transactionTimeMs: (input as OtherQuote).transactionTimeMs + 10_000 }));
    const values = said(PAIR_SPREAD, { intervalMs: 1_000, samples: 3 }, [
      ...told(),
      lost,
      ...(later as FeatureInput[]),
    ]);
    assert.is(spoken(values.slice(9, -1)), 0);
    assert.is(spoken(values.slice(-1)), 1);
  }
});

test('one that does not move has neither beta nor correlation, and says so by silence', () => {
  const still = [instrument(), own(0, 100), other(1, 50), own(1_000, 101), own(2_000, 102), own(3_000, 103)];
  assert.is(spoken(said(PAIR_BETA, { intervalMs: 1_000, samples: 2 }, still)), 0);
  const calm = [instrument(), own(0, 100), other(1, 50), other(1_000, 51), other(2_000, 53), other(3_000, 54)];
  const { beta, correlation } = said(PAIR_BETA, { intervalMs: 1_000, samples: 2 }, calm).at(-1) as PairBeta;
  assert.is(beta, 0);
  assert.is(correlation, undefined);
});

/** Two walks of a price a second; `follow` gives the other's return from this one's returns up to then. */
function pairOf(seed: number, seconds: number, follow: (returns: readonly number[], noise: number) => number) {
  const random = seededRandom(seed);
  const normal = (): number => sum(Array.from({ length: 12 }, random)) - 6;
  const returns: number[] = [];
  let [ownLog, otherLog] = [Math.log(50_000), Math.log(3_000)];
  const inputs: FeatureInput[] = [instrument('0.00000001')];
  for (let n = 0; n < seconds; n++) {
    returns.push(normal() / 1_000);
    ownLog += returns.at(-1)!;
    otherLog += follow(returns, normal() / 1_000);
    inputs.push(own(START_MS + n * 1_000, Math.exp(ownLog) * 1e8), other(START_MS + n * 1_000, Math.exp(otherLog)));
  }
  return inputs;
}

test('the one whose moves the other repeats later leads, by that much', () => {
  const parameters = { intervalMs: 1_000, samples: 300, lags: 5 };
  const ahead = said(
    LEAD_LAG_CORRELATION,
    parameters,
    pairOf(3, 400, (returns) => returns.at(-4) ?? 0),
  ).at(-1) as LeadLag;
  assertNear([ahead.correlation, ahead.lag], [1, 3], 1e-6);
  assert.ok(ahead.leadLagRatio! > 5 && Math.abs(ahead.contemporaneous!) < 0.2);
  // Swapped, it is behind.
  const swapped = pairOf(3, 400, (returns) => returns.at(-4) ?? 0).map((input): FeatureInput => {
    if (input.type === 'topOfBook') return other(input.transactionTimeMs, (input.bidTicks + 1) * 1e-8);
    return input.type === 'otherQuote' ? own(input.transactionTimeMs, input.midprice * 1e8) : input;
  });
  const behind = said(LEAD_LAG_CORRELATION, parameters, swapped).at(-1) as LeadLag;
  assertNear([behind.correlation, behind.lag], [1, -3], 1e-6);
  assertNear([behind.leadLagRatio], [1 / ahead.leadLagRatio!], 1e-3);
});

test('two that move alike are cointegrated, two that wander apart are not', () => {
  const parameters = { intervalMs: 1_000, samples: 600 };
  let off = 0;
  const tied = pairOf(5, 700, (returns, noise) => {
    const before = off;
    off = 0.8 * off + noise;
    return returns.at(-1)! / 2 + off - before;
  });
  const found = said(COINTEGRATION_RESIDUAL, parameters, tied).at(-1) as Record<string, number>;
  assert.ok(Math.abs(found['hedgeRatio']! - 2) < 0.4, String(found['hedgeRatio']));
  assert.ok(found['dickeyFuller']! < -5, String(found['dickeyFuller']));
  assert.ok(found['halfLife']! > 1 && found['halfLife']! < 8, String(found['halfLife']));
  const apart = said(
    COINTEGRATION_RESIDUAL,
    parameters,
    pairOf(6, 700, (_, noise) => noise),
  ).at(-1);
  assert.ok((apart as Record<string, number>)['dickeyFuller']! > -3.34);
});

test('windows that leave nothing to compare are refused by name', () => {
  const refused = (definition: typeof PAIR_BETA, parameters: Record<string, number>, message: RegExp): void =>
    assert.throws(
      () => resolveParameters('set x', definition, parameters),
      (error: Error) => message.test(error.message),
    );
  refused(LEAD_LAG_CORRELATION, { samples: 12, lags: 10 }, /lags: expected at most samples − 3 \(9\), found 10/);
  refused(PAIR_BETA, { samples: 1 }, /samples: expected a whole number of intervals from 2 to 10000, found 1/);
});

/** Log prices of both at the ends of the last intervals that have ended, oldest first; null: too few. */
function naiveLogs(past: readonly Timed[], intervalMs: number, prices: number): [number[], number[]] | null {
  const whole = since(past, ({ event }) => event.type === 'bookBreak' || event.type === 'otherBreak');
  const known = (side: 'topOfBook' | 'otherQuote'): Timed[] => {
    const lost = side === 'topOfBook' ? 'bookBreak' : 'otherBreak';
    return [
      ...ofType(
        since(past, ({ event }) => event.type === lost),
        side,
      ),
    ];
  };
  const sides = [known('topOfBook'), known('otherQuote')];
  if (whole.length === 0 || sides.some((quotes) => quotes.length === 0)) return null;
  // From the first time on at which both were known and no book was broken since.
  const firstOf = (quotes: readonly Timed[]): number => past.indexOf(quotes[0]!);
  const since0 = Math.max(past.length - whole.length, ...sides.map(firstOf));
  const told = past.slice(since0).filter(({ event }) => event.type === 'topOfBook' || event.type === 'otherQuote');
  if (told.length === 0) return null;
  const first = Math.floor(told[0]!.ms / intervalMs);
  const last = Math.floor(told.at(-1)!.ms / intervalMs);
  if (last - first < prices) return null;
  const close = (quotes: readonly Timed[], interval: number): number => {
    const { event } = quotes.findLast(({ ms }) => Math.floor(ms / intervalMs) <= interval)!;
    return event.type === 'topOfBook' ? ((event.bidTicks + event.askTicks) / 2) * TICK : (event as OtherQuote).midprice;
  };
  const logs = (quotes: readonly Timed[]): number[] =>
    Array.from({ length: prices }, (_, n) => Math.log(close(quotes, last - prices + n)));
  return [logs(sides[0]!), logs(sides[1]!)];
}

function randomPair(seed: number, count: number): FeatureInput[] {
  const random = seededRandom(seed);
  let [ms, mid, price] = [START_MS, 50_000, 3_000];
  return Array.from({ length: count }, (): FeatureInput => {
    ms += Math.floor(random() * 500) - 20;
    if (random() < 0.004) return random() < 0.5 ? BOOK_BREAK : OTHER_BREAK;
    mid += Math.floor(random() * 21) - 10;
    price *= 1 + (random() - 0.5) / 1_000;
    return random() < 0.5 ? own(ms, mid) : other(ms, price);
  });
}

test('of two random instruments each is what the plain formula gives', () => {
  const inputs = [instrument(), ...randomPair(9, 2_500)];
  const deviation = (values: readonly number[]): number =>
    Math.sqrt(sum(values.map((value) => (value - mean(values)) ** 2)) / (values.length - 1));
  const covariance = (x: readonly number[], y: readonly number[]): number =>
    sum(x.map((value, n) => (value - mean(x)) * (y[n]! - mean(y)))) / (x.length - 1);
  const returns = (logs: readonly number[]): number[] => logs.slice(1).map((log, n) => log - logs[n]!);
  const check = (
    definition: typeof PAIR_BETA,
    parameters: Record<string, number>,
    prices: number,
    value: (own: number[], other: number[]) => unknown,
  ): void => {
    const plain = naively(definition, inputs, (past) => {
      const logs = naiveLogs(past, 700, prices);
      return logs && value(...logs);
    });
    assertNear(said(definition, { intervalMs: 700, ...parameters }, inputs), plain, 1e-7);
    assert.ok(spoken(plain) > 300, String(spoken(plain)));
  };
  check(RELATIVE_STRENGTH, { samples: 7 }, 8, (x, y) => x[7]! - x[0]! - (y[7]! - y[0]!));
  check(PAIR_BETA, { samples: 9 }, 10, (x, y) => {
    const [rx, ry] = [returns(x), returns(y)];
    const beta = covariance(rx, ry) / deviation(ry) ** 2;
    return { beta, correlation: covariance(rx, ry) / (deviation(rx) * deviation(ry)) };
  });
  check(PAIR_SPREAD, { samples: 11 }, 11, (x, y) => {
    const spread = x.map((log, n) => log - y[n]!);
    return { logRatio: spread[10], zScore: (spread[10]! - mean(spread)) / deviation(spread) };
  });
  check(LEAD_LAG_CORRELATION, { samples: 12, lags: 3 }, 13, (x, y) => {
    const [rx, ry] = [returns(x), returns(y)];
    const at = (k: number): number => {
      const [one, two] = k >= 0 ? [rx.slice(0, 12 - k), ry.slice(k)] : [rx.slice(-k), ry.slice(0, 12 + k)];
      return covariance(one, two) / (deviation(one) * deviation(two));
    };
    const strongest = [0, 1, -1, 2, -2, 3, -3].reduce((best, k) => (Math.abs(at(k)) > Math.abs(at(best)) ? k : best));
    const squares = (lags: readonly number[]): number => sum(lags.map((k) => at(k) ** 2));
    return {
      correlation: at(strongest),
      lag: strongest * 0.7,
      contemporaneous: at(0),
      leadLagRatio: squares([1, 2, 3]) / squares([-1, -2, -3]),
    };
  });
  check(COINTEGRATION_RESIDUAL, { samples: 10 }, 10, (x, y) => {
    const hedgeRatio = covariance(x, y) / deviation(y) ** 2;
    const residuals = x.map((log, n) => log - mean(x) - hedgeRatio * (y[n]! - mean(y)));
    const [levels, changes] = [residuals.slice(0, -1), returns(residuals)];
    const gamma = sum(levels.map((e, n) => e * changes[n]!)) / sum(levels.map((e) => e ** 2));
    const variance = sum(changes.map((change, n) => (change - gamma * levels[n]!) ** 2)) / (changes.length - 1);
    return {
      residual: residuals[9],
      hedgeRatio,
      zScore: residuals[9]! / Math.sqrt(sum(residuals.map((e) => e ** 2)) / 8),
      dickeyFuller: gamma / Math.sqrt(variance / sum(levels.map((e) => e ** 2))),
      halfLife: gamma < 0 && gamma > -1 ? (-Math.log(2) / Math.log(1 + gamma)) * 0.7 : undefined,
    };
  });
});

test.run();
