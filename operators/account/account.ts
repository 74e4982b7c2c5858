import type { Projection } from '../fold.ts';
import type { AccountEvent, Deposit, FeeTierSet, MarkPriceSaid, Withdrawal } from './account-event.ts';
import { AccountRefusal } from './account-refusal.ts';
import { type AccountState, createAccountState, indexOfInstrument } from './account-state.ts';
import type { AccountTerms } from './account-terms.ts';
import { checkPositive } from './event-check.ts';
import { feeRateE8 } from './fees.ts';
import { applyFill } from './fill.ts';
import { applyFunding } from './funding.ts';
import { applyLiquidation } from './liquidation.ts';
import { withdrawableE8 } from './margin.ts';
import { exactAmount } from './money.ts';
import { applyOpenOrder } from './open-orders.ts';
import { applyIsolatedMargin, applyLeverage, applyMarginType, applyPositionMode } from './settings.ts';
import { crossWalletE8, equityE8, mark } from './valuation.ts';

/** An account after an event that moved money or a position; amounts in 1e-8 of the quote asset. */
export interface AccountUpdate {
  readonly eventTimeMs: number;
  readonly reason: AccountEvent['type'];
  readonly walletE8: number;
  readonly crossWalletE8: number;
  /** Wallet + unrealised profit at the mark prices. */
  readonly equityE8: number;
}

/**
 * A margin account of one quote asset on Binance USD-M futures: what it has, owes and may do after each event, to the last
 * unit. It is the account of the backtest, the RL environment, paper trading and the venue simulator alike.
 *
 * Says an `AccountUpdate` of each event that moves money or a position: deposit, withdrawal, margin, fill, funding,
 * liquidation. Prices, orders and settings change it in silence. Liquidations do not come by themselves: ask
 * `nextLiquidation` after each mark price, and append what it says.
 *
 * @throws AccountRefusal where an event cannot be; the state is as before
 * @throws RangeError naming the amount that is too large to stay exact; the state is as before
 */
export function account(terms: AccountTerms): Projection<AccountEvent, AccountState, AccountUpdate> {
  return {
    initialState: () => createAccountState(terms),
    evolve: (state, event) => evolveAccount(terms, state, event),
    project: (state, event) =>
      SILENT.has(event.type)
        ? undefined
        : {
            eventTimeMs: event.timeMs,
            reason: event.type,
            walletE8: state.walletE8,
            crossWalletE8: crossWalletE8(state),
            equityE8: equityE8(state),
          },
  };
}

const SILENT: ReadonlySet<AccountEvent['type']> = new Set([
  'leverageSet',
  'marginTypeSet',
  'positionModeSet',
  'feeTierSet',
  'orderOpened',
  'orderEnded',
  'markPrice',
]);

/** The account's `evolve`, for a loop that has no need of a projection. Changes the state in place. */
export function evolveAccount(terms: AccountTerms, state: AccountState, event: AccountEvent): AccountState {
  switch (event.type) {
    case 'fill':
      applyFill(terms, state, event);
      break;
    case 'markPrice':
      applyMarkPrice(terms, state, event);
      break;
    case 'orderOpened':
    case 'orderEnded':
      applyOpenOrder(terms, state, event);
      break;
    case 'fundingSettled':
      applyFunding(terms, state, event);
      break;
    case 'liquidation':
      applyLiquidation(terms, state, event);
      break;
    case 'deposit':
      applyDeposit(state, event);
      break;
    case 'withdrawal':
      applyWithdrawal(terms, state, event);
      break;
    case 'leverageSet':
      applyLeverage(terms, state, event);
      break;
    case 'marginTypeSet':
      applyMarginType(terms, state, event);
      break;
    case 'positionModeSet':
      applyPositionMode(state, event);
      break;
    case 'isolatedMarginMoved':
      applyIsolatedMargin(terms, state, event);
      break;
    case 'feeTierSet':
      applyFeeTier(terms, state, event);
      break;
    default:
      // A ledger may hold what this version does not know.
      throw new AccountRefusal(
        'event/type',
        'the type of an account event',
        (event satisfies never as AccountEvent).type,
      );
  }
  return state;
}

/** Values an instrument at the venue's mark price. */
export function applyMarkPrice(terms: AccountTerms, state: AccountState, event: MarkPriceSaid): void {
  const index = indexOfInstrument('markPrice', terms, state, event.instrument);
  checkPositive('markPrice/markPriceE8', event.markPriceE8);
  const book = state.books[index]!;
  mark(terms.instruments[index]!, book, event.markPriceE8);
  book.isMarked = true;
}

function applyDeposit(state: AccountState, { amountE8 }: Deposit): void {
  checkPositive('deposit/amountE8', amountE8);
  const walletE8 = exactAmount('walletE8', state.walletE8 + amountE8);
  state.depositedE8 = exactAmount('depositedE8', state.depositedE8 + amountE8);
  state.walletE8 = walletE8;
}

function applyWithdrawal(terms: AccountTerms, state: AccountState, { amountE8 }: Withdrawal): void {
  checkPositive('withdrawal/amountE8', amountE8);
  const mostE8 = withdrawableE8(terms, state);
  if (amountE8 > mostE8)
    throw new AccountRefusal('withdrawal/amountE8', `at most ${mostE8}`, amountE8, 'BALANCE_NOT_SUFFICIENT');
  state.withdrawnE8 = exactAmount('withdrawnE8', state.withdrawnE8 + amountE8);
  state.walletE8 -= amountE8;
}

function applyFeeTier(terms: AccountTerms, state: AccountState, { tier, hasBnbDiscount }: FeeTierSet): void {
  const makerRateE8 = feeRateE8(terms.fees, tier, true, hasBnbDiscount);
  state.takerRateE8 = feeRateE8(terms.fees, tier, false, hasBnbDiscount);
  state.makerRateE8 = makerRateE8;
}
