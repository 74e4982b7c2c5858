import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { RestingOrder } from '../../../operators/matching/order.ts';
import { QUEUE_MODELS } from '../../../operators/matching/queue-model.ts';

const test = suite('operators/matching/queue-model');

const order = (frontSteps: number): RestingOrder => ({
  orderId: 1,
  side: 'buy',
  positionSide: 'BOTH',
  isReduceOnly: false,
  isPostOnly: false,
  filledSteps: 0,
  amends: 0,
  priceTicks: 100,
  leftSteps: 5,
  frontSteps,
  tradedSteps: 0,
  levelSteps: 100,
});

/** Front of 40 in a level of 100 of which 30 are cancelled. */
function frontAfter(name: string, traded = 0): number {
  const model = QUEUE_MODELS[name]!;
  const at = order(40);
  if (traded > 0) model.onTrade(at, traded);
  model.onLevel(at, 100, 70 - traded);
  return at.frontSteps;
}

test('cancellations are shared as each says', () => {
  const near = (found: number, expected: number): void => assert.ok(Math.abs(found - expected) < 1e-9, `${found}`);
  assert.is(frontAfter('risk-averse'), 40);
  near(frontAfter('probability-even'), 40 - 30 * 0.4);
  near(frontAfter('probability-square'), 40 - 30 * (1 - 3_600 / 5_200));
  near(frontAfter('probability-cube'), 40 - 30 * (1 - 216 / 280));
  near(frontAfter('probability-log'), 40 - 30 * (1 - Math.log(61) / (Math.log(61) + Math.log(41))));
  near(frontAfter('probability-log-2'), 40 - 30 * (1 - Math.log(61) / Math.log(101)));
});

test('what traded is no cancellation', () => {
  assert.is(frontAfter('risk-averse', 10), 30);
  const model = QUEUE_MODELS['probability-even']!;
  const at = order(40);
  model.onTrade(at, 30);
  model.onLevel(at, 100, 70);
  assert.is(at.frontSteps, 10);
  assert.is(at.tradedSteps, 0);
});

test('what joins stands behind, and the front is never more than the level', () => {
  for (const model of Object.values(QUEUE_MODELS)) {
    const grown = order(40);
    model.onLevel(grown, 100, 150);
    assert.is(grown.frontSteps, 40);
    const shrunk = order(40);
    model.onLevel(shrunk, 100, 5);
    assert.ok(shrunk.frontSteps <= 5, `${model.name}: ${shrunk.frontSteps}`);
    assert.ok(model.says.length > 20);
  }
});

test.run();
