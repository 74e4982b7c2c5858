import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type AccountUpdate, account, evolveAccount } from '../../../operators/account/account.ts';
import type { AccountEvent, Fill, PositionSide } from '../../../operators/account/account-event.ts';
import { AccountRefusal } from '../../../operators/account/account-refusal.ts';
import { type AccountState, createAccountState, positionOf } from '../../../operators/account/account-state.ts';
import { type AccountTerms, createAccountTerms } from '../../../operators/account/account-terms.ts';
import { BTCUSDT_LIKE_BRACKETS } from '../../../operators/account/default-brackets.ts';
import { createInstrumentTerms } from '../../../operators/account/instrument-terms.ts';
import { nextLiquidation } from '../../../operators/account/liquidation.ts';
import { crossMaintenanceE8 } from '../../../operators/account/margin.ts';
import { equityE8 } from '../../../operators/account/valuation.ts';
import { createScale } from '../../../streams/events/scale.ts';
import { testProjectionContract } from '../../support/projection-contract.ts';
import {
  BTC,
  createTerms,
  deposit,
  ETH,
  e8,
  fill,
  funding,
  isolatedMargin,
  leverage,
  marginType,
  markPrice,
  order,
  positionMode,
} from './account-events.ts';
import { BigAccount, type BigInstrument } from './big-account.ts';

const test = suite('operators/account/account');

/** A fine grid, whose tick × step is less than a unit of money. */
const TINY = 'simulated:TINY';

function threeTerms(liquidationAt: 'mark' | 'bankruptcy'): AccountTerms {
  const tiny = createInstrumentTerms({ instrument: TINY, scale: createScale('0.0000005', '0.005') });
  return createAccountTerms({ instruments: [...createTerms().instruments, tiny], liquidationAt });
}

const brackets = BTCUSDT_LIKE_BRACKETS;
const liquidationFeeRate = 1_250_000n;
const BIG: Readonly<Record<string, BigInstrument>> = {
  [BTC]: { tick: [1n, 10n], step: [1n, 1_000n], brackets, liquidationFeeRate },
  [ETH]: { tick: [1n, 100n], step: [1n, 1_000n], brackets, liquidationFeeRate },
  [TINY]: { tick: [5n, 10_000_000n], step: [5n, 1_000n], brackets, liquidationFeeRate },
};

/** Price in ticks and mark price in 1e-8 about which each is traded, and the most steps of an order. */
const MARKETS: Readonly<Record<string, { ticks: number; markE8: number; steps: number }>> = {
  [BTC]: { ticks: 600_000, markE8: 6e12, steps: 3_000 },
  [ETH]: { ticks: 300_000, markE8: 3e11, steps: 40_000 },
  [TINY]: { ticks: 40_001, markE8: 2_000_050, steps: 90_000_000 },
};

function eventsOf(isHedge: boolean): fc.Arbitrary<AccountEvent> {
  const instrument = fc.constantFrom(BTC, ETH, TINY);
  const positionSide = isHedge ? fc.constantFrom<PositionSide>('LONG', 'SHORT') : fc.constant<PositionSide>('BOTH');
  const side = fc.constantFrom<'buy' | 'sell'>('buy', 'sell');
  const around = fc.double({ min: 0.85, max: 1.18, noNaN: true });
  const size = fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 0.001, noNaN: true }));
  const fills = fc.record({
    instrument,
    positionSide,
    side,
    at: around,
    size,
    isMaker: fc.boolean(),
    fee: fc.option(fc.integer()),
  });
  const marks = fc.record({ instrument, at: around });
  const markE8 = (name: string, at: number) => Math.round(MARKETS[name]!.markE8 * at);
  return fc.oneof(
    {
      weight: 12,
      arbitrary: fills.map(
        (drawn): Fill => ({
          type: 'fill',
          timeMs: 1,
          instrument: drawn.instrument,
          orderId: 'o',
          side: drawn.side,
          positionSide: drawn.positionSide,
          priceTicks: Math.round(MARKETS[drawn.instrument]!.ticks * drawn.at),
          qtySteps: 1 + Math.floor(MARKETS[drawn.instrument]!.steps * drawn.size),
          isMaker: drawn.isMaker,
          isReduceOnly: false,
          openedAtTicks: null,
          feeE8: drawn.fee,
        }),
      ),
    },
    {
      weight: 6,
      arbitrary: marks.map(({ instrument: name, at }) => ({
        type: 'markPrice',
        timeMs: 1,
        instrument: name,
        markPriceE8: markE8(name, at),
      })),
    },
    {
      weight: 2,
      arbitrary: fc
        .tuple(marks, fc.integer({ min: -3_000_000, max: 3_000_000 }))
        .map(([{ instrument: name, at }, rateE8]) => ({
          type: 'fundingSettled',
          timeMs: 1,
          instrument: name,
          rateE8,
          markPriceE8: markE8(name, at),
        })),
    },
    fc.record({
      type: fc.constantFrom('deposit', 'withdrawal'),
      timeMs: fc.constant(1),
      amountE8: fc.integer({ min: 1, max: 2e12 }),
    }),
    fc.record({
      type: fc.constant('leverageSet'),
      timeMs: fc.constant(1),
      instrument,
      leverage: fc.integer({ min: 1, max: 125 }),
    }),
    fc.record({
      type: fc.constant('marginTypeSet'),
      timeMs: fc.constant(1),
      instrument,
      marginType: fc.constantFrom('cross', 'isolated'),
    }),
    fc.record({
      type: fc.constant('isolatedMarginMoved'),
      timeMs: fc.constant(1),
      instrument,
      positionSide,
      direction: fc.constantFrom('add', 'remove'),
      amountE8: fc.integer({ min: 1, max: 2e11 }),
    }),
  ) as fc.Arbitrary<AccountEvent>;
}

/** All that must be so after every event, to the last unit. */
function checkSums(terms: AccountTerms, state: AccountState, big: BigAccount): void {
  const s = state;
  const wallet =
    s.depositedE8 - s.withdrawnE8 + s.realisedE8 - s.feesE8 + s.fundingE8 - s.liquidationFeesE8 + s.insuranceE8;
  assert.is(s.walletE8, wallet, 'deposits − withdrawals + realised − fees + funding − liquidation fees + insurance');
  let isolated = 0;
  let realised = 0;
  let unrealised = 0;
  let maintenance = 0n;
  for (const book of s.books) {
    realised += book.realisedE8;
    let cost = 0;
    for (const side of ['BOTH', 'LONG', 'SHORT'] as const) {
      const own = positionOf(book, side);
      const other = big.position(book.instrument, side);
      cost += own.costE8;
      isolated += own.isolatedWalletE8;
      unrealised += own.valueE8 - own.costE8;
      assert.equal(
        [own.steps, own.costE8, own.isolatedWalletE8].map(BigInt),
        [other.steps, other.cost, other.isolatedWallet],
        `${book.instrument} ${side}`,
      );
      if (book.isMarked) {
        const value = big.value(book.instrument, other.steps);
        assert.is(BigInt(own.valueE8), value);
        if (book.marginType === 'cross') maintenance += big.maintenance(book.instrument, value);
      }
    }
    const bought = Number(big.bought.get(book.instrument) ?? 0n);
    assert.is(book.realisedE8 - cost, 0 - bought, 'what was paid is what is held and what was realised');
  }
  assert.is(s.isolatedE8, isolated);
  const total = (amountOf: (book: (typeof s.books)[number]) => number) =>
    s.books.reduce((sum, book) => sum + amountOf(book), 0);
  assert.equal([total((book) => book.feesE8), total((book) => book.fundingE8)], [s.feesE8, s.fundingE8]);
  assert.is(s.realisedE8, realised);
  assert.is(equityE8(s), s.walletE8 + unrealised);
  if (s.books.every(({ isMarked }) => isMarked)) assert.is(BigInt(crossMaintenanceE8(terms, s)), maintenance);
  const found = [s.walletE8, s.realisedE8, s.feesE8, s.fundingE8, s.liquidationFeesE8, s.insuranceE8].map(BigInt);
  assert.equal(found, [big.wallet, big.realised, big.fees, big.funding, big.liquidationFees, big.insurance]);
  // What rounding a partial close moves is at most half a unit, and is moved back by the last close.
  const [numerator, denominator] = big.exactRealised;
  const error = numerator - BigInt(s.realisedE8) * denominator;
  assert.ok(
    (error < 0n ? -error : error) * 2n <= denominator * (big.partialCloses * 2n + 1n),
    'realised, to the last unit',
  );
  if (s.books.every(({ both, long, short }) => both.steps === 0 && long.steps === 0 && short.steps === 0))
    assert.is(error, 0n, 'nothing is held, so that nothing is rounded');
  assert.ok(isDeepStrictEqual(JSON.parse(JSON.stringify(s)), s), 'plain JSON, without a negative zero');
}

for (const liquidationAt of ['mark', 'bankruptcy'] as const)
  for (const mode of ['oneWay', 'hedge'] as const)
    test(`balances sum to the last unit, whatever happens: ${mode}, liquidated at the ${liquidationAt} price`, () => {
      const terms = threeTerms(liquidationAt);
      const seen = { refused: 0, liquidated: 0, insured: 0, closed: 0 };
      const marks = [BTC, ETH, TINY].map((name): AccountEvent => {
        return { type: 'markPrice', timeMs: 0, instrument: name, markPriceE8: MARKETS[name]!.markE8 };
      });
      const start = [deposit(30_000), ...(mode === 'hedge' ? [positionMode('hedge')] : []), ...marks];
      fc.assert(
        fc.property(fc.array(eventsOf(mode === 'hedge'), { minLength: 30, maxLength: 60 }), (events) => {
          const state = createAccountState(terms);
          const big = new BigAccount(BIG);
          const apply = (event: AccountEvent) => {
            const before = JSON.stringify(state);
            try {
              evolveAccount(terms, state, event);
            } catch (error) {
              if (!(error instanceof AccountRefusal)) throw error;
              assert.is(JSON.stringify(state), before, error.message);
              seen.refused++;
              return;
            }
            big.apply(event);
            checkSums(terms, state, big);
          };
          for (const event of [...start, ...events]) {
            apply(event);
            for (let due = nextLiquidation(terms, state, 1); due !== null; due = nextLiquidation(terms, state, 1)) {
              apply(due);
              seen.liquidated++;
            }
          }
          if (state.insuranceE8 > 0) seen.insured++;
          if (big.partialCloses > 0n) seen.closed++;
        }),
        { numRuns: 150, seed: 7 },
      );
      assert.ok(seen.refused > 100 && seen.liquidated > 40 && seen.closed > 50, JSON.stringify(seen));
      if (liquidationAt === 'mark') assert.ok(seen.insured > 10, JSON.stringify(seen));
    });

testProjectionContract<AccountEvent, AccountState, AccountUpdate>(test, 'account', {
  projection: account(createTerms()),
  events: () => [
    leverage(10),
    marginType('isolated', ETH),
    { type: 'feeTierSet', timeMs: 1, tier: 1, hasBnbDiscount: true },
    deposit(20_000),
    markPrice(60_000),
    order(1, 59_000),
    fill(0.5, 59_000, { openedAtTicks: 590_000, feeE8: null, isMaker: true }),
    { ...order(0.5, 59_000), type: 'orderEnded' },
    fill(-2, 3_000, { instrument: ETH, feeE8: null }),
    isolatedMargin('add', 100, 'BOTH', ETH),
    funding(0.0003, 60_000),
    fill(-1.5, 61_000, { feeE8: null }),
    { type: 'withdrawal', timeMs: 5, amountE8: e8(10) },
    { type: 'liquidation', timeMs: 6, instrument: ETH, positionSide: 'BOTH', qtySteps: 2_000, notionalE8: e8(6_300) },
    fill(1, 61_000.5, { feeE8: null }),
    positionMode('hedge'),
    fill(1, 61_000, { positionSide: 'LONG', feeE8: null }),
  ],
  firstOutput: 3,
});

test('says what an event made of the account, and nothing of prices, orders and settings', () => {
  const { initialState, evolve, project } = account(createTerms());
  let state = initialState();
  const said = (event: AccountEvent) => {
    state = evolve(state, event);
    return project(state, event);
  };
  assert.is(said(positionMode('hedge')), undefined);
  assert.is(said(markPrice(60_000)), undefined);
  said(deposit(1_000));
  said(marginType('isolated'));
  const update: AccountUpdate = {
    eventTimeMs: 3,
    reason: 'fill',
    walletE8: e8(1_000),
    crossWalletE8: e8(700.5),
    equityE8: e8(1_010),
  };
  assert.equal(said(fill(0.1, 59_900, { positionSide: 'LONG' })), update, '299.50 are put aside, and 10 are won');
  assert.is(said(order(0.1, 59_900, { positionSide: 'LONG' })), undefined);
});

test.run();
