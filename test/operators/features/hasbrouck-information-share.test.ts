import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { FeatureInput } from '../../../operators/features/feature-input.ts';
import {
  HASBROUCK_INFORMATION_SHARE,
  type InformationShare,
  informationShare,
} from '../../../operators/features/hasbrouck-information-share.ts';
import { BOOK_BREAK, gap, quote, seededRandom, trade } from '../market-events.ts';
import { assertNear, said, spoken, testFeatureContract } from './feature-runs.ts';
import { isBookBreak, isTradeGap, mean, naively, nowOf, ofType, since, sum, type Timed } from './naive-past.ts';
import { randomMarket } from './random-markets.ts';

const test = suite('operators/features/hasbrouck-information-share');

const PARAMETERS = { intervalMs: 500, samples: 10, lags: 1 };

/** A price that walks at random; trades or quotes are at it at once, the others follow. */
function market(seed: number, seconds: number, leader: 'trades' | 'quotes'): FeatureInput[] {
  const random = seededRandom(seed);
  let [value, follower] = [100_000, 100_000];
  return Array.from({ length: seconds }, (_, n): FeatureInput[] => {
    follower += Math.round((value - follower) * 0.7 + random() * 4 - 2);
    value += Math.round(random() * 40 - 20);
    const [price, mid] = leader === 'trades' ? [value, follower] : [follower, value];
    return [trade(n * 1_000, price, 1), quote(n * 1_000, [mid - 1, 1], [mid + 1, 1])];
  }).flat();
}

testFeatureContract(test, HASBROUCK_INFORMATION_SHARE, {
  parameters: { intervalMs: 1_000, samples: 10, lags: 1 },
  events: () => [...market(1, 15, 'trades'), BOOK_BREAK, gap('trade'), ...market(2, 15, 'quotes')],
  // The end of the twelfth second.
  firstOutput: 24,
});

test('who leads has the share of price discovery', () => {
  const last = (leader: 'trades' | 'quotes') =>
    said(HASBROUCK_INFORMATION_SHARE, { intervalMs: 1_000, samples: 300 }, market(3, 310, leader)).at(
      -1,
    ) as InformationShare;
  assert.ok(last('trades').lower > 0.9, JSON.stringify(last('trades')));
  assert.ok(last('quotes').upper < 0.1, JSON.stringify(last('quotes')));
});

test('the share is that of the paper, worked by hand', () => {
  // γ = (0.3, 0.1); γᵀΩγ = 0.09·4 + 2·0.03·1 + 0.01·2 = 0.44.
  const of = (omega12: number) => informationShare({ alpha1: -0.1, alpha2: 0.3, omega11: 4, omega12, omega22: 2 });
  const [ahead, behind] = [(0.3 * 4 + 0.1) ** 2 / 4 / 0.44, (0.09 * (4 - 1 / 2)) / 0.44];
  assertNear([of(1)], [{ lower: behind, upper: ahead, mean: (ahead + behind) / 2 }]);
  assertNear([of(0)], [{ lower: 0.36 / 0.38, upper: 0.36 / 0.38, mean: 0.36 / 0.38 }]);
  assert.is(informationShare({ alpha1: 0, alpha2: 0, omega11: 4, omega12: 1, omega22: 2 }), undefined);
});

test('prices that do not move say nothing', () => {
  const still = Array.from({ length: 40 }, (_, n) => [
    trade(n * 500, 100, 1),
    quote(n * 500, [99, 1], [101, 1]),
  ]).flat();
  assert.is(spoken(said(HASBROUCK_INFORMATION_SHARE, PARAMETERS, still)), 0);
});

test('a break of the book or a gap of trades starts it anew, a gap of depth does not', () => {
  const inputs = market(4, 20, 'trades');
  const parameters = { ...PARAMETERS, intervalMs: 1_000 };
  for (const broken of [BOOK_BREAK, gap('aggTrade')]) {
    const again = market(5, 13, 'trades').map((event) => ({ ...event, transactionTimeMs: timeOf(event) + 60_000 }));
    const values = said(HASBROUCK_INFORMATION_SHARE, parameters, [...inputs, broken, ...(again as FeatureInput[])]);
    assert.is(
      values.slice(40).findIndex((value) => value !== null),
      1 + 24,
    );
  }
  assert.is(spoken(said(HASBROUCK_INFORMATION_SHARE, parameters, [...inputs, gap('depth')]).slice(40)), 1);
});

const timeOf = (event: FeatureInput): number => ('transactionTimeMs' in event ? event.transactionTimeMs : 0);

type Matrix = readonly (readonly number[])[];

/** Gauss and Jordan, with the largest pivot. */
function solve(matrix: Matrix, right: readonly number[]): number[] {
  const rows = matrix.map((row, n) => [...row, right[n]!]);
  for (let n = 0; n < rows.length; n++) {
    const best = rows.reduce((at, row, k) => (k > n && Math.abs(row[n]!) > Math.abs(rows[at]![n]!) ? k : at), n);
    [rows[n], rows[best]] = [rows[best]!, rows[n]!];
    const pivot = rows[n]![n]!;
    rows[n] = rows[n]!.map((value) => value / pivot);
    for (const [k, row] of rows.entries())
      if (k !== n) rows[k] = row.map((value, column) => value - row[n]! * rows[n]![column]!);
  }
  return rows.map((row) => row.at(-1)!);
}

/** Regression with a constant, its residuals, and Hasbrouck's factors of Ω in both orders. */
function naiveShare(prices: readonly number[], mids: readonly number[], lags: number): InformationShare {
  const times = prices.map((_, n) => n).slice(lags + 1);
  const change = (series: readonly number[], n: number): number => series[n]! - series[n - 1]!;
  const X = times.map((n) => [
    1,
    prices[n - 1]! - mids[n - 1]!,
    ...Array.from({ length: lags }, (_, k) => [change(prices, n - k - 1), change(mids, n - k - 1)]).flat(),
  ]);
  const fit = (series: readonly number[]) => {
    const Y = times.map((n) => change(series, n));
    const normal = X[0]!.map((_, i) => X[0]!.map((_, j) => sum(X.map((row) => row[i]! * row[j]!))));
    const beta = solve(
      normal,
      X[0]!.map((_, i) => sum(X.map((row, t) => row[i]! * Y[t]!))),
    );
    return { alpha: beta[1]!, residuals: X.map((row, t) => Y[t]! - sum(row.map((x, i) => x * beta[i]!))) };
  };
  const [one, two] = [fit(prices), fit(mids)];
  const omega = (a: typeof one, b: typeof one): number => mean(a.residuals.map((e, t) => e * b.residuals[t]!));
  const gamma = [two.alpha, -one.alpha] as const;
  /** Cholesky: the first of the two takes all that moves both. */
  const factors = (a: number, ab: number, b: number) =>
    [Math.sqrt(a), ab / Math.sqrt(a), Math.sqrt(b - ab ** 2 / a)] as const;
  const [m11, m12, m22] = factors(omega(one, one), omega(one, two), omega(two, two));
  const ahead = (gamma[0] * m11 + gamma[1] * m12) ** 2;
  const first = ahead / (ahead + (gamma[1] * m22) ** 2);
  const [n22, n21, n11] = factors(omega(two, two), omega(one, two), omega(one, one));
  const behind = (gamma[0] * n11) ** 2;
  const second = behind / (behind + (gamma[1] * n22 + gamma[0] * n21) ** 2);
  return { lower: Math.min(first, second), upper: Math.max(first, second), mean: (first + second) / 2 };
}

test('in a random market it is what the plain regression gives', () => {
  const inputs = randomMarket(121, 1_200, 0.002);
  for (const lags of [1, 2]) {
    const plain = naively(HASBROUCK_INFORMATION_SHARE, inputs, (past: readonly Timed[]) => {
      const whole = since(past, (one) => isBookBreak(one) || isTradeGap(one));
      const quotes = ofType(since(past, isBookBreak), 'topOfBook');
      const trades = ofType(whole, 'trade');
      if (quotes.length === 0 || trades.length === 0) return null;
      const [first, now] = [Math.max(quotes[0]!.ms, trades[0]!.ms), nowOf(past)].map((ms) => Math.floor(ms / 500));
      const size = 10 + lags + 1;
      if (now! - first! < size) return null;
      const ends = Array.from({ length: size }, (_, n) => now! - size + n);
      const last = <Event>(all: readonly { readonly event: Event; readonly ms: number }[], interval: number): Event =>
        all.findLast(({ ms }) => Math.floor(ms / 500) <= interval)!.event;
      const prices = ends.map((interval) => last(trades, interval).priceTicks);
      const mids = ends.map((interval) => {
        const { bidTicks, askTicks } = last(quotes, interval);
        return (bidTicks + askTicks) / 2;
      });
      const share = naiveShare(prices, mids, lags);
      return Number.isNaN(share.mean) ? null : share;
    });
    assertNear(said(HASBROUCK_INFORMATION_SHARE, { ...PARAMETERS, lags }, inputs), plain, 1e-6);
    assert.ok(spoken(plain) > 300, `${spoken(plain)}`);
  }
});

test.run();
