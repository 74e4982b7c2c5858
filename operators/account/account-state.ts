import type { MarginType, PositionMode, PositionSide } from './account-event.ts';
import { AccountRefusal } from './account-refusal.ts';
import type { AccountTerms } from './account-terms.ts';

/**
 * One position, and the orders that are open on its side. Changed in place; plain data.
 * `steps`, `costE8` and `valueE8` have one sign: positive is long.
 */
export interface Position {
  /** Quantity in steps. */
  steps: number;
  /** What the steps that are held were bought or sold for. A sum and no average, so that closing in parts sums exactly. */
  costE8: number;
  /** Value at the mark price. */
  valueE8: number;
  /** Margin that is put aside for this position; 0 where it is on cross margin. */
  isolatedWalletE8: number;
  /** Open buy orders that are not reduce-only. */
  bidSteps: number;
  /** Sum of their ticks × steps. */
  bidTickSteps: number;
  askSteps: number;
  askTickSteps: number;
  /** Open reduce-only orders, of both sides. */
  reduceOnlySteps: number;
}

/** All that an account has of one instrument. */
export interface InstrumentBook {
  readonly instrument: string;
  leverage: number;
  marginType: MarginType;
  /** Until the venue has said one (`isMarked`), the price of the last fill; 0 before that. */
  markPriceE8: number;
  isMarked: boolean;
  readonly both: Position;
  readonly long: Position;
  readonly short: Position;
  /** Sums since the beginning. */
  realisedE8: number;
  feesE8: number;
  fundingE8: number;
}

/**
 * walletE8 = deposited − withdrawn + realised − fees + funding − liquidationFees + insurance, to the last unit, always.
 */
export interface AccountState {
  positionMode: PositionMode;
  makerRateE8: number;
  takerRateE8: number;
  /** Cash: cross and isolated together, without unrealised profit. */
  walletE8: number;
  /** The part of it that is put aside for isolated positions. */
  isolatedE8: number;
  depositedE8: number;
  withdrawnE8: number;
  /** Profit of closed steps, before fees. */
  realisedE8: number;
  /** Trading fees that were paid; rebates lower it. */
  feesE8: number;
  /** Funding that was received; negative where more was paid. */
  fundingE8: number;
  liquidationFeesE8: number;
  /** What the insurance fund paid, so that nothing is owed after a liquidation. */
  insuranceE8: number;
  /** In the order of the terms. */
  readonly books: readonly InstrumentBook[];
}

function createPosition(): Position {
  return {
    steps: 0,
    costE8: 0,
    valueE8: 0,
    isolatedWalletE8: 0,
    bidSteps: 0,
    bidTickSteps: 0,
    askSteps: 0,
    askTickSteps: 0,
    reduceOnlySteps: 0,
  };
}

/** An empty account: one-way mode, cross margin, VIP 0, Binance's 20× or the most that an instrument allows. */
export function createAccountState(terms: AccountTerms): AccountState {
  return {
    positionMode: 'oneWay',
    makerRateE8: terms.makerRateE8,
    takerRateE8: terms.takerRateE8,
    walletE8: 0,
    isolatedE8: 0,
    depositedE8: 0,
    withdrawnE8: 0,
    realisedE8: 0,
    feesE8: 0,
    fundingE8: 0,
    liquidationFeesE8: 0,
    insuranceE8: 0,
    books: terms.instruments.map(({ instrument, brackets }) => ({
      instrument,
      leverage: Math.min(20, brackets[0]!.leverageMax),
      marginType: 'cross',
      markPriceE8: 0,
      isMarked: false,
      both: createPosition(),
      long: createPosition(),
      short: createPosition(),
      realisedE8: 0,
      feesE8: 0,
      fundingE8: 0,
    })),
  };
}

/**
 * Place of an instrument in the terms and in the state.
 * @throws AccountRefusal −1121 where the account has no such instrument, or was saved under other terms
 */
export function indexOfInstrument(at: string, terms: AccountTerms, state: AccountState, instrument: string): number {
  const isFirst = terms.instruments[0]?.instrument === instrument;
  const index = isFirst ? 0 : terms.indexOf.get(instrument);
  if (index !== undefined && state.books[index]?.instrument === instrument) return index;
  const known = state.books.map((book) => book.instrument).join(', ');
  throw new AccountRefusal(`${at}/instrument`, `one of ${known}`, instrument, 'INVALID_SYMBOL');
}

/** The position of a side; not to be changed by the caller. */
export function positionOf(book: InstrumentBook, positionSide: PositionSide): Position {
  if (positionSide === 'BOTH') return book.both;
  return positionSide === 'LONG' ? book.long : book.short;
}

/**
 * The account's book of an instrument: take it once, and read it as it changes.
 * @throws AccountRefusal −1121
 */
export function bookOf(terms: AccountTerms, state: AccountState, instrument: string): InstrumentBook {
  return state.books[indexOfInstrument('bookOf', terms, state, instrument)]!;
}
