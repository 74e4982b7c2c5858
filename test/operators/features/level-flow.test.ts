import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { FeatureInput } from '../../../operators/features/feature-input.ts';
import { INTEGRATED_ORDER_FLOW_IMBALANCE } from '../../../operators/features/integrated-order-flow-imbalance.ts';
import { MULTI_LEVEL_ORDER_FLOW_IMBALANCE } from '../../../operators/features/multi-level-order-flow-imbalance.ts';
import { firstPrincipalComponent } from '../../../operators/features/principal-component.ts';
import { BOOK_BREAK, type Level, seededRandom } from '../market-events.ts';
import { assertNear, depthView, said, sample, spoken, testFeatureContract } from './feature-runs.ts';
import { mean, sum } from './naive-past.ts';
import { lentViews, type PlainBook } from './random-markets.ts';

const test = suite('operators/features/level-flow');

const WINDOW = { windowMs: 1_000 };
const bids = (...steps: number[]): Level[] => steps.map((one, n) => [100 - n, one]);
const asks = (...steps: number[]): Level[] => steps.map((one, n) => [101 + n, one]);
const FULL = asks(9, 9, 9, 9, 9);

/** The second bid gains 3, then all bids move up a tick: what was first is second. */
const views = (): FeatureInput[] => [
  depthView(1_000, bids(1, 2, 3, 4, 5), FULL),
  depthView(1_400, bids(1, 5, 3, 4, 5), FULL),
  sample(2_000),
  depthView(2_300, [[101, 8] as Level, ...bids(1, 5, 3, 4)], asks(9, 9, 9, 9, 9, 7).slice(1)),
];

testFeatureContract(test, MULTI_LEVEL_ORDER_FLOW_IMBALANCE, {
  parameters: WINDOW,
  events: () => [...views(), sample(2_400), BOOK_BREAK, sample(2_500), depthView(9_000, bids(1, 2, 3, 4, 5), FULL)],
  firstOutput: 2,
});
testFeatureContract(test, INTEGRATED_ORDER_FLOW_IMBALANCE, {
  parameters: { intervalMs: 500, samples: 2 },
  events: () => [...views(), depthView(2_600, bids(1, 1, 1, 1, 1), FULL), sample(3_500), BOOK_BREAK, sample(9_000)],
  firstOutput: 4,
});

const byLevel = (...values: number[]) => Object.fromEntries(values.map((value, n) => [`level_${n + 1}`, value]));

test('the flow of a level is that of the prices that are n-th best', () => {
  assertNear(said(MULTI_LEVEL_ORDER_FLOW_IMBALANCE, WINDOW, views()).slice(2), [
    byLevel(0, 3, 0, 0, 0),
    // Every bid is better, every ask is worse: the new queues of the one, the old of the other. The first change is 900
    // ms old.
    byLevel(8 + 9, 3 + 1 + 9, 5 + 9, 3 + 9, 4 + 9),
  ]);
  assert.equal(
    said(MULTI_LEVEL_ORDER_FLOW_IMBALANCE, WINDOW, [...views(), sample(2_400)]).at(-1),
    byLevel(17, 10, 14, 12, 13),
  );
});

test('a book with fewer levels, or a broken one, starts both anew', () => {
  const thin = depthView(2_301, bids(1, 2, 3, 4), FULL);
  for (const broken of [thin, BOOK_BREAK]) {
    const inputs = [...views(), broken, sample(2_400), depthView(2_500, bids(1, 2, 3, 4, 5), FULL), sample(3_499)];
    assert.is(spoken(said(MULTI_LEVEL_ORDER_FLOW_IMBALANCE, WINDOW, inputs).slice(4)), 0);
    const again = said(MULTI_LEVEL_ORDER_FLOW_IMBALANCE, WINDOW, [...inputs, sample(3_500)]).at(-1);
    assert.equal(again, byLevel(0, 0, 0, 0, 0));
    const parameters = { intervalMs: 400, samples: 2 };
    const values = said(INTEGRATED_ORDER_FLOW_IMBALANCE, parameters, [...inputs.slice(0, 5), sample(2_900)]);
    assert.ok(values[3] !== null && values[4] === null && values[5] === null);
  }
});

test('the first principal component is the direction in which rows vary together', () => {
  // 3, 4 and its multiples, with a little of the direction across; the circle begins at the second row.
  const rows = Float64Array.from([6.04, 7.97, 3, 4, -3, -4, -6.04, -7.97]);
  const weights = firstPrincipalComponent(rows, 2, 1)!;
  assert.ok(Math.abs(weights[0]! / weights[1]! - 3 / 4) < 0.01 && Math.abs(weights[0]! + weights[1]! - 1) < 1e-12);
  assert.is(firstPrincipalComponent(Float64Array.from([5, 1, 5, 1]), 2, 0), undefined);
});

test('where nothing varied the integrated imbalance is silent, where nothing changes it is 0', () => {
  const parameters = { intervalMs: 500, samples: 2 };
  const still = [1_000, 1_600, 2_100, 2_600, 3_000].map((ms) => depthView(ms, bids(1, 2, 3, 4, 5), FULL));
  assert.is(spoken(said(INTEGRATED_ORDER_FLOW_IMBALANCE, parameters, still)), 0);
  const moved = [...still, depthView(3_100, bids(9, 9, 9, 9, 9), FULL), sample(3_600), sample(3_601)];
  assert.is(said(INTEGRATED_ORDER_FLOW_IMBALANCE, parameters, moved).at(-1), 0);
});

/** Books whose levels gain and lose together, most of all near the best. */
function movingBooks(seed: number, count: number): PlainBook[] {
  const random = seededRandom(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  let [atMs, best] = [70_000, 5_000];
  return Array.from({ length: count }, () => {
    atMs += below(120);
    if (random() < 0.2) best += below(3) - 1;
    if (random() < 0.003) return null;
    const tide = random();
    const side = (sign: number): Level[] =>
      Array.from({ length: random() < 0.002 ? 4 : 6 }, (_, n) => [
        best + (sign > 0 ? 1 : 0) + sign * n,
        1 + Math.round(sign < 0 ? tide * (60 - 8 * n) + below(9) : (1 - tide) * (60 - 8 * n) + below(9)),
      ]);
    return { atMs, bids: side(-1), asks: side(1) };
  });
}

interface Flow {
  readonly ms: number;
  readonly flows: readonly number[];
  readonly quantity: number;
}

/** Flows since the last break: the first book has none. */
function flowsOf(books: readonly PlainBook[]): { readonly firstMs: number; readonly flows: readonly Flow[] } {
  const isBroken = (book: PlainBook): boolean => book === null || book.bids.length < 5 || book.asks.length < 5;
  const whole = books.slice(books.findLastIndex(isBroken) + 1) as NonNullable<PlainBook>[];
  const one = (is: boolean): number => (is ? 1 : 0);
  const flows = whole.slice(1).map((now, n) => ({
    ms: now.atMs,
    flows: [0, 1, 2, 3, 4].map((m) => {
      const [[b0, r0], [b1, r1]] = [whole[n]!.bids[m]!, now.bids[m]!];
      const [[a0, q0], [a1, q1]] = [whole[n]!.asks[m]!, now.asks[m]!];
      // Xu, Gould & Howison (2018): ΔW of the bid, ΔV of the ask, case by case.
      const deltaW = one(b1 > b0) * r1 + one(b1 === b0) * (r1 - r0) - one(b1 < b0) * r0;
      const deltaV = -one(a1 > a0) * q0 + one(a1 === a0) * (q1 - q0) + one(a1 < a0) * q1;
      return deltaW - deltaV;
    }),
    quantity: sum([...now.bids.slice(0, 5), ...now.asks.slice(0, 5)].map(([, steps]) => steps)),
  }));
  return { firstMs: whole[0]?.atMs ?? Number.POSITIVE_INFINITY, flows };
}

/** Power iteration, long and from any direction. */
function naiveWeights(rows: readonly (readonly number[])[]): number[] {
  const means = [0, 1, 2, 3, 4].map((m) => mean(rows.map((row) => row[m]!)));
  const covariance = means.map((a, m) => means.map((b, k) => mean(rows.map((row) => (row[m]! - a) * (row[k]! - b)))));
  let weights = [1, 2, 3, 5, 7];
  for (let n = 0; n < 1_000; n++) {
    const next = covariance.map((row) => sum(row.map((value, m) => value * weights[m]!)));
    const size = sum(next.map(Math.abs));
    weights = next.map((value) => value / size);
  }
  return sum(weights) < 0 ? weights.map((value) => -value) : weights;
}

const imbalancesOf = (flows: readonly Flow[]): number[] =>
  [0, 1, 2, 3, 4].map((m) =>
    flows.length === 0 ? 0 : sum(flows.map((one) => one.flows[m]!)) / (mean(flows.map((one) => one.quantity)) / 10),
  );

test('of random books both are what the papers say', () => {
  const books = movingBooks(61, 1_200);
  const samples = 8;
  const multi: unknown[] = [];
  const integrated: unknown[] = [];
  for (const [n, book] of books.entries()) {
    const { firstMs, flows } = flowsOf(books.slice(0, n + 1));
    const now = book?.atMs ?? 0;
    const isThere = Number.isFinite(firstMs) && book !== null;
    const sums = [0, 1, 2, 3, 4].map((m) => sum(flows.map(({ ms, flows: of }) => (ms > now - 1_000 ? of[m]! : 0))));
    multi.push(isThere && now - firstMs >= 1_000 ? byLevel(...sums) : null);
    const [first, current] = [Math.floor(firstMs / 400), Math.floor(now / 400)];
    if (!isThere || current - first <= samples) {
      integrated.push(null);
      continue;
    }
    const ended = Array.from({ length: samples }, (_, k) => current - samples + k);
    const rows = ended.map((interval) => imbalancesOf(flows.filter(({ ms }) => Math.floor(ms / 400) === interval)));
    const weights = naiveWeights(rows);
    const latest = imbalancesOf(flows.filter(({ ms }) => ms > now - 400));
    integrated.push(sum(latest.map((value, m) => value * weights[m]!)) / sum(weights.map(Math.abs)));
  }
  assertNear(said(MULTI_LEVEL_ORDER_FLOW_IMBALANCE, WINDOW, lentViews(books)), multi);
  const parameters = { intervalMs: 400, samples };
  assertNear(said(INTEGRATED_ORDER_FLOW_IMBALANCE, parameters, lentViews(books)), integrated, 1e-7);
  assert.ok(spoken(multi) > 300 && spoken(integrated) > 100, `${spoken(multi)} ${spoken(integrated)}`);
});

test('it does not depend on where the recording began', () => {
  const books = movingBooks(62, 600).filter((book) => book !== null && book.bids.length > 4 && book.asks.length > 4);
  const parameters = { intervalMs: 300, samples: 8 };
  const whole = said(INTEGRATED_ORDER_FLOW_IMBALANCE, parameters, lentViews(books));
  for (const from of [5, 151]) {
    const part = said(INTEGRATED_ORDER_FLOW_IMBALANCE, parameters, lentViews(books.slice(from)));
    const first = part.findIndex((value) => value !== null);
    assert.equal(part.slice(first), whole.slice(from + first));
    assert.ok(first < 200);
  }
});

test.run();
