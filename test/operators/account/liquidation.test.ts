import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { evolveAccount } from '../../../operators/account/account.ts';
import type { AccountEvent, Liquidation } from '../../../operators/account/account-event.ts';
import type { AccountState } from '../../../operators/account/account-state.ts';
import { nextLiquidation } from '../../../operators/account/liquidation.ts';
import { liquidationPrice } from '../../../operators/account/liquidation-price.ts';
import { equityE8 } from '../../../operators/account/valuation.ts';
import {
  BTC,
  createTerms,
  deposit,
  ETH,
  e8,
  fill,
  leverage,
  marginType,
  markPrice,
  positionIn,
  positionMode,
  refusedBy,
  run,
} from './account-events.ts';

const test = suite('operators/account/liquidation');

const AT_MARK = createTerms();
const AT_BANKRUPTCY = createTerms({ liquidationAt: 'bankruptcy' });

/** Liquidates until nothing is due. */
function liquidate(state: AccountState, terms = AT_MARK): Liquidation[] {
  const taken: Liquidation[] = [];
  for (let due = nextLiquidation(terms, state, 9); due !== null; due = nextLiquidation(terms, state, 9)) {
    taken.push(due);
    evolveAccount(terms, state, due);
  }
  return taken;
}

const ISOLATED: readonly AccountEvent[] = [deposit(20_000), leverage(10), marginType('isolated')];
const near = (actual: number | null, expected: number) =>
  assert.ok(Math.abs((actual ?? Number.NaN) - expected) < 1e-6, `${actual} is not ${expected}`);

test('an isolated long: 5 000 + p − 50 000 = 0.004 p', () => {
  const state = run([...ISOLATED, fill(1, 50_000)]);
  near(liquidationPrice(AT_MARK, state, BTC, 'BOTH'), 45_000 / 0.996);
});

test('an isolated short, beyond the next bracket at its liquidation price: 5 000 + 50 000 − p = 0.005 p − 50', () => {
  const state = run([...ISOLATED, fill(-1, 50_000)]);
  near(liquidationPrice(AT_MARK, state, BTC, 'BOTH'), 55_050 / 1.005);
});

test('a cross position counts what the others have, lose and need: 8 884 + 2 p − 100 000 = 0.01 p − 50', () => {
  const eth = [fill(10, 3_000, { instrument: ETH }), markPrice(2_900, ETH)];
  const state = run([deposit(10_000), fill(2, 50_000), ...eth, markPrice(49_000)]);
  near(liquidationPrice(AT_MARK, state, BTC, 'BOTH'), 91_066 / 1.99);
});

test('both sides of a cross hedge share one price, and a position that cannot be liquidated has none', () => {
  const hedge = [
    positionMode('hedge'),
    fill(2, 50_000, { positionSide: 'LONG' }),
    fill(-1, 50_000, { positionSide: 'SHORT' }),
  ];
  const state = run([deposit(10_000), ...hedge]);
  const long = liquidationPrice(AT_MARK, state, BTC, 'LONG');
  near(long, (40_000 - 50) / (1 - 0.01 - 0.004));
  assert.is(liquidationPrice(AT_MARK, state, BTC, 'SHORT'), long);
  assert.is(
    liquidationPrice(AT_MARK, run([deposit(60_000), fill(1, 50_000)]), BTC, 'BOTH'),
    null,
    'it is worth 0 at the least',
  );
  assert.is(liquidationPrice(AT_MARK, run([]), BTC, 'BOTH'), null);
});

test('a position that is beyond its liquidation price has the same one', () => {
  const state = run([...ISOLATED, fill(-1, 50_000), markPrice(56_000)]);
  near(liquidationPrice(AT_MARK, state, BTC, 'BOTH'), 55_050 / 1.005);
});

test('a balance that is just the maintenance margin is not liquidated', () => {
  for (const start of [ISOLATED, [deposit(4_980)]]) {
    const at = (price: number) => nextLiquidation(AT_MARK, run([...start, fill(1, 49_800), markPrice(price)]), 9);
    assert.is(at(45_000), null, '4 980 − 4 800 = 0.4 % of 45 000');
    assert.ok(at(44_999.99999999) !== null);
  }
});

test('nothing is due at the liquidation price, and something a tick beyond it', () => {
  const cases: readonly (readonly [number, readonly AccountEvent[]])[] = [
    [-0.1, [...ISOLATED, fill(1, 50_000)]],
    [0.1, [...ISOLATED, fill(-1, 50_000)]],
    [-0.1, [deposit(10_000), fill(2, 50_000), fill(10, 3_000, { instrument: ETH })]],
    [0.1, [deposit(10_000), fill(-13, 50_000)]],
    [-0.1, [deposit(1_000_000), fill(200, 50_000)]],
  ];
  for (const [tick, events] of cases) {
    const price = liquidationPrice(AT_MARK, run(events), BTC, 'BOTH')!;
    assert.is(nextLiquidation(AT_MARK, run([...events, markPrice(price - tick)]), 9), null, `${price}`);
    const due = nextLiquidation(AT_MARK, run([...events, markPrice(price + tick)]), 9);
    assert.is(due?.instrument, BTC, `${price}`);
  }
});

test('at the mark price an isolated position loses no more than what is put aside for it', () => {
  const fee = run([...ISOLATED, fill(1, 50_000), markPrice(45_100)]);
  assert.equal(liquidate(fee), [
    { type: 'liquidation', timeMs: 9, instrument: BTC, positionSide: 'BOTH', qtySteps: 1_000, notionalE8: e8(45_100) },
  ]);
  assert.is(fee.walletE8, e8(15_000), 'of 100 that were left all goes to the fee, which would be 563.75');
  assert.equal([fee.liquidationFeesE8, fee.insuranceE8, fee.isolatedE8], [e8(100), 0, 0]);

  const bankrupt = run([...ISOLATED, fill(1, 50_000), markPrice(44_000)]);
  liquidate(bankrupt);
  assert.is(bankrupt.walletE8, e8(15_000));
  assert.equal([bankrupt.realisedE8, bankrupt.insuranceE8, bankrupt.liquidationFeesE8], [e8(-6_000), e8(1_000), 0]);
});

test('a clearance fee that can be paid is a part of the notional', () => {
  const state = run([deposit(1_000_000), leverage(1), marginType('isolated'), fill(1, 50_000)]);
  const part = {
    type: 'liquidation',
    timeMs: 9,
    instrument: BTC,
    positionSide: 'BOTH',
    qtySteps: 400,
    notionalE8: e8(16_000),
  } as const;
  evolveAccount(AT_MARK, state, part);
  assert.is(state.liquidationFeesE8, e8(200));
  assert.is(state.realisedE8, e8(-4_000));
  assert.equal([positionIn(state).steps, positionIn(state).costE8], [600, e8(30_000)]);
  assert.is(positionIn(state).isolatedWalletE8, e8(30_000), 'the part of what is left');
});

test('at the bankruptcy price all that is put aside is lost, and no more', () => {
  for (const mark of [45_100, 44_000]) {
    const state = run([...ISOLATED, fill(1, 50_000), markPrice(mark)]);
    const [due] = liquidate(state, AT_BANKRUPTCY);
    assert.is(due!.notionalE8, e8(45_000));
    assert.equal([state.walletE8, state.insuranceE8, state.liquidationFeesE8], [e8(15_000), 0, 0], `${mark}`);
  }
  const short = run([...ISOLATED, fill(-1, 50_000), markPrice(56_000)]);
  assert.is(liquidate(short, AT_BANKRUPTCY)[0]!.notionalE8, e8(55_000));
});

test('a cross account is liquidated from its largest margin on, until nothing is owed', () => {
  const eth = [fill(10, 3_000, { instrument: ETH }), markPrice(2_900, ETH)];
  const events = [deposit(10_000), fill(2, 50_000), ...eth, markPrice(45_700)];
  const state = run(events);
  assert.equal(
    liquidate(state).map((due) => [due.instrument, due.notionalE8]),
    [
      [BTC, e8(91_400)],
      [ETH, e8(29_000)],
    ],
  );
  assert.is(state.liquidationFeesE8, e8(400), '10 000 − 8 600 − 1 000, of 1 142.50');
  assert.equal([state.walletE8, state.insuranceE8], [0, 0]);

  const gap = run([...events, markPrice(44_000)]);
  liquidate(gap);
  assert.equal([gap.walletE8, gap.insuranceE8], [0, e8(12_000 + 1_000 - 10_000)]);

  const bankrupt = run(events);
  assert.equal(
    liquidate(bankrupt, AT_BANKRUPTCY).map((due) => due.notionalE8),
    [e8(91_000), e8(29_000)],
  );
  assert.equal([bankrupt.walletE8, bankrupt.insuranceE8, bankrupt.liquidationFeesE8], [0, 0, 0]);
});

test('it ends as soon as the margin is there again', () => {
  const events = [deposit(10_000), fill(0.1, 50_000), fill(100, 3_000, { instrument: ETH }), markPrice(2_910, ETH)];
  const cheap = createTerms({
    instruments: AT_MARK.instruments.map((its) => ({ ...its, liquidationFeeRateE8: e8(0.001) })),
  });
  const state = run(events, cheap);
  assert.equal(
    liquidate(state, cheap).map(({ instrument }) => instrument),
    [ETH],
    '1 425 are needed of 1 000, and then 20 of 709',
  );
  assert.equal([positionIn(state).steps, equityE8(state)], [100, e8(709)]);
  const dear = run(events);
  assert.is(liquidate(dear).length, 2, 'where the clearance fee is more than the maintenance margin, nothing is left');
});

test('nothing is due of an account without positions, though it owe something', () => {
  assert.is(nextLiquidation(AT_MARK, run([fill(1, 50_000), fill(-1, 49_000)]), 9), null);
});

test('in hedge mode the sides are taken apart', () => {
  const long = fill(1, 50_000, { positionSide: 'LONG' });
  const short = fill(-1, 50_000, { positionSide: 'SHORT' });
  const state = run([
    deposit(20_000),
    positionMode('hedge'),
    leverage(10),
    marginType('isolated'),
    long,
    short,
    markPrice(45_100),
  ]);
  assert.equal(
    liquidate(state).map(({ positionSide }) => positionSide),
    ['LONG'],
  );
  assert.is(positionIn(state, 'SHORT').steps, -1_000);
});

test('what is malformed is refused', () => {
  const state = run([deposit(1), fill(1, 50_000)]);
  const due: Liquidation = {
    type: 'liquidation',
    timeMs: 9,
    instrument: BTC,
    positionSide: 'BOTH',
    qtySteps: 1,
    notionalE8: 1,
  };
  assert.is(
    refusedBy(state, { ...due, qtySteps: 1_001 }).message,
    'liquidation/qtySteps: expected at most the 1000 that are held, found 1001',
  );
  assert.is(refusedBy(state, { ...due, qtySteps: 0 }).field, 'liquidation/qtySteps');
  assert.is(refusedBy(state, { ...due, notionalE8: -1 }).field, 'liquidation/notionalE8');
  assert.is(refusedBy(state, { ...due, positionSide: 'LONG' }).code, -4061);
  assert.is(refusedBy(state, { ...due, instrument: ETH }).field, 'liquidation/qtySteps', 'nothing is held');
});

test.run();
