import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { TopOfBook } from '../../../operators/book/top-of-book.ts';
import type { FeatureInput } from '../../../operators/features/feature-input.ts';
import { STOIKOV_MICROPRICE } from '../../../operators/features/stoikov-microprice.ts';
import { BOOK_BREAK, quote, seededRandom } from '../market-events.ts';
import { assertNear, said, spoken, testFeatureContract } from './feature-runs.ts';
import { mean } from './naive-past.ts';

const test = suite('operators/features/stoikov-microprice');

const PARAMETERS = { buckets: 4, spreads: 2, quotes: 60, refreshMs: 500 };
const STATES = 8;

/** A market whose next move is up the more often, the more is bid. */
function market(seed: number, count: number): TopOfBook[] {
  const random = seededRandom(seed);
  let bid = 1_000;
  let atMs = 50_000;
  let share = 0.5;
  return Array.from({ length: count }, () => {
    atMs += Math.floor(random() * 60);
    if (random() < 0.3) {
      bid += random() < share ? 1 : -1;
      share = random();
    } else share = Math.min(0.99, Math.max(0.01, share + (random() - 0.5) / 3));
    const bidSteps = Math.round(1 + share * 999);
    return quote(atMs, [bid, bidSteps], [bid + 1 + Math.floor(random() * 3), 1_000 - bidSteps + 1]);
  });
}

type Matrix = readonly (readonly number[])[];
const product = (a: Matrix, b: Matrix): number[][] =>
  a.map((row) => b[0]!.map((_, column) => row.reduce((total, value, n) => total + value * b[n]![column]!, 0)));

/** Gauss and Jordan, with the largest pivot. */
function inverse(matrix: Matrix): number[][] {
  const rows = matrix.map((row, n) => [...row, ...row.map((_, column) => (column === n ? 1 : 0))]);
  for (let n = 0; n < rows.length; n++) {
    const best = rows.reduce((at, row, k) => (k > n && Math.abs(row[n]!) > Math.abs(rows[at]![n]!) ? k : at), n);
    [rows[n], rows[best]] = [rows[best]!, rows[n]!];
    const pivot = rows[n]![n]!;
    rows[n] = rows[n]!.map((value) => value / pivot);
    for (const [k, row] of rows.entries())
      if (k !== n) rows[k] = row.map((value, column) => value - row[n]! * rows[n]![column]!);
  }
  return rows.map((row) => row.slice(matrix.length));
}

const bucketOf = ({ bidSteps, askSteps }: TopOfBook): number => Math.floor((4 * bidSteps) / (bidSteps + askSteps));
const stateOf = (bucket: number, spread: number): number => (spread > 1 ? 4 : 0) + bucket;
const midOf = ({ bidTicks, askTicks }: TopOfBook): number => (bidTicks + askTicks) / 2;

/** G of each state from these quotes, as the paper has it: all matrices, then the sum of B^k·G₁. */
function naiveAdjustments(quotes: readonly TopOfBook[]): number[] {
  const observed = quotes.slice(1).flatMap((now, n) => {
    const before = quotes[n]!;
    const [from, to] = [bucketOf(before), bucketOf(now)];
    const [wide, wideNow] = [before.askTicks - before.bidTicks, now.askTicks - now.bidTicks];
    const move = midOf(now) - midOf(before);
    return [
      { from: stateOf(from, wide), to: stateOf(to, wideNow), move },
      { from: stateOf(3 - from, wide), to: stateOf(3 - to, wideNow), move: -move },
    ];
  });
  const all = Array.from({ length: STATES }, (_, n) => n);
  const total = (from: number): number => 1 + observed.filter((one) => one.from === from).length;
  const chance = (from: number, to: number, hasMoved: boolean): number =>
    observed.filter((one) => one.from === from && one.to === to && (one.move !== 0) === hasMoved).length / total(from);
  const rest = inverse(all.map((from) => all.map((to) => (from === to ? 1 : 0) - chance(from, to, false))));
  const jumps = all.map((from) => all.map((to) => chance(from, to, true)));
  const moves = all.map((from) => [
    observed.filter((one) => one.from === from).reduce((sum, { move }) => sum + move, 0) / total(from),
  ]);
  const B = product(rest, jumps);
  let term = product(rest, moves);
  const sums = term.map(([value]) => value!);
  for (let k = 1; k < 6; k++) {
    term = product(B, term);
    for (const state of all) sums[state]! += term[state]![0]!;
  }
  return sums;
}

/** Fitted anew at the first quote of each half second, from the last 61 quotes. */
function naive(quotes: readonly TopOfBook[]): (number | null)[] {
  let adjustments: number[] | null = null;
  const interval = (n: number): number => Math.floor(quotes[n]!.transactionTimeMs / 500);
  return quotes.map((now, n) => {
    if (n >= 60 && interval(n) > interval(n - 1)) adjustments = naiveAdjustments(quotes.slice(n - 60, n + 1));
    return adjustments && midOf(now) + adjustments[stateOf(bucketOf(now), now.askTicks - now.bidTicks)]!;
  });
}

const events = (): FeatureInput[] => [...market(1, 90), BOOK_BREAK, ...market(2, 30)];
testFeatureContract(test, STOIKOV_MICROPRICE, {
  parameters: { ...PARAMETERS, quotes: 20 },
  events,
  firstOutput: market(1, 90).findIndex(
    ({ transactionTimeMs }, n, all) =>
      n >= 20 && Math.floor(transactionTimeMs / 500) > Math.floor(all[n - 1]!.transactionTimeMs / 500),
  ),
});

test('of random quotes it is what the matrices of the paper give', () => {
  const quotes = market(3, 600);
  const plain = naive(quotes);
  assertNear(said(STOIKOV_MICROPRICE, PARAMETERS, quotes), plain);
  assert.ok(spoken(plain) > 500);
});

test('where more is bid before moves up, it lies above the midprice there', () => {
  const quotes = market(4, 9_000);
  const values = said(STOIKOV_MICROPRICE, { ...PARAMETERS, quotes: 5_000 }, quotes) as (number | null)[];
  const aside = (bucket: number): number =>
    mean(
      quotes.flatMap((one, n) =>
        bucketOf(one) === bucket && one.askTicks - one.bidTicks === 1 && values[n] !== null
          ? [values[n]! - midOf(one)]
          : [],
      ),
    );
  const [least, less, more, most] = [0, 1, 2, 3].map(aside) as [number, number, number, number];
  assert.ok(least < less && less < 0 && 0 < more && more < most, `${least} ${less} ${more} ${most}`);
});

test('of the mirror image of a market it is the mirror image', () => {
  const quotes = market(7, 300);
  const mirrored = quotes.map(({ transactionTimeMs, bidTicks, bidSteps, askTicks, askSteps }) =>
    quote(transactionTimeMs, [9_000 - askTicks, askSteps], [9_000 - bidTicks, bidSteps]),
  );
  const values = said(STOIKOV_MICROPRICE, PARAMETERS, quotes) as (number | null)[];
  assertNear(
    said(STOIKOV_MICROPRICE, PARAMETERS, mirrored),
    values.map((value) => value && 9_000 - value),
  );
});

test('it does not depend on where the recording began', () => {
  const quotes = market(5, 500);
  const whole = said(STOIKOV_MICROPRICE, PARAMETERS, quotes);
  for (const from of [37, 133, 200]) {
    const part = said(STOIKOV_MICROPRICE, PARAMETERS, quotes.slice(from));
    const first = part.findIndex((value) => value !== null);
    assert.equal(part.slice(first), whole.slice(from + first));
  }
});

test('a break of the book starts it anew; nothing moving, it is the midprice', () => {
  const values = said(STOIKOV_MICROPRICE, PARAMETERS, [...market(6, 200), BOOK_BREAK, ...market(6, 61)]);
  assert.is(spoken(values.slice(200, 260)), 0);
  const still = Array.from({ length: 200 }, (_, n) => quote(n * 100, [100, 30], [101, 10]));
  assert.is(said(STOIKOV_MICROPRICE, PARAMETERS, still).at(-1), 100.5);
});

test.run();
