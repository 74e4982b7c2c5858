import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { Log } from '../../../infra/service.ts';
import type { OrderFact, SessionOpened } from '../../../operators/ledger/ledger-event.ts';
import type { Scale } from '../../../streams/events/scale.ts';
import { parseInstrument } from '../../../streams/instrument.ts';
import { createBackoff } from '../../recorder/backoff.ts';
import { clientOrderId } from '../order-events.ts';
import { type AccountFact, accountFacts } from './account-facts.ts';
import type { Exchange } from './exchange.ts';
import type { LiveAccess } from './live-keys.ts';
import type { LiveMessage, LiveSession } from './live-session.ts';
import { createOrderDesk } from './order-desk.ts';
import { quoteAssetOf } from './quote-asset.ts';
import { openUserStream, type UserEvent } from './user-stream.ts';
import { createUserUpdates } from './user-updates.ts';

export interface LiveLinkOptions {
  readonly access: LiveAccess;
  readonly exchange: Exchange;
  readonly session: LiveSession;
  readonly opened: SessionOpened;
  readonly scale: Scale;
  readonly signal: AbortSignal;
  readonly log: Log;
  readonly report: (orderId: number, facts: readonly OrderFact[]) => Promise<void>;
  readonly reportAccount: (fact: AccountFact) => Promise<void>;
  readonly pause: (reason: string) => Promise<void>;
}

/** A live session's connection to its exchange account: what it sends, and what it is told. */
export interface LiveLink {
  /** Whether the exchange has been asked for all that happened while nobody listened. */
  readonly isReady: boolean;
  /** Begins to listen. */
  watch(): void;
  send(message: LiveMessage): void;
  /** It is not sent after all: an order ends as one that the exchange does not know. */
  drop(message: Exclude<LiveMessage, number>): void;
  /** Resolves once no order is on its way to the exchange. */
  allSent(): Promise<unknown>;
  /** Every order of the symbol, whoever sent it, beside those that are cancelled one by one. */
  cancelAll(): void;
  close(): void;
}

const RECONCILE_EVERY_MS = 10_000;
const COUNTDOWN_MS = 60_000;
/** What neither the stream nor an order would tell of is asked for so often: it costs the most. */
const ACCOUNT_EVERY_MS = 60_000;
/** Accounts may be told of later than orders: two looks in a row must find another position than ours. */
const MISMATCHES = 2;

const positions = z.array(z.object({ symbol: z.string(), positionAmt: z.string() }));

export function createLiveLink(options: LiveLinkOptions): LiveLink {
  const { access, exchange, session, opened, scale, signal, log, report, reportAccount, pause } = options;
  const { instrument } = opened.settings;
  const { symbol } = parseInstrument(instrument);
  const quoteAsset = quoteAssetOf(symbol);
  const desk = createOrderDesk({ exchange, orders: session.orders, scale, quoteAsset, report, log, signal });
  const { orders } = session;
  const updates = createUserUpdates({
    symbol,
    instrument,
    prefix: clientOrderId(opened.session, 0).slice(0, -1),
    quoteAsset,
    scale,
    orders,
    report,
    reportAccount,
    resolve: desk.resolveAnew,
    background,
    log,
  });
  let isReconciled = false;
  let isReconciling = false;
  /** When it began to be asked what is not answered yet. */
  let askedMs = Date.now();
  let isAskedAgain = false;
  let isAccountDue = true;
  let mismatches = 0;
  const backoff = createBackoff({ firstMs: 500, maxMs: 10_000 });
  const { countdownMs = COUNTDOWN_MS } = access;
  const timers: NodeJS.Timeout[] = [];

  /** Work of its own; what fails is said, as nobody waits for it. */
  function background(what: string, work: Promise<unknown>): void {
    work.catch((error: unknown) => {
      if (!signal.aborted) log('error', `${what}: ${error instanceof Error ? error.message : 'failed'}`);
    });
  }

  function send(message: LiveMessage): void {
    if (typeof message === 'number') background('cancel', desk.cancel(message));
    else if (message.type === 'AMEND') background('amend', desk.amend(message.request));
    else if (message.type === 'CONDITIONAL') {
      const { request } = message;
      background('order', desk.placeConditional(request, clientOrderId(opened.session, request.orderId)));
    } else background('order', desk.place(message, clientOrderId(opened.session, message.orderId)));
  }

  function drop(message: Exclude<LiveMessage, number>): void {
    if (message.type === 'AMEND') background('amend', desk.dropAmend(message.request));
    else {
      const { orderId } = message.type === 'CONDITIONAL' ? message.request : message;
      background('order', desk.drop(orderId));
    }
  }

  function onEvent(event: UserEvent): void {
    if (signal.aborted) return;
    updates.take(event);
    const reason = (event['a'] as { m?: unknown } | undefined)?.m;
    if (event.e !== 'ACCOUNT_UPDATE' || reason === 'ORDER') return;
    isAccountDue = true;
    startReconciling();
  }

  async function takeAccount(): Promise<void> {
    const facts = await accountFacts({ exchange, instrument, symbol, quoteAsset, sinceMs: opened.timeMs });
    if (facts === undefined)
      throw new Error('the exchange does not tell of funding and transfers; they are asked for again');
    for (const fact of facts) await reportAccount(fact);
    isAccountDue = false;
  }

  /** Asks the exchange for all that it might have said while nobody listened. */
  async function reconcile(): Promise<void> {
    if (isAccountDue) await exchange.syncClock();
    // What is not known of one order must not keep another from being cancelled.
    for (const { orderId, state } of [...session.market.orders, ...session.market.conditionalOrders])
      if (state === 'cancelling') background('cancel', desk.cancel(orderId));
    await Promise.all([...orders.open.keys(), ...orders.waiting.keys()].map((orderId) => desk.resolve(orderId)));
    if (isAccountDue) await takeAccount();
    await comparePosition();
  }

  async function comparePosition(): Promise<void> {
    const before = session.market.positionSteps;
    const outcome = await exchange.positions();
    const found = outcome.type === 'answered' ? positions.safeParse(outcome.body).data : undefined;
    if (found === undefined) throw new Error('the exchange does not tell of positions; they are asked for again');
    const steps = found
      .filter((position) => position.symbol === symbol)
      .reduce((sum, { positionAmt }) => sum + Math.round(Number(positionAmt) / scale.qty.toNumber(1)), 0);
    // One of the two may not have been told yet of a fill that the other has.
    const isEqual = steps === before || steps === session.market.positionSteps;
    mismatches = isEqual ? 0 : mismatches + 1;
    if (mismatches < MISMATCHES) return;
    const [theirs, ours] = [scale.qty.toText(steps), scale.qty.toText(before)];
    isReconciled = false;
    await pause(`the exchange has a position of ${theirs}, the ledger one of ${ours}`);
  }

  /** One after the other, and again where it was asked for meanwhile. */
  async function reconcileInTurn(): Promise<void> {
    isAskedAgain = true;
    if (isReconciling) return;
    isReconciling = true;
    askedMs = Date.now();
    while (isAskedAgain && !signal.aborted) {
      isAskedAgain = false;
      try {
        await reconcile();
        askedMs = Date.now();
        backoff.reset();
        if (mismatches < MISMATCHES && !isAskedAgain) isReconciled = stream.isUp;
      } catch (error) {
        if (signal.aborted) return;
        log('warn', error instanceof Error ? error.message : 'reconciliation failed');
        isAskedAgain = true;
        await sleep(backoff.next(), undefined, { signal }).catch(() => {});
      }
    }
    isReconciling = false;
  }

  const startReconciling = (): void => background('reconciliation', reconcileInTurn());

  /** Orders of which nothing is known may have been filled, and the position is not compared. */
  function pauseWhereUnanswered(): void {
    if (!isReconciling || Date.now() - askedMs < RECONCILE_EVERY_MS) return;
    isReconciled = false;
    background('pause', pause(`the exchange has not said what became of orders for ${RECONCILE_EVERY_MS / 1_000} s`));
  }

  async function renewCountdown(): Promise<void> {
    const outcome = await exchange.countdown(countdownMs);
    if (outcome.type !== 'answered') throw new Error(`the dead man’s switch was not renewed: ${outcome.message}`);
  }

  let stream: { readonly isUp: boolean; close(): void } = { isUp: false, close: () => {} };

  return {
    get isReady() {
      return isReconciled && stream.isUp && mismatches < MISMATCHES && !exchange.isBlocked;
    },
    watch() {
      const listener = {
        onUp() {
          isAccountDue = true;
          startReconciling();
        },
        onDown() {
          isReconciled = false;
          background('pause', pause('the user data stream is lost'));
          // What is open is still known by asking.
          startReconciling();
        },
        onEvent,
      };
      stream = openUserStream({ exchange, access }, listener, log);
      background('dead man’s switch', exchange.syncClock().then(renewCountdown));
      timers.push(
        setInterval(() => {
          pauseWhereUnanswered();
          startReconciling();
        }, RECONCILE_EVERY_MS),
        setInterval(() => background('dead man’s switch', renewCountdown()), countdownMs / 4),
        setInterval(() => {
          isAccountDue = true;
        }, ACCOUNT_EVERY_MS),
      );
    },
    send,
    drop,
    allSent: desk.allSent,
    cancelAll() {
      background('cancel all', exchange.cancelAll());
      startReconciling();
    },
    close() {
      for (const timer of timers) clearInterval(timer);
      stream.close();
    },
  };
}
