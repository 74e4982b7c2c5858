import { evolveAccount } from '../../../operators/account/account.ts';
import type { AccountEvent, Fill, OrderOpened, PositionSide } from '../../../operators/account/account-event.ts';
import { AccountRefusal } from '../../../operators/account/account-refusal.ts';
import {
  type AccountState,
  bookOf,
  createAccountState,
  type Position,
  positionOf,
} from '../../../operators/account/account-state.ts';
import {
  type AccountTerms,
  type AccountTermsOptions,
  createAccountTerms,
} from '../../../operators/account/account-terms.ts';
import { createInstrumentTerms } from '../../../operators/account/instrument-terms.ts';
import { createScale } from '../../../streams/events/scale.ts';

// Builders of events. Money and prices are given in the quote asset, quantities in the base asset.

export const BTC = 'simulated:BTCUSDT';
export const ETH = 'simulated:ETHUSDT';

const TICKS: Readonly<Record<string, number>> = { [BTC]: 10, [ETH]: 100 };
const STEPS: Readonly<Record<string, number>> = { [BTC]: 1_000, [ETH]: 1_000 };

export const e8 = (amount: number): number => Math.round(amount * 1e8);

export function createTerms(options: Partial<AccountTermsOptions> = {}): AccountTerms {
  return createAccountTerms({
    instruments: [
      createInstrumentTerms({ instrument: BTC, scale: createScale('0.10', '0.001') }),
      createInstrumentTerms({ instrument: ETH, scale: createScale('0.01', '0.001') }),
    ],
    ...options,
  });
}

export const deposit = (amount: number): AccountEvent => ({ type: 'deposit', timeMs: 1, amountE8: e8(amount) });

export const withdrawal = (amount: number): AccountEvent => ({ type: 'withdrawal', timeMs: 1, amountE8: e8(amount) });

export const markPrice = (price: number, instrument = BTC): AccountEvent => ({
  type: 'markPrice',
  timeMs: 2,
  instrument,
  markPriceE8: e8(price),
});

/** A taker's fill without a fee: `qty` below 0 sells. */
export function fill(qty: number, price: number, changes: Partial<Fill> = {}): Fill {
  const instrument = changes.instrument ?? BTC;
  return {
    type: 'fill',
    timeMs: 3,
    instrument,
    orderId: 'order-1',
    side: qty < 0 ? 'sell' : 'buy',
    positionSide: 'BOTH',
    priceTicks: Math.round(price * TICKS[instrument]!),
    qtySteps: Math.round(Math.abs(qty) * STEPS[instrument]!),
    isMaker: false,
    isReduceOnly: false,
    openedAtTicks: null,
    feeE8: 0,
    ...changes,
  };
}

/** An open order: `qty` below 0 sells. */
export function order(qty: number, price: number, changes: Partial<OrderOpened> = {}): OrderOpened {
  const { side, positionSide, instrument, priceTicks, qtySteps, orderId, isReduceOnly } = fill(qty, price, {
    instrument: changes.instrument ?? BTC,
  });
  return {
    type: 'orderOpened',
    timeMs: 3,
    instrument,
    orderId,
    side,
    positionSide,
    priceTicks,
    qtySteps,
    isReduceOnly,
    ...changes,
  };
}

export const leverage = (value: number, instrument = BTC): AccountEvent => ({
  type: 'leverageSet',
  timeMs: 1,
  instrument,
  leverage: value,
});

export const marginType = (value: 'cross' | 'isolated', instrument = BTC): AccountEvent => ({
  type: 'marginTypeSet',
  timeMs: 1,
  instrument,
  marginType: value,
});

export const positionMode = (value: 'oneWay' | 'hedge'): AccountEvent => ({
  type: 'positionModeSet',
  timeMs: 1,
  positionMode: value,
});

export const funding = (rate: number, price: number, instrument = BTC): AccountEvent => ({
  type: 'fundingSettled',
  timeMs: 4,
  instrument,
  rateE8: e8(rate),
  markPriceE8: e8(price),
});

export const isolatedMargin = (
  direction: 'add' | 'remove',
  amount: number,
  positionSide: PositionSide = 'BOTH',
  instrument = BTC,
): AccountEvent => ({
  type: 'isolatedMarginMoved',
  timeMs: 4,
  instrument,
  positionSide,
  direction,
  amountE8: e8(amount),
});

/** An account after some events. */
export function run(events: readonly AccountEvent[], terms = createTerms()): AccountState {
  const state = createAccountState(terms);
  for (const event of events) evolveAccount(terms, state, event);
  return state;
}

export function positionIn(state: AccountState, positionSide: PositionSide = 'BOTH', instrument = BTC): Position {
  return positionOf(bookOf(createTerms(), state, instrument), positionSide);
}

/** What an account answers to an event that it refuses. */
export function refusedBy(state: AccountState, event: AccountEvent, terms = createTerms()): AccountRefusal {
  const before = JSON.stringify(state);
  try {
    evolveAccount(terms, state, event);
  } catch (error) {
    if (!(error instanceof AccountRefusal)) throw error;
    if (JSON.stringify(state) !== before) throw new Error(`changed by what it refused: ${error.message}`);
    return error;
  }
  throw new Error(`${JSON.stringify(event)} was not refused`);
}
