import { setTimeout as sleep } from 'node:timers/promises';
import type { OrderFact } from '../../../operators/ledger/ledger-event.ts';
import type { Entry } from '../../../streams/entry.ts';
import { createScale } from '../../../streams/events/scale.ts';
import { compareEntryIds } from '../../../streams/id.ts';
import { LedgerConflict } from '../../../streams/ledger.ts';
import { runStrategy } from '../../backtest/strategy-failure.ts';
import { featuresAwaited } from '../features-awaited.ts';
import { createInTurn } from '../in-turn.ts';
import { sessionClosed } from '../session-closed.ts';
import { createSessionLog } from '../session-log.ts';
import type { SessionRunner, SessionRunnerOptions } from '../session-runner.ts';
import type { Exchange } from './exchange.ts';
import type { LiveAccess } from './live-keys.ts';
import { createLiveLink, type LiveLink } from './live-link.ts';
import { type LiveInput, type LiveMessage, openLiveSession } from './live-session.ts';

export interface LiveRunnerOptions extends SessionRunnerOptions {
  readonly access: LiveAccess;
  readonly exchange: Exchange;
  /** Whether no other trader can have the exchange account. */
  readonly isLeaseHeld: () => boolean;
}

/** What a log may be behind before a strategy would trade on what has been. */
const LAG_MS = 2_000;
const FLATTEN_EVERY_MS = 1_000;
/** Of a trader that ends. */
const CANCEL_TRIES = 3;
const CANCEL_RETRY_MS = 250;
/** A stopped session whose orders do not end waits for a person that long before it is closed as it is. */
const CLOSE_WAIT_MS = 30_000;

/**
 * Runs a live session: again what is in the ledger, without sending anything, and then on. Everything that the session is
 * told is in the ledger before what followed from it is sent.
 */
export function createLiveRunner(options: LiveRunnerOptions): SessionRunner {
  const { account, opened, strategy, ledger, write, log, access, exchange, isLeaseHeld } = options;
  const { closeWaitMs = CLOSE_WAIT_MS } = options;
  const session = runStrategy(
    strategy.definition,
    () => opened.tradesFromUs,
    () => openLiveSession(opened, strategy),
  );
  const stored = createSessionLog<LiveInput>(ledger.session.slice(1));
  const inTurn = createInTurn();
  const abort = new AbortController();
  let link: LiveLink | undefined;
  let isClosed = false;
  let stoppedMs: number | undefined;
  let flattenedMs = Date.now();

  /** Writes what happened, then sends what is to be sent. */
  async function flush(): Promise<void> {
    const fresh = stored.check(session.take());
    const begunMs = Date.now();
    if (fresh.length > 0) {
      if (!isLeaseHeld())
        throw new LedgerConflict('the lease of the exchange account is lost: another trader may have it');
      await write(fresh);
    }
    const messages = session.takeMessages();
    if (link === undefined) return;
    // What the ledger took too long to take was decided on a market that has been.
    const isLate = Date.now() - begunMs > LAG_MS;
    for (const message of messages) {
      if (isLate && typeof message !== 'number' && !onlyCloses(message)) link.drop(message);
      else link.send(message);
    }
  }

  async function tell(input: LiveInput): Promise<void> {
    session.tell(input);
    await flush();
  }

  /** Answers that come later are for the next who runs the session: it asks. */
  const isOver = (): boolean => isClosed || abort.signal.aborted;
  const now = () => ({ timeMs: Date.now(), afterEntryId: session.lastEntryId });

  async function pause(reason: string): Promise<void> {
    if (session.pausedBy === reason || isOver()) return;
    log('warn', `no orders: ${reason}`, { account });
    await tell({ type: 'tradingPaused', reason, ...now() });
  }

  async function tellStored(): Promise<void> {
    for (let { next } = stored; next !== undefined; next = stored.next) {
      if (compareEntryIds(next.afterEntryId, session.lastEntryId) > 0) return;
      await tell(next);
    }
  }

  /** As it was told, entry by entry: where the ledger ends the session pauses, before it is told of more. */
  async function replayStored(entries: readonly Entry[]): Promise<readonly Entry[]> {
    await flush();
    await tellStored();
    let rest = entries;
    while (!stored.isThrough && rest.length > 0) {
      session.push(rest.slice(0, 1));
      rest = rest.slice(1);
      await flush();
      await tellStored();
    }
    return rest;
  }

  async function goLive(): Promise<void> {
    // What was not told of before may be long past.
    if (session.pausedBy === null) await pause('the trader has started again');
    if (session.isStopping) stoppedMs = Date.now();
    link = createLiveLink({
      access,
      exchange,
      session,
      opened,
      scale: createScale(opened.tickSize, opened.stepSize),
      signal: abort.signal,
      log,
      report: (orderId, facts) => inTurn(() => reportOrder(orderId, facts)),
      reportAccount: ({ id, event }) => inTurn(() => tellNews({ type: 'accountReported', id, event, ...behind() })),
      pause: (reason) => inTurn(() => pause(reason)),
    });
    link.watch();
  }

  const behind = () => ({ afterEntryId: session.lastEntryId });

  async function tellNews(input: LiveInput): Promise<void> {
    if (!isOver() && session.isNews(input)) await tell(input);
  }

  async function reportOrder(orderId: number, facts: readonly OrderFact[]): Promise<void> {
    for (const fact of facts) await tellNews({ type: 'orderReported', orderId, fact, ...behind() });
  }

  /** Before a strategy is told of what has long been. */
  async function pauseWhereLate(entries: readonly Entry[]): Promise<void> {
    if (lagMs(entries[0]) > LAG_MS) await pause('the log is behind');
    else if (exchange.isBlocked) await pause('the exchange was asked too much');
  }

  async function resumeWhereReady(entries: readonly Entry[]): Promise<void> {
    if (session.pausedBy === null || link?.isReady !== true || !(lagMs(entries.at(-1)) <= LAG_MS)) return;
    log('info', 'orders may be sent', { account, after: session.pausedBy });
    await tell({ type: 'tradingResumed', ...now() });
  }

  async function obeyWaiting(): Promise<void> {
    while (link !== undefined && !isClosed && ledger.waiting.length > 0) {
      const { commandId, command } = ledger.waiting[0]!;
      if (command.type === 'start') {
        // One that runs has real orders; it ends only where it is told so.
        log('error', 'a session runs: stop it before another is started', { account });
        await tell({ type: 'commandTaken', commandId, command: 'start', flattens: false, ...behind() });
        continue;
      }
      const flattens = command.type !== 'resume' && command.flattens;
      flattenedMs = Date.now();
      if (command.type === 'stop') stoppedMs ??= Date.now();
      await tell({ type: 'commandTaken', commandId, command: command.type, flattens, ...behind() });
      if (command.type !== 'resume') link.cancelAll();
      log('info', `told to ${command.type}`, { account, by: command.by, flattens });
    }
  }

  /** A position that was to be closed may not have been: orders that were under way were filled, or nothing was offered. */
  async function flattenAgain(): Promise<void> {
    const { orders, isFlattening, market } = session;
    const isDue = Date.now() - flattenedMs > FLATTEN_EVERY_MS;
    // What is not known of conditional orders holds nothing up: what closes is reduce-only.
    if (!isFlattening || isClosed || link === undefined || !isDue || orders.open.size > 0) return;
    flattenedMs = Date.now();
    if (market.positionSteps !== 0) await tell({ type: 'flattenRepeated', ...now() });
  }

  async function closeWhenDone(): Promise<void> {
    if (stoppedMs === undefined || isClosed || link === undefined) return;
    const { orders, isFlattening, market } = session;
    const isDone = orders.size === 0 && (!isFlattening || market.positionSteps === 0);
    if (!isDone && Date.now() - stoppedMs < closeWaitMs) return;
    const position = market.positionSteps * market.stepSize;
    const left = position === 0 ? '' : `; a position of ${Number(position.toPrecision(12))} is left`;
    const unended = orders.size === 0 ? '' : `; ${orders.size} orders had not ended by then`;
    await close(`stopped${unended}${left}`, orders.size);
  }

  async function close(reason: string, orders: number): Promise<void> {
    const closed = sessionClosed(opened, session.account.state, { reason, toEntryId: session.lastEntryId });
    await write([closed]);
    isClosed = true;
    await runner.release();
    if (orders === 0) await exchange.countdown(0);
    runner.onClosed();
    log('info', `session ${opened.session} closed: ${reason}`, { account, equity: closed.equity });
  }

  /** The dead man's switch would cancel no conditional order. */
  async function cancelAll(): Promise<void> {
    for (let tries = 1; ; tries++) {
      const outcome = await exchange.cancelAll();
      if (outcome.type === 'answered') return;
      log('error', `orders may be left at the exchange: ${outcome.message}`, { account });
      if (tries === CANCEL_TRIES) return;
      await sleep(CANCEL_RETRY_MS);
    }
  }

  const awaited = featuresAwaited(strategy.definition, opened.settings.parameters, session.market);
  const runner: SessionRunner = {
    view: session,
    get waitsFor() {
      return session.pausedBy ?? awaited();
    },
    get isThrough() {
      return link !== undefined;
    },
    get isClosed() {
      return isClosed;
    },
    onClosed: () => {},
    take: (entries) =>
      inTurn(async () => {
        const rest = link === undefined ? await replayStored(entries) : entries;
        if (isClosed || (link === undefined && !stored.isThrough)) return;
        if (link === undefined) await goLive();
        await pauseWhereLate(rest);
        session.push(rest);
        await flush();
        await resumeWhereReady(rest);
        await obeyWaiting();
        await closeWhenDone();
      }),
    look: () =>
      inTurn(async () => {
        if (isOver()) return;
        await ledger.read();
        await obeyWaiting();
        await flattenAgain();
        await closeWhenDone();
      }),
    async release() {
      // Also where it has not come to sending: those of the trader before.
      const mayBeOpen = !isClosed && !abort.signal.aborted;
      abort.abort();
      link?.close();
      // Orders that nobody looks after must not be filled. Another trader's are not ours to cancel.
      await link?.allSent();
      if (mayBeOpen && isLeaseHeld()) await cancelAll();
    },
  };
  return runner;
}

/** It can only make the position smaller. */
function onlyCloses(message: Exclude<LiveMessage, number>): boolean {
  if (message.type === 'AMEND') return false;
  if (message.type === 'CONDITIONAL') return message.request.isReduceOnly || message.request.closesPosition;
  return message.isReduceOnly;
}

/** How long ago it was received; NaN where there is none. */
function lagMs(entry: Entry | undefined): number {
  return Date.now() - (entry?.events.at(-1)?.receiveTimeUs ?? Number.NaN) / 1_000;
}
