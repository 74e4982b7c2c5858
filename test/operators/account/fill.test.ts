import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { evolveAccount } from '../../../operators/account/account.ts';
import { createAccountState } from '../../../operators/account/account-state.ts';
import { createAccountTerms } from '../../../operators/account/account-terms.ts';
import { createInstrumentTerms } from '../../../operators/account/instrument-terms.ts';
import { entryPrice, equityE8, unrealisedE8 } from '../../../operators/account/valuation.ts';
import { createScale } from '../../../streams/events/scale.ts';
import {
  createTerms,
  deposit,
  ETH,
  e8,
  fill,
  markPrice,
  positionIn,
  positionMode,
  refusedBy,
  run,
} from './account-events.ts';

const test = suite('operators/account/fill');

test('a long that is closed in part, and then turned into a short', () => {
  const events = [deposit(100_000), fill(2, 60_000, { feeE8: null }), fill(-0.5, 61_000, { feeE8: null })];
  const long = run(events);
  assert.is(long.realisedE8, e8(500));
  assert.is(long.feesE8, e8(60 + 15.25));
  assert.is(positionIn(long).costE8, e8(90_000));
  assert.is(entryPrice(createTerms().instruments[0]!, positionIn(long)), 60_000);

  const short = run([...events, fill(-2, 59_000, { feeE8: null })]);
  assert.is(short.realisedE8, e8(500 - 1_500));
  assert.is(short.walletE8, e8(98_865.75), '100 000 + 500 − 1 500 − 60 − 15.25 − 59');
  assert.equal([positionIn(short).steps, positionIn(short).costE8], [-500, e8(-29_500)]);
  assert.is(entryPrice(createTerms().instruments[0]!, positionIn(short)), 59_000);
});

test('a short earns where the price falls', () => {
  const state = run([deposit(1_000), fill(-1, 3_000, { instrument: ETH }), markPrice(2_900, ETH)]);
  assert.is(unrealisedE8(positionIn(state, 'BOTH', ETH)), e8(100));
  assert.is(equityE8(state), e8(1_100));
  const closed = run([deposit(1_000), fill(-1, 3_000, { instrument: ETH }), fill(1, 2_900, { instrument: ETH })]);
  assert.is(closed.walletE8, e8(1_100));
  assert.equal(positionIn(closed, 'BOTH', ETH), { ...positionIn(run([])), steps: 0 });
});

test('a position whose average has no end closes in parts without a unit lost', () => {
  const opened = [fill(0.001, 60_000), fill(0.001, 60_000.1), fill(0.001, 60_000.1)];
  const terms = createTerms();
  const state = run(opened, terms);
  const realised = [1, 2, 3].map(() => {
    const before = state.realisedE8;
    evolveAccount(terms, state, fill(-0.001, 60_000.2));
    return state.realisedE8 - before;
  });
  assert.equal(realised, [13_333, 13_333, 13_334]);
  assert.is(state.realisedE8, e8(0.0004));
  assert.is(positionIn(state).costE8, 0);
});

test('until the venue says a mark price, the last fill is it', () => {
  const state = run([fill(1, 60_000), fill(1, 61_000)]);
  assert.is(unrealisedE8(positionIn(state)), e8(1_000));
  const hedge = [fill(1, 60_000, { positionSide: 'LONG' }), fill(-1, 61_000, { positionSide: 'SHORT' })] as const;
  assert.is(unrealisedE8(positionIn(run([positionMode('hedge'), ...hedge]), 'LONG')), e8(1_000), 'of both sides');
  const marked = run([fill(1, 60_000), markPrice(59_000.12345678), fill(1, 61_000)]);
  assert.is(positionIn(marked).valueE8, e8(118_000.24691356), 'a mark price off the grid, not the fill');
});

test('in hedge mode each side has its own position', () => {
  const hedge = [
    positionMode('hedge'),
    fill(2, 60_000, { positionSide: 'LONG' }),
    fill(-1, 61_000, { positionSide: 'SHORT' }),
  ];
  const state = run([...hedge, markPrice(60_500)]);
  assert.is(unrealisedE8(positionIn(state, 'LONG')), e8(1_000));
  assert.is(unrealisedE8(positionIn(state, 'SHORT')), e8(500));
  const closed = run([
    ...hedge,
    fill(-2, 62_000, { positionSide: 'LONG' }),
    fill(1, 60_000, { positionSide: 'SHORT' }),
  ]);
  assert.is(closed.realisedE8, e8(4_000 + 1_000));
  assert.equal([positionIn(closed, 'LONG').steps, positionIn(closed, 'SHORT').steps], [0, 0]);
});

test('a fill beyond what it may close is refused', () => {
  const hedge = run([positionMode('hedge'), fill(1, 60_000, { positionSide: 'LONG' })]);
  assert.is(refusedBy(hedge, fill(-1.001, 60_000, { positionSide: 'LONG' })).code, -2022);
  assert.is(refusedBy(hedge, fill(1, 60_000, { positionSide: 'SHORT' })).code, -2022, 'nothing to buy back');
  const oneWay = run([fill(1, 60_000)]);
  const refusal = refusedBy(oneWay, fill(-2, 60_000, { isReduceOnly: true }));
  assert.is(
    refusal.message,
    'fill/qtySteps: expected at most the 1000 that can be closed, found 2000 (-2022 REDUCE_ONLY_REJECT)',
  );
  assert.is(refusedBy(oneWay, fill(1, 60_000, { isReduceOnly: true })).code, -2022, 'it would add');
});

test('what is malformed is refused by field and code', () => {
  const state = run([deposit(1_000)]);
  const cases: readonly (readonly [Partial<ReturnType<typeof fill>>, string, number | null])[] = [
    [{ instrument: 'simulated:DOGEUSDT' }, 'fill/instrument', -1121],
    [{ priceTicks: 0 }, 'fill/priceTicks', -4001],
    [{ priceTicks: 1.5 }, 'fill/priceTicks', null],
    [{ qtySteps: -3 }, 'fill/qtySteps', -4003],
    [{ qtySteps: Number.NaN }, 'fill/qtySteps', null],
    [{ positionSide: 'LONG' }, 'fill/positionSide', -4061],
    [{ positionSide: 'LEFT' as 'LONG' }, 'fill/positionSide', -4060],
    [{ side: 'hold' as 'buy' }, 'fill/side', null],
    [{ feeE8: 0.5 }, 'fill/feeE8', null],
    [{ openedAtTicks: 600_000 }, 'fill/qtySteps', null],
  ];
  for (const [changes, field, code] of cases) {
    const { field: at, code: found } = refusedBy(state, { ...fill(1, 60_000), ...changes });
    assert.equal([at, found], [field, code]);
  }
  assert.is(refusedBy(run([positionMode('hedge')]), fill(1, 60_000)).code, -4061);
});

test('an amount that would not stay exact is refused, and the account is as before', () => {
  const terms = createTerms();
  const state = run([deposit(90_000_000), fill(1_000, 60_000)], terms);
  const before = JSON.stringify(state);
  for (const event of [
    fill(1_000, 60_000),
    fill(2_000, 60_000),
    deposit(80_000_000),
    fill(1, 60_000, { feeE8: -9e15 }),
  ])
    assert.throws(
      () => evolveAccount(terms, state, event),
      /E8: expected a whole number|notional: expected a whole number/,
    );
  assert.is(JSON.stringify(state), before);
});

test('a grid of any unit has its fills valued at their own price', () => {
  for (const [tick, price] of [
    ['0.05', 20],
    ['0.0000005', 300],
    ['0.000000004', 4_000],
  ] as const) {
    const terms = createAccountTerms({
      instruments: [createInstrumentTerms({ instrument: ETH, scale: createScale(tick, '0.5') })],
    });
    const state = createAccountState(terms);
    evolveAccount(terms, state, fill(1, 1, { instrument: ETH, priceTicks: price, qtySteps: 400 }));
    assert.is(state.books[0]!.both.costE8, Math.round(Number(tick) * price * 200 * 1e8), tick);
    assert.is(equityE8(state), 0, tick);
  }
});

test('a sum since the beginning stays exact, or the event is refused', () => {
  const out = { type: 'withdrawal', timeMs: 1, amountE8: e8(80_000_000) } as const;
  const terms = createTerms();
  const state = run([deposit(80_000_000), out], terms);
  const before = JSON.stringify(state);
  assert.throws(() => evolveAccount(terms, state, deposit(80_000_000)), /depositedE8: expected a whole number/);
  assert.is(JSON.stringify(state), before);
});

test('where a tick × step is less than a unit, a fill is rounded to one', () => {
  const instrument = 'simulated:TINY';
  const terms = createAccountTerms({
    instruments: [createInstrumentTerms({ instrument, scale: createScale('0.0000001', '0.01') })],
  });
  const state = createAccountState(terms);
  const trade = { ...fill(1, 1), instrument, priceTicks: 7, qtySteps: 5 };
  evolveAccount(terms, state, trade);
  assert.is(state.books[0]!.both.costE8, 4, '3.5 units');
  evolveAccount(terms, state, { ...trade, side: 'sell', qtySteps: 5, priceTicks: 9 });
  assert.is(state.realisedE8, 1, '4.5 is 5, less 4');
});

test.run();
