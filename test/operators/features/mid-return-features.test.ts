import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { BIPOWER_VARIATION, bipowerVariation } from '../../../operators/features/bipower-variation.ts';
import type { FeatureInput } from '../../../operators/features/feature-input.ts';
import { JUMP_VARIATION, jumpVariation } from '../../../operators/features/jump-variation.ts';
import { REALIZED_KURTOSIS, realizedKurtosis } from '../../../operators/features/realized-kurtosis.ts';
import { REALIZED_SKEWNESS, realizedSkewness } from '../../../operators/features/realized-skewness.ts';
import { BOOK_BREAK, quote, randomQuotes } from '../market-events.ts';
import { assertNear, said, spoken, testFeatureContract } from './feature-runs.ts';
import { isBookBreak, naively, ofType, since, sum, type Timed } from './naive-past.ts';

const test = suite('operators/features/mid-return-features');

const FEATURES = [BIPOWER_VARIATION, JUMP_VARIATION, REALIZED_SKEWNESS, REALIZED_KURTOSIS];
const mid = (ms: number, price: number) => quote(ms, [price - 1, 5], [price + 1, 5]);
const PARAMETERS = { intervalMs: 1_000, samples: 2 };
/** Midprices at the ends of the seconds: 101, 102, 104. */
const quotes = (): FeatureInput[] => [mid(0, 100), mid(900, 101), mid(1_000, 102), mid(2_500, 104), mid(3_000, 103)];

for (const definition of FEATURES)
  testFeatureContract(test, definition, {
    parameters: PARAMETERS,
    events: () => [...quotes(), mid(4_100, 99), BOOK_BREAK, mid(5_000, 90), mid(9_000, 91)],
    firstOutput: 4,
  });

test('the bipower variation multiplies neighbours, so that a jump alone adds nothing', () => {
  const near = (found: number | undefined, expected: number) => assertNear([found], [expected], 1e-12);
  near(bipowerVariation(Float64Array.of(1, -2, 3)), (Math.PI / 2) * 1.5 * (2 + 6));
  near(bipowerVariation(Float64Array.of(0, 9, 0)), 0);
  assert.equal(jumpVariation(Float64Array.of(0, 9, 0)), { variance: 81, ratio: 1 });
  assert.equal(jumpVariation(Float64Array.of(1, 1, 1)), { variance: 0, ratio: 0 });
  assert.equal(jumpVariation(Float64Array.of(0, 0)), { variance: 0, ratio: undefined });
  near(realizedSkewness(Float64Array.of(1, -2, 3)), (Math.sqrt(3) * (1 - 8 + 27)) / 14 ** 1.5);
  near(realizedKurtosis(Float64Array.of(1, -2, 3)), (3 * (1 + 16 + 81)) / 14 ** 2);
  assert.is(realizedSkewness(Float64Array.of(0, 0)), undefined);
  assert.is(realizedKurtosis(Float64Array.of(0, 0)), undefined);
});

test('returns are of the last midprices of the intervals', () => {
  const [one, two] = [Math.log(102 / 101), Math.log(104 / 102)];
  assertNear(said(BIPOWER_VARIATION, PARAMETERS, quotes()).slice(3), [null, Math.PI * one * two], 1e-12);
});

test('behind a pause nothing has moved', () => {
  const paused = [...quotes(), mid(900_000, 50)];
  assert.is(said(BIPOWER_VARIATION, PARAMETERS, paused).at(-1), 0);
  assert.equal(said(JUMP_VARIATION, PARAMETERS, paused).at(-1), { variance: 0, ratio: undefined });
  assert.is(said(REALIZED_SKEWNESS, PARAMETERS, paused).at(-1), null);
});

test('a break of the book starts each anew', () => {
  for (const definition of FEATURES) {
    const inputs = [...quotes(), BOOK_BREAK, mid(3_100, 100), mid(4_000, 101), mid(5_100, 103), mid(6_000, 102)];
    assert.is(spoken(said(definition, PARAMETERS, inputs).slice(5, 9)), 0);
    assert.is(spoken(said(definition, PARAMETERS, inputs).slice(9)), 1);
    // A pause before the book is valid again is no time without a move.
    assert.is(spoken(said(definition, PARAMETERS, [...quotes(), BOOK_BREAK, mid(9_000, 100)]).slice(5)), 0);
  }
});

/** Log returns of the last `samples` intervals that have ended, oldest first. */
function naiveReturns(past: readonly Timed[], intervalMs: number, samples: number): number[] | null {
  const all = ofType(since(past, isBookBreak), 'topOfBook');
  if (all.length === 0) return null;
  const intervals: number[] = [];
  for (const { event } of all)
    intervals.push(Math.max(intervals.at(-1) ?? 0, Math.floor(event.transactionTimeMs / intervalMs)));
  const now = intervals.at(-1)!;
  if (now - intervals[0]! <= samples) return null;
  const close = (interval: number): number => {
    const { bidTicks, askTicks } = all[intervals.findLastIndex((of) => of <= interval)]!.event;
    return (bidTicks + askTicks) / 2;
  };
  return Array.from({ length: samples }, (_, n) => {
    const interval = now - samples + n;
    return Math.log(close(interval) / close(interval - 1));
  });
}

test('of random quotes each is what the plain formula gives', () => {
  const inputs: FeatureInput[] = randomQuotes(71, 900);
  inputs.splice(500, 0, BOOK_BREAK);
  for (const samples of [2, 7]) {
    const parameters = { intervalMs: 700, samples };
    const check = (definition: (typeof FEATURES)[number], value: (returns: readonly number[]) => unknown): void => {
      const plain = naively(definition, inputs, (past) => {
        const returns = naiveReturns(past, 700, samples);
        return returns && value(returns);
      });
      assertNear(said(definition, parameters, inputs), plain, 1e-13);
      assert.ok(spoken(plain) > 300);
    };
    const power = (returns: readonly number[], exponent: number): number => sum(returns.map((r) => r ** exponent));
    const bipower = (returns: readonly number[]): number =>
      (Math.PI / 2) *
      (samples / (samples - 1)) *
      sum(returns.slice(1).map((r, n) => Math.abs(r) * Math.abs(returns[n]!)));
    check(BIPOWER_VARIATION, bipower);
    check(JUMP_VARIATION, (returns) => {
      const total = power(returns, 2);
      const variance = Math.max(0, total - bipower(returns));
      return { variance, ratio: total === 0 ? undefined : variance / total };
    });
    const ifMoved = (value: number): number | null => (Number.isNaN(value) ? null : value);
    check(REALIZED_SKEWNESS, (returns) => ifMoved((Math.sqrt(samples) * power(returns, 3)) / power(returns, 2) ** 1.5));
    check(REALIZED_KURTOSIS, (returns) => ifMoved((samples * power(returns, 4)) / power(returns, 2) ** 2));
  }
});

test.run();
