// time limit: 240 s
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CATALOGUE } from '../../../operators/features/catalogue.ts';
import type { FeatureInput } from '../../../operators/features/feature-input.ts';
import { MADE_START_MS, madeInputs } from '../../../services/features/custom/made-inputs.ts';
import { runFeature } from '../../../services/features/custom/run-feature.ts';

const test = suite('operators/features/bad-input');

/** The made market's first two hours, with something wrong. */
function* changed(change: (input: FeatureInput, n: number) => FeatureInput | undefined): Generator<FeatureInput> {
  let n = 0;
  for (const input of madeInputs(5)) {
    if ('transactionTimeMs' in input && input.transactionTimeMs > MADE_START_MS + 2 * 3_600_000) return;
    const told = change(input, n++);
    if (told !== undefined) yield told;
  }
}

const MARKETS: Readonly<Record<string, () => Iterable<FeatureInput>>> = {
  'without trades': () => changed((input) => (input.type === 'trade' ? undefined : input)),
  'without quotes': () =>
    changed((input) => (input.type === 'topOfBook' || input.type === 'depthView' ? undefined : input)),
  'of which every time is the same': () =>
    changed((input) => ('transactionTimeMs' in input ? { ...input, transactionTimeMs: MADE_START_MS } : input)),
  'whose times jump back now and then': () =>
    changed((input, n) =>
      'transactionTimeMs' in input && n % 50 === 0
        ? { ...input, transactionTimeMs: input.transactionTimeMs - 60_000 }
        : input,
    ),
  'that does not move': () =>
    changed((input) => {
      if (input.type === 'trade') return { ...input, priceTicks: 500_000, qtySteps: 1 };
      if (input.type === 'topOfBook')
        return { ...input, bidTicks: 499_999, askTicks: 500_001, bidSteps: 1, askSteps: 1 };
      return input.type === 'otherQuote' ? { ...input, midprice: 3_000 } : input;
    }),
  'with prices and quantities of zero': () =>
    changed((input, n) => {
      if (n % 3 !== 0) return input;
      if (input.type === 'trade') return { ...input, priceTicks: 0, qtySteps: 0 };
      if (input.type === 'markPrice') return { ...input, markPrice: 0, indexPrice: 0, fundingRate: 0 };
      if (input.type === 'liquidation') return { ...input, price: 0, averagePrice: 0, qty: 0, filledQty: 0 };
      if (input.type === 'openInterest') return { ...input, openInterest: 0 };
      if (input.type === 'topOfBook') return { ...input, bidSteps: 0, askSteps: 0 };
      return input.type === 'otherQuote' ? { ...input, midprice: 0 } : input;
    }),
  'with prices below zero': () =>
    changed((input, n) => {
      if (n % 3 !== 0) return input;
      if (input.type === 'trade') return { ...input, priceTicks: -input.priceTicks };
      if (input.type === 'markPrice') return { ...input, markPrice: -1, indexPrice: -1 };
      return input.type === 'otherQuote' ? { ...input, midprice: -1 } : input;
    }),
  'with crossed quotes': () =>
    changed((input, n) =>
      input.type === 'topOfBook' && n % 7 === 0
        ? { ...input, bidTicks: input.askTicks + 3, askTicks: input.bidTicks - 3 }
        : input,
    ),
};

for (const [name, inputs] of Object.entries(MARKETS))
  test(`of a market ${name} each says numbers or nothing`, () => {
    const wrong: string[] = [];
    for (const definition of CATALOGUE) {
      const { values, refused } = runFeature(definition, inputs());
      if (refused.length > 0) wrong.push(`${definition.name}: ${refused[0]}`);
      for (const row of values) for (const value of row) assert.ok(value === null || Number.isFinite(value));
    }
    assert.equal(wrong, []);
  });

test.run();
