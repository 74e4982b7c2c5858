import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { AccountEvent } from '../../../operators/account/account-event.ts';
import { bookOf } from '../../../operators/account/account-state.ts';
import { canPlace, initialMarginOf, type OrderTerms, reducibleSteps } from '../../../operators/account/place-order.ts';
import {
  BTC,
  createTerms,
  deposit,
  e8,
  fill,
  leverage,
  markPrice,
  order,
  positionIn,
  positionMode,
  run,
} from './account-events.ts';

const test = suite('operators/account/place-order');

const terms = createTerms();
const START: readonly AccountEvent[] = [deposit(1_000), leverage(10), markPrice(60_000)];
const codeOf = (events: readonly AccountEvent[], wanted: OrderTerms) =>
  canPlace(terms, run(events), wanted)?.code ?? null;
const marginOf = (events: readonly AccountEvent[], wanted: OrderTerms) => initialMarginOf(terms, run(events), wanted);

test('an order needs its notional ÷ leverage, and has it or not', () => {
  assert.is(marginOf(START, order(0.1, 60_000)), e8(600));
  assert.is(canPlace(terms, run(START), order(0.1, 60_000)), null);
  assert.is(codeOf(START, order(0.166, 60_000)), null, '996');
  assert.is(codeOf(START, order(0.167, 60_000)), -2019, '1 002');
  const why = canPlace(terms, run(START), order(1, 60_000));
  assert.equal(
    { ...why },
    {
      field: 'order/qtySteps',
      expected: 'a margin of at most 1000',
      found: '6000',
      reason: 'MARGIN_NOT_SUFFICIENT',
      code: -2019,
    },
  );
  assert.is(codeOf([...START, order(0.1, 60_000)], order(0.07, 60_000)), -2019, 'an open order holds 600 already');
});

test('an order needs nothing where another of the other side holds as much', () => {
  assert.is(marginOf([...START, order(0.1, 60_000)], order(-0.1, 60_000)), 0);
  assert.is(marginOf([...START, order(0.1, 60_000)], order(-0.15, 60_000)), e8(300));
});

test('an order that closes needs nothing, also where nothing is left', () => {
  const broke = [...START, fill(0.166, 60_000), markPrice(55_000)];
  assert.is(marginOf(broke, order(-0.166, 55_000)), 0);
  assert.is(codeOf(broke, order(-0.166, 55_000)), null);
  assert.is(codeOf(broke, order(-0.166, 55_000, { isReduceOnly: true })), null);
  assert.is(codeOf(broke, order(0.001, 55_000)), -2019);
  const long = [...START, fill(0.1, 60_000)];
  assert.is(marginOf(long, order(-0.1, 55_000)), 0, 'nor for the loss that it takes');
  assert.is(marginOf(long, order(-0.25, 60_000, { isReduceOnly: true })), 0);
  assert.is(marginOf(long, order(-0.25, 60_000)), e8(300), 'it turns 0.1 into −0.15');
});

test('a price that would open with a loss needs the loss too', () => {
  assert.is(marginOf([...START, markPrice(59_000)], order(0.1, 60_000)), e8(600 + 100));
  assert.is(marginOf([...START, markPrice(61_000)], order(0.1, 60_000)), e8(600));
  assert.is(marginOf([...START, markPrice(61_000)], order(-0.1, 60_000)), e8(600 + 100));
  assert.is(marginOf([deposit(1_000), leverage(10)], order(0.1, 60_000)), e8(600), 'no mark price is known');
});

test('the leverage bounds the notional', () => {
  const rich = [deposit(1_000_000), leverage(125), markPrice(50_000)];
  assert.is(codeOf(rich, order(1, 50_000)), null);
  assert.is(codeOf(rich, order(1.001, 50_000)), -2027);
  assert.is(codeOf([...rich, order(0.5, 50_000)], order(0.501, 50_000)), -2027);
  const beyond = [...rich, fill(1, 50_000), markPrice(60_000)];
  assert.is(codeOf(beyond, order(-0.5, 60_000)), null, 'what reduces may always be placed');
  const hedge = [positionMode('hedge'), ...rich, fill(1, 50_000, { positionSide: 'LONG' })];
  assert.is(codeOf(hedge, order(0.001, 50_000, { positionSide: 'LONG' })), -2027);
  assert.is(codeOf(hedge, order(-1, 50_000, { positionSide: 'SHORT' })), null);
  assert.is(codeOf(hedge, order(-1.001, 50_000, { positionSide: 'SHORT' })), -2027);
});

test('there must be something to reduce', () => {
  assert.is(codeOf(START, order(-0.1, 60_000, { isReduceOnly: true })), -2022);
  assert.is(codeOf([...START, fill(0.1, 60_000)], order(0.1, 60_000, { isReduceOnly: true })), -2022);
  const hedge = [positionMode('hedge'), ...START, fill(0.1, 60_000, { positionSide: 'LONG' })];
  assert.is(codeOf(hedge, order(-0.1, 60_000, { positionSide: 'LONG' })), null);
  assert.is(codeOf(hedge, order(-0.101, 60_000, { positionSide: 'LONG' })), -2022);
  assert.is(codeOf(hedge, order(0.1, 60_000, { positionSide: 'SHORT' })), -2022);
  assert.is(marginOf(hedge, order(-0.1, 60_000, { positionSide: 'LONG' })), 0);
  const long = positionIn(run(hedge), 'LONG');
  assert.equal([reducibleSteps(long, 'sell'), reducibleSteps(long, 'buy')], [100, 0]);
  const short = positionIn(run([fill(-0.2, 60_000)]));
  assert.equal([reducibleSteps(short, 'sell'), reducibleSteps(short, 'buy')], [0, 200]);
});

test('what is malformed is refused by code, and asking changes nothing', () => {
  const state = run(START);
  const before = JSON.stringify(state);
  assert.is(
    canPlace(terms, state, order(1, 60_000, { instrument: 'simulated:DOGEUSDT', priceTicks: 1, qtySteps: 1 }))?.code,
    -1121,
  );
  assert.is(canPlace(terms, state, order(1, 60_000, { positionSide: 'LONG' }))?.code, -4061);
  assert.is(canPlace(terms, state, order(1, 0))?.code, -4001);
  assert.is(canPlace(terms, state, order(0, 60_000))?.code, -4003);
  assert.is(canPlace(terms, state, order(1, 60_000, { side: 'hold' as 'buy' }))?.field, 'order/side');
  // More than can be reckoned exactly.
  assert.is(canPlace(terms, state, order(1e9, 60_000))?.code, -2027);
  assert.is(JSON.stringify(state), before);
  assert.is(bookOf(terms, state, BTC).instrument, BTC);
  assert.throws(
    () => bookOf(terms, state, 'x'),
    /bookOf\/instrument: expected one of simulated:BTCUSDT, simulated:ETHUSDT, found x \(-1121/,
  );
});

test.run();
