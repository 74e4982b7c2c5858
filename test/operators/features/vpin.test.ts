import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { FeatureInput } from '../../../operators/features/feature-input.ts';
import { VPIN } from '../../../operators/features/vpin.ts';
import type { Trade } from '../../../streams/events/trade.ts';
import { BOOK_BREAK, gap, instrument, seededRandom, trade } from '../market-events.ts';
import { assertNear, said, spoken, testFeatureContract } from './feature-runs.ts';
import { isTradeGap, naively, ofType, since, sum } from './naive-past.ts';

const test = suite('operators/features/vpin');

/** Of 10 steps each: a step is 0.001. */
const DAY_MS = 86_400_000;
const PARAMETERS = { bucketQty: 0.01, buckets: 2, restartMs: DAY_MS };
/** ms after a midnight. */
const buy = (ms: number, steps: number): Trade => trade(DAY_MS + ms, 100, steps);
const sell = (ms: number, steps: number): Trade => trade(DAY_MS + ms, 100, steps, { aggressorSide: 'sell' });

/** What is before the first midnight does not count. Buckets: 6 bought and 4 sold; 1 sold and 9 bought; then 6 bought are left. */
const trades = (): FeatureInput[] => [instrument(), sell(-1, 40), buy(1, 6), sell(2, 5), buy(3, 15)];

testFeatureContract(test, VPIN, {
  parameters: PARAMETERS,
  events: () => [...trades().slice(1), sell(4, 1), gap('aggTrade'), ...trades().slice(1)],
  firstOutput: 3,
});

test('is how one-sided the last buckets were', () => {
  assertNear(said(VPIN, PARAMETERS, trades()), [null, null, null, null, (2 + 8) / 20]);
  // The third bucket: 6 bought, 4 sold.
  assertNear(said(VPIN, PARAMETERS, [...trades(), sell(4, 4)]).slice(5), [(8 + 2) / 20]);
  assert.is(said(VPIN, { bucketQty: 0.01, buckets: 3, restartMs: DAY_MS }, trades()).at(-1), null);
  assert.is(said(VPIN, PARAMETERS, trades().slice(1)).at(-1), null, 'without the instrument');
});

test('one trade may fill many buckets, and more than there are', () => {
  for (const steps of [24, 1e3 + 4, 1e15 + 4]) {
    const inputs = [...trades(), sell(4, steps)];
    // Nothing but sold; of the next bucket all 6 + 4 = 10 are filled, so that none is left.
    assertNear(said(VPIN, PARAMETERS, inputs).slice(5), [1]);
    assertNear(said(VPIN, PARAMETERS, [...inputs, buy(5, 5), sell(6, 5)]).slice(7), [(10 + 0) / 20]);
  }
});

test('a bucket that is not full at midnight is dropped', () => {
  const inputs = [...trades(), sell(DAY_MS, 9), sell(DAY_MS + 1, 1)];
  assertNear(said(VPIN, PARAMETERS, inputs).slice(5), [0.5, (8 + 10) / 20]);
});

test('a gap of trades or another step size starts it anew, the same instrument or a broken book does not', () => {
  const still = [instrument(), BOOK_BREAK, gap('depth')];
  assert.is(spoken(said(VPIN, PARAMETERS, [...trades(), ...still]).slice(4)), 4);
  for (const broken of [gap('trade'), instrument('0.10', '0.0001')])
    assert.is(spoken(said(VPIN, PARAMETERS, [...trades(), broken, sell(4, 9)]).slice(5)), 0);
  // 0.01 are 100 steps of 0.0001.
  const finer = [instrument('0.10', '0.0001'), buy(-1, 7), buy(1, 100), buy(2, 99), sell(3, 1)];
  assertNear(said(VPIN, PARAMETERS, finer), [null, null, null, null, (100 + 98) / 200]);
});

test('of random trades, over midnights, it is what buckets of single steps give', () => {
  const random = seededRandom(91);
  let ms = -40_000;
  const inputs: FeatureInput[] = [instrument()];
  while (inputs.length < 700) {
    ms += Math.floor(random() * random() * DAY_MS * 0.03) - 50;
    const steps = Math.floor(random() * (random() < 0.05 ? 90 : 9));
    inputs.push(random() < 0.5 ? buy(ms, steps) : sell(ms, steps));
    if (random() < 0.01) inputs.push(gap(random() < 0.5 ? 'trade' : 'depth'));
  }
  for (const buckets of [1, 5]) {
    const plain = naively(VPIN, inputs, (past) => {
      const sides = ofType(since(past, isTradeGap), 'trade');
      const imbalances: number[] = [];
      let bucket: number[] = [];
      let day = -1;
      let isBegun = false;
      for (const { event } of sides) {
        const today = Math.floor(event.transactionTimeMs / DAY_MS);
        if (today > day) {
          bucket = [];
          isBegun = day >= 0;
        }
        day = Math.max(day, today);
        for (let step = 0; isBegun && step < event.qtySteps; step++) {
          bucket.push(event.aggressorSide === 'buy' ? 1 : -1);
          if (bucket.length < 10) continue;
          imbalances.push(Math.abs(sum(bucket)));
          bucket = [];
        }
      }
      return imbalances.length < buckets ? null : sum(imbalances.slice(-buckets)) / (buckets * 10);
    });
    assertNear(said(VPIN, { bucketQty: 0.01, buckets, restartMs: DAY_MS }, inputs), plain);
    assert.ok(spoken(plain) > 400);
  }
});

test.run();
