import { createScale } from '../../streams/events/scale.ts';
import { evolveAccount } from '../account/account.ts';
import { type AccountState, createAccountState } from '../account/account-state.ts';
import { type AccountTerms, createAccountTerms } from '../account/account-terms.ts';
import { createInstrumentTerms } from '../account/instrument-terms.ts';
import type { LedgerEvent, SessionOpened } from './ledger-event.ts';

/** An account as its ledger tells it. */
export interface LedgerState {
  /** The session that runs; null: none. */
  session: SessionOpened | null;
  /** How the last one ended; null: none has. */
  closed: { readonly reason: string; readonly equity: number } | null;
  /** Why the start behind it was refused; null: none was, or the account was told to stop since. */
  refused: string | null;
  isHalted: boolean;
  haltReason: string | null;
  /** The account of the running session, or of the last one; null before the first. Mark prices are not in the ledger. */
  account: { readonly terms: AccountTerms; readonly state: AccountState } | null;
  /** Commands that were taken, by their ids. */
  readonly taken: Set<string>;
}

export function createLedgerState(): LedgerState {
  return {
    session: null,
    closed: null,
    refused: null,
    isHalted: false,
    haltReason: null,
    account: null,
    taken: new Set(),
  };
}

/**
 * Takes in the ledger's next event. A halt holds from when it was said, whether a trader was there or not, until it is
 * resumed. Changes the state.
 * @throws AccountRefusal where an event of the account cannot be: the ledger is not what a trader has written
 */
export function evolveLedger(state: LedgerState, event: LedgerEvent): void {
  switch (event.type) {
    case 'sessionOpened': {
      const { settings, tickSize, stepSize } = event;
      const scale = createScale(tickSize, stepSize);
      const terms = createAccountTerms({
        instruments: [createInstrumentTerms({ instrument: settings.instrument, scale })],
      });
      state.session = event;
      state.account = { terms, state: createAccountState(terms) };
      state.refused = null;
      if (event.commandId !== null) state.taken.add(event.commandId);
      break;
    }
    case 'account':
      evolveAccount(state.account!.terms, state.account!.state, event.event);
      break;
    case 'commandTaken':
      state.taken.add(event.commandId);
      break;
    case 'startRefused':
      state.taken.add(event.commandId);
      state.refused = event.reason;
      break;
    case 'sessionClosed':
      state.session = null;
      state.closed = { reason: event.reason, equity: event.equity };
      break;
    case 'halt':
      state.isHalted = true;
      state.haltReason = event.reason;
      break;
    case 'resume':
      state.isHalted = false;
      state.haltReason = null;
      break;
    case 'stop':
      state.refused = null;
      break;
    // What they change is written behind them.
    case 'start':
    case 'decided':
    case 'orderIntended':
    case 'conditionalIntended':
    case 'amendIntended':
    case 'cancelIntended':
    case 'orderTriggered':
    case 'orderStopped':
    case 'orderClosed':
    case 'orderReported':
    case 'accountReported':
    case 'tradingPaused':
    case 'tradingResumed':
    case 'flattenRepeated':
      break;
    default:
      event satisfies never;
  }
}
