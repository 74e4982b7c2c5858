import { evolveAccount } from '../../../operators/account/account.ts';
import type { AccountEvent } from '../../../operators/account/account-event.ts';
import { type AccountState, createAccountState } from '../../../operators/account/account-state.ts';
import { createAccountTerms } from '../../../operators/account/account-terms.ts';
import { createInstrumentTerms } from '../../../operators/account/instrument-terms.ts';
import type { OrderFact, SessionOpened } from '../../../operators/ledger/ledger-event.ts';
import type { OrderRequest } from '../../../operators/matching/order.ts';
import type { Scale } from '../../../streams/events/scale.ts';
import type { FillStatus } from '../account-status.ts';

/** The account of a live session: the fold of what the exchange said, as the ledger has it. */
export interface LiveAccount {
  readonly state: AccountState;
  /** Oldest first. */
  readonly fills: readonly FillStatus[];
  readonly liquidations: number;
  /** An own order was filled. */
  fill(request: OrderRequest, fact: OrderFact & { readonly type: 'filled' }): void;
  /** What changed it otherwise. @param id the exchange's own */
  take(id: string, event: AccountEvent): void;
  knows(id: string): boolean;
  /** @param markPrice quote asset */
  mark(markPrice: number, timeMs: number): void;
}

/** @param onEvent told of all that it takes in but prices, which are the log's */
export function createLiveAccount(
  { settings }: SessionOpened,
  scale: Scale,
  onEvent: (event: AccountEvent) => void,
): LiveAccount {
  const { instrument, balance, leverage, feeTier } = settings;
  const terms = createAccountTerms({ instruments: [createInstrumentTerms({ instrument, scale })] });
  const state = createAccountState(terms);
  const fills: FillStatus[] = [];
  const known = new Set<string>();

  function apply(event: AccountEvent): void {
    evolveAccount(terms, state, event);
    onEvent(event);
  }

  function applyFill(event: AccountEvent & { readonly type: 'fill' }): void {
    const before = { realisedE8: state.realisedE8, feesE8: state.feesE8 };
    apply(event);
    fills.push({
      timeMs: event.timeMs,
      orderId: Number(event.orderId),
      side: event.side,
      price: scale.price.toNumber(event.priceTicks),
      qty: scale.qty.toNumber(event.qtySteps),
      outcome: event.orderId === '0' ? 'elsewhere' : event.isMaker ? 'queue' : 'taker',
      fee: (state.feesE8 - before.feesE8) / 1e8,
      realisedPnl: (state.realisedE8 - before.realisedE8) / 1e8,
    });
  }

  apply({ type: 'deposit', timeMs: 0, amountE8: Math.round(balance * 1e8) });
  apply({ type: 'leverageSet', timeMs: 0, instrument, leverage });
  apply({ type: 'feeTierSet', timeMs: 0, tier: feeTier, hasBnbDiscount: false });

  return {
    state,
    fills,
    liquidations: 0,
    fill({ orderId, side, positionSide = 'BOTH' }, { timeMs, priceTicks, qtySteps, feeE8, isMaker }) {
      applyFill({
        type: 'fill',
        timeMs,
        instrument,
        orderId: String(orderId),
        side,
        positionSide,
        priceTicks,
        qtySteps,
        isMaker,
        // It has happened: the exchange has judged whether it might.
        isReduceOnly: false,
        openedAtTicks: null,
        feeE8,
      });
    },
    take(id, event) {
      known.add(id);
      if (event.type === 'fill') applyFill(event);
      else apply(event);
    },
    knows: (id) => known.has(id),
    mark(markPrice, timeMs) {
      if (!(markPrice > 0)) return;
      const markPriceE8 = Math.round(markPrice * 1e8);
      evolveAccount(terms, state, { type: 'markPrice', timeMs, instrument, markPriceE8 });
    },
  };
}
