import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ANNUALISED_FUNDING_RATE } from '../../../operators/features/annualised-funding-rate.ts';
import { BASIS } from '../../../operators/features/basis.ts';
import type { FeatureDefinition } from '../../../operators/features/definition.ts';
import type { FeatureInput } from '../../../operators/features/feature-input.ts';
import { FUNDING_RATE } from '../../../operators/features/funding-rate.ts';
import { MARK_INDEX_SPREAD } from '../../../operators/features/mark-index-spread.ts';
import { SETTLED_FUNDING_RATE } from '../../../operators/features/settled-funding-rate.ts';
import { TIME_TO_FUNDING } from '../../../operators/features/time-to-funding.ts';
import type { MarkPrice } from '../../../streams/events/mark-price.ts';
import { BOOK_BREAK, gap, instrument, quote } from '../market-events.ts';
import { HOUR_MS, markPrice, randomDerivatives } from './derivatives-events.ts';
import { assertNear, said, sample, spoken, testFeatureContract } from './feature-runs.ts';
import { isBookBreak, isGapOf, naively, nowOf, ofType, since, type Timed } from './naive-past.ts';

const test = suite('operators/features/funding');

const rate = (hours: number, fundingRate: number, nextHours: number): MarkPrice =>
  markPrice(hours * HOUR_MS, { fundingRate, nextFundingTimeMs: nextHours * HOUR_MS });

/** Settled at 8 h with 0.0002, then to be settled at 12 h. */
const rates = (): FeatureInput[] => [
  rate(6, 0.0001, 8),
  rate(7.99, 0.0002, 8),
  rate(8, 0.0003, 12),
  sample(9 * HOUR_MS),
];

const FIRST: readonly (readonly [FeatureDefinition, number])[] = [
  [FUNDING_RATE, 0],
  [SETTLED_FUNDING_RATE, 2],
  [ANNUALISED_FUNDING_RATE, 2],
  [TIME_TO_FUNDING, 0],
  [MARK_INDEX_SPREAD, 0],
];
for (const [definition, firstOutput] of FIRST)
  testFeatureContract(test, definition, {
    parameters: {},
    events: () => [...rates(), gap('markPrice'), rate(9.1, 0.0004, 12), rate(12.5, 0.0004, 16)],
    firstOutput,
  });
testFeatureContract(test, BASIS, {
  parameters: {},
  events: () => [
    rate(1, 0, 8),
    quote(2, [990, 1], [991, 1]),
    BOOK_BREAK,
    gap('markPrice'),
    quote(3, [995, 1], [996, 1]),
    rate(1, 0, 8),
  ],
  firstOutput: 1,
});

test('the rate is what the venue says, the settled one what it said last before', () => {
  assert.equal(said(FUNDING_RATE, {}, rates()), [0.0001, 0.0002, 0.0003, 0.0003]);
  assert.equal(said(SETTLED_FUNDING_RATE, {}, rates()), [null, null, 0.0002, 0.0002]);
  // One that comes late, from before the settlement, changes neither.
  assert.equal(said(SETTLED_FUNDING_RATE, {}, [...rates(), rate(7.99, 0.5, 8)]).at(-1), 0.0002);
  assert.equal(said(FUNDING_RATE, {}, [...rates(), rate(7.99, 0.5, 8)]).at(-1), 0.0003);
});

test('a year has as many settlements as the time between the last two says', () => {
  // Every 4 h: 6 a day.
  assertNear(said(ANNUALISED_FUNDING_RATE, {}, rates()).slice(1, 3), [null, 0.0003 * 6 * 365], 1e-12);
});

test('the time to funding goes on with each sample, down to 0', () => {
  const hours = [...rates(), sample(12 * HOUR_MS), sample(13 * HOUR_MS)].slice(2);
  assert.equal(said(TIME_TO_FUNDING, {}, hours), [4 * 3_600, 3 * 3_600, 0, 0]);
});

test('a contract without funding has no rate', () => {
  for (const definition of [FUNDING_RATE, SETTLED_FUNDING_RATE, ANNUALISED_FUNDING_RATE, TIME_TO_FUNDING])
    assert.is(spoken(said(definition, {}, [markPrice(1, { fundingRate: null, nextFundingTimeMs: null })])), 0);
});

test('in a gap all are silent; a settlement in it is not known', () => {
  const seen = [...rates(), gap('markPrice'), sample(10 * HOUR_MS), rate(10, 0.0005, 12)];
  const missed = [...rates(), gap('markPrice'), sample(10 * HOUR_MS), rate(20, 0.0005, 24)];
  for (const [definition] of FIRST) {
    assert.equal(said(definition, {}, missed).slice(4, 6), [null, null], definition.name);
    assert.is(said(definition, {}, [...rates(), gap('depth'), BOOK_BREAK]).at(-1) === null, false, definition.name);
  }
  assert.is(said(SETTLED_FUNDING_RATE, {}, seen).at(-1), 0.0002);
  assert.is(said(FUNDING_RATE, {}, missed).at(-1), 0.0005);
  assert.is(said(SETTLED_FUNDING_RATE, {}, missed).at(-1), null);
  assert.is(said(ANNUALISED_FUNDING_RATE, {}, missed).at(-1), null);
});

test('the spread of the mark and the basis of the midprice are of the index', () => {
  const prices = markPrice(1, { markPrice: 101, indexPrice: 100 });
  assertNear(said(MARK_INDEX_SPREAD, {}, [prices]), [100]);
  assert.equal(said(MARK_INDEX_SPREAD, {}, [markPrice(1, { indexPrice: 0 })]), [null]);
  // A tick is 0.10: the midprice of 995 and 996 ticks is 99.55.
  const inputs = [
    instrument(),
    quote(1, [995, 1], [996, 1]),
    prices,
    BOOK_BREAK,
    quote(2, [999, 1], [1_001, 1]),
    gap('markPrice'),
  ];
  assertNear(
    said(BASIS, {}, inputs),
    [null, null, { price: -0.45, bps: -45 }, null, { price: 0, bps: 0 }, null],
    1e-12,
  );
  assert.is(spoken(said(BASIS, {}, inputs.slice(1))), 0, 'without the instrument');
});

test('of random events each is what a look at the past gives', () => {
  const inputs = randomDerivatives(101, 1_500);
  const isGap = isGapOf('markPrice');
  const check = (definition: FeatureDefinition, value: (past: readonly Timed[]) => unknown): void => {
    const plain = naively(definition, inputs, (past) => value(past) ?? null);
    assertNear(said(definition, {}, inputs), plain, 1e-12);
    assert.ok(spoken(plain) > 300, `${definition.name} ${spoken(plain)}`);
  };
  const last = (past: readonly Timed[]): MarkPrice | undefined => ofType(since(past, isGap), 'markPrice').at(-1)?.event;
  /** Rates, without those from before a settlement that had been told of; null: none, or a gap. */
  const inTime = (past: readonly Timed[]): (MarkPrice | null)[] => {
    let latestMs = 0;
    return past.flatMap(({ event }) => {
      if (isGap({ event, ms: 0 })) return [null];
      if (event.type !== 'markPrice') return [];
      if (event.nextFundingTimeMs === null) return [null];
      if (event.nextFundingTimeMs < latestMs) return [];
      latestMs = event.nextFundingTimeMs;
      return [event];
    });
  };
  /** The last two rates of different settlements, if nothing was missing between them. */
  const settlement = (past: readonly Timed[]): { readonly before: MarkPrice; readonly after: MarkPrice } | null => {
    const all = inTime(past);
    const last = all.at(-1) ?? null;
    if (last === null) return null;
    const at = all.findLastIndex((one) => one !== null && one.nextFundingTimeMs !== last.nextFundingTimeMs);
    const [before, after] = [all[at], all[at + 1]];
    return before && after ? { before, after } : null;
  };
  check(FUNDING_RATE, (past) => inTime(past).at(-1)?.fundingRate);
  check(SETTLED_FUNDING_RATE, (past) => settlement(past)?.before.fundingRate);
  check(ANNUALISED_FUNDING_RATE, (past) => {
    const found = settlement(past);
    if (found === null) return null;
    const hours = (found.after.nextFundingTimeMs! - found.before.nextFundingTimeMs!) / HOUR_MS;
    return inTime(past).at(-1)!.fundingRate! * (365 * (24 / hours));
  });
  check(TIME_TO_FUNDING, (past) => {
    const next = inTime(past).at(-1)?.nextFundingTimeMs;
    return next == null ? null : Math.max(0, next - nowOf(past)) / 1_000;
  });
  check(MARK_INDEX_SPREAD, (past) => {
    const prices = last(past);
    return prices && prices.indexPrice > 0
      ? (10_000 * (prices.markPrice - prices.indexPrice)) / prices.indexPrice
      : null;
  });
  check(BASIS, (past) => {
    const index = last(past)?.indexPrice;
    const top = ofType(since(past, isBookBreak), 'topOfBook').at(-1)?.event;
    if (!index || top === undefined) return null;
    const price = ((top.bidTicks + top.askTicks) / 2) * 0.1 - index;
    return { price, bps: (10_000 * price) / index };
  });
});

test.run();
