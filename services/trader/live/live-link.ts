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
import { type OrderUpdate, readOrderUpdate } from './order-answers.ts';
import { createOrderDesk } from './order-desk.ts';
import { quoteAssetOf } from './quote-asset.ts';
import { openUserStream, type UserEvent } from './user-stream.ts';

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
  /** An order is not sent after all: it ends as one that the exchange does not know. */
  drop(orderId: number): void;
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
  const prefix = clientOrderId(opened.session, 0).slice(0, -1);
  let isReconciled = false;
  let isReconciling = false;
  let isAskedAgain = false;
  let isAccountDue = true;
  let mismatches = 0;
  let updates: Promise<void> = Promise.resolve();
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
    else background('order', desk.place(message, clientOrderId(opened.session, message.orderId)));
  }

  async function takeUpdate(event: UserEvent): Promise<void> {
    const update = readOrderUpdate(event, scale, quoteAsset);
    if (update.symbol !== symbol) return;
    if (!update.clientOrderId.startsWith(prefix)) return takeForeign(update);
    const orderId = Number(update.clientOrderId.slice(prefix.length));
    const order = session.orders.open.get(orderId);
    if (order === undefined) return;
    const { fill, end, filledSteps, timeMs, exchangeId } = update;
    const accepted: OrderFact = { type: 'accepted', timeMs, exchangeId };
    const knownSteps = order.filledSteps + (fill === null || order.tradeIds.has(fill.tradeId) ? 0 : fill.qtySteps);
    // A fill before this one was not told: the exchange is asked for all of them.
    if (knownSteps < filledSteps) return background('order', desk.resolve(orderId));
    const facts: OrderFact[] = fill === null ? [accepted] : [accepted, fill];
    if (end !== null && filledSteps < order.request.qtySteps) facts.push({ type: 'ended', timeMs, end, code: 0 });
    await report(orderId, facts);
  }

  /** Traded by the exchange (a liquidation), by a person, or by another program: the position is another one. */
  async function takeForeign({ fill, side }: OrderUpdate): Promise<void> {
    if (fill === null) return;
    log('warn', 'a fill that is not of this session', { side, qtySteps: fill.qtySteps });
    const { timeMs, tradeId, priceTicks, qtySteps, isMaker, feeE8 } = fill;
    const what = { instrument, orderId: '0', side, positionSide: 'BOTH', priceTicks, qtySteps, isMaker } as const;
    await reportAccount({
      id: `trade-${tradeId}`,
      event: { type: 'fill', timeMs, ...what, isReduceOnly: false, openedAtTicks: null, feeE8 },
    });
  }

  function onEvent(event: UserEvent): void {
    if (signal.aborted) return;
    if (event.e === 'ORDER_TRADE_UPDATE') {
      updates = updates.then(() => takeUpdate(event));
      background('user data', updates);
      updates = updates.catch(() => {});
    }
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
    const open = [...session.orders.open.keys()];
    await Promise.all(open.map((orderId) => desk.resolve(orderId)));
    for (const { orderId, state } of [...session.market.orders])
      if (state === 'cancelling') background('cancel', desk.cancel(orderId));
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
    while (isAskedAgain && !signal.aborted) {
      isAskedAgain = false;
      try {
        await reconcile();
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
        setInterval(startReconciling, RECONCILE_EVERY_MS),
        setInterval(() => background('dead man’s switch', renewCountdown()), countdownMs / 4),
        setInterval(() => {
          isAccountDue = true;
        }, ACCOUNT_EVERY_MS),
      );
    },
    send,
    drop: (orderId) => background('order', desk.resolve(orderId)),
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
