import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { LIVE_SWITCH } from '../../infra/config.ts';
import type { Log } from '../../infra/service.ts';
import { BadInput } from '../../infra/setup-error.ts';
import type { SessionClosed, SessionOpened, StartCommand, TraderEvent } from '../../operators/ledger/ledger-event.ts';
import { compareEntryIds } from '../../streams/id.ts';
import { isPassingError } from '../../streams/passing-error.ts';
import { tail } from '../../streams/tail.ts';
import { type LoadedStrategy, loadStrategy } from '../backtest/load-strategy.ts';
import { type AccountLedger, openAccountLedger } from './account-ledger.ts';
import { type AccountStatus, accountStatus } from './account-status.ts';
import { type Lease, takeLease } from './live/lease.ts';
import type { LiveAccess } from './live/live-keys.ts';
import { NoAnswer } from './live/no-answer.ts';
import { openSession } from './open-session.ts';
import { closedFromLedger, sessionClosed } from './session-closed.ts';
import { canPass } from './session-errors.ts';
import { createSessionRunner, type SessionRunner } from './session-runner.ts';
import { checkLiveStart, isToldOtherwise, justBefore, noBookOf, obstacleTo } from './session-start.ts';

/** How soon a command is seen. */
const LOOK_EVERY_MS = 100;
const RETRY_MS = 500;
/** What is trimmed before it can be read once may be so again. */
const CARRY_ON_MS = 2_000;
/** So long a start waits for what it lacks. A recorder that starts with the trader has a book within seconds. */
const START_WAIT_MS = 60_000;
const TRIMMED = 'entries of the log were trimmed before they were read';

export interface TradeAccountOptions {
  readonly redis: Redis;
  /** A connection of its own: a blocked read holds it. */
  readonly tailRedis: Redis;
  readonly account: string;
  /** undefined: live trading is off. */
  readonly live?: LiveAccess | undefined;
  readonly log: Log;
  /** How long a start waits for what it lacks, ms. */
  readonly startWaitMs?: number;
  /** How long a session that is stopped waits for its orders to end, ms. As its mode has it if not said. */
  readonly closeWaitMs?: number;
}

/** Trades for one account, as its ledger's commands say. */
export interface AccountTrader {
  status(): AccountStatus;
  /** Ends this process's part; the session goes on when a trader is there again. */
  stop(): Promise<void>;
}

/** Starts trading for an account. */
export function tradeAccount(options: TradeAccountOptions): AccountTrader {
  const { redis, tailRedis, account, live, log, startWaitMs = START_WAIT_MS, closeWaitMs } = options;
  const abort = new AbortController();
  const { signal } = abort;
  let ledger: AccountLedger | undefined;
  let runner: SessionRunner | undefined;
  let lease: Lease | undefined;
  let [isFailed, reason]: [boolean, string | null] = [false, null];
  /** The start that is to begin, and since when it is tried. */
  let starting = { commandId: '', sinceMs: 0 };

  const wait = (ms: number): Promise<unknown> => sleep(ms, undefined, { signal }).catch(() => {});

  /** A ledger that cannot be written holds everything up. */
  async function write(events: readonly TraderEvent[]): Promise<void> {
    for (;;) {
      try {
        await ledger!.append(events);
        reason = null;
        return;
      } catch (error) {
        if (!isPassingError(error) || signal.aborted) throw error;
        reason = `the ledger cannot be written: ${messageOf(error)}`;
        await wait(RETRY_MS);
      }
    }
  }

  /** Runs the session that the ledger says, until it is closed or the process ends. */
  async function runSession(opened: SessionOpened): Promise<void> {
    const { instrument, strategy: name } = opened.settings;
    try {
      const strategy = await loadStrategy(name);
      const isLive = opened.settings.mode === 'live';
      if (isLive && !(await mayTradeLive())) return void (await wait(RETRY_MS));
      const obstacle = await obstacleTo(redis, opened, strategy);
      if (obstacle !== undefined) return await (isLive ? giveUp(opened, obstacle) : carryOn(obstacle, strategy));
      runner = await openRunner(opened, strategy);
      const closed = new AbortController();
      runner.onClosed = () => closed.abort();
      const streams = [{ instrument, from: justBefore(opened.fromEntryId) }];
      for await (const { entries, trimmed } of tail({
        redis: tailRedis,
        streams,
        signal: AbortSignal.any([signal, closed.signal]),
      })) {
        const isLost = trimmed !== undefined && compareEntryIds(trimmed.before, opened.fromEntryId) > 0;
        if (isLost) return await (isLive ? giveUp(opened, TRIMMED) : carryOn(TRIMMED, strategy));
        await runner.take(entries);
        if (runner.isClosed) return;
      }
    } catch (error) {
      if (signal.aborted) return;
      if (canPass(error)) throw error;
      await fail(opened, error);
    } finally {
      await runner?.release();
      runner = undefined;
    }
  }

  async function openRunner(opened: SessionOpened, strategy: LoadedStrategy): Promise<SessionRunner> {
    const options = { account, opened, strategy, ledger: ledger!, write, log, closeWaitMs };
    if (opened.settings.mode === 'paper') return createSessionRunner(options);
    const [access, held] = [live!, lease!];
    const { createLiveRunner } = await import('./live/live-runner.ts');
    const { exchangeOf } = await liveSessions();
    return createLiveRunner({
      ...options,
      access,
      exchange: exchangeOf(access, opened),
      isLeaseHeld: () => held.isHeld,
    });
  }

  /** Whether this trader has the exchange account for itself; where not, the status says why. */
  async function mayTradeLive(): Promise<boolean> {
    if (live === undefined) {
      reason = `live trading is off; it is on with DON_LIVE=${LIVE_SWITCH}`;
      return false;
    }
    if (lease?.isHeld !== true) lease = await takeLease(redis, live.keys);
    if (lease === undefined) reason = 'another trader has the exchange account, or one that has just ended had it';
    else reason = null;
    return lease !== undefined;
  }

  /** A live session that cannot be run again is not followed by another: a person has to look at the account. */
  async function giveUp(opened: SessionOpened, why: string): Promise<void> {
    const { exchangeOf } = await liveSessions();
    await exchangeOf(live!, opened).cancelAll();
    const { books } = ledger!.state.account!.state;
    const left = books[0]!.both.steps === 0 ? '' : '; look at the exchange for the position that is left';
    await fail(opened, new Error(`${why}; its orders were cancelled${left}`));
  }

  /** A strategy that fails, or says otherwise than it did, is not to be followed by more of it. */
  async function fail(opened: SessionOpened, error: unknown): Promise<void> {
    log('error', messageOf(error), { account, session: opened.session });
    await runner?.release();
    await write([await closingOf(opened, messageOf(error))]);
    [isFailed, reason] = [true, messageOf(error)];
  }

  /**
   * A session that cannot be run again ends, and another begins with what the account is worth, once there is a book to begin
   * with. Told to stop, or to start another, meanwhile, it ends.
   */
  async function carryOn(why: string, strategy: LoadedStrategy): Promise<void> {
    const session = ledger!.state.session!;
    // What is told from here on is for the session that comes.
    await runner?.release();
    runner = undefined;
    await wait(CARRY_ON_MS);
    for (; !signal.aborted; await wait(RETRY_MS)) {
      await ledger!.read();
      const closed = await closedFromLedger(redis, ledger!.state, { reason: why, toEntryId: session.fromEntryId });
      const isOver = closed.equity <= 0 || isToldOtherwise(ledger!.waiting);
      const settings = { ...session.settings, balance: Number(closed.equity.toFixed(8)) };
      const { isHalted } = ledger!.state;
      const next = isOver
        ? undefined
        : await openSession({ redis, account, commandId: null, isHalted, settings, strategy });
      reason = `${why}; to carry on, ${noBookOf(settings)}`;
      if (next === undefined && !isOver) continue;
      await write(next === undefined ? [closed] : [closed, next]);
      return log('info', `session ${session.session} closed: ${why}`, { account, equity: closed.equity });
    }
  }

  async function closingOf(opened: SessionOpened, reason: string): Promise<SessionClosed> {
    const toEntryId = runner?.view.lastEntryId ?? opened.fromEntryId;
    // One that has not been run again up to its end has not the account that the ledger has.
    if (runner?.isThrough !== true) return closedFromLedger(redis, ledger!.state, { reason, toEntryId });
    return sessionClosed(opened, runner.view.account.state, { reason, toEntryId });
  }

  /** What is told where no session runs: but a start there is nothing to do. */
  async function beIdle(): Promise<void> {
    await ledger!.read();
    const [first, ...later] = ledger!.waiting;
    if (first === undefined) return void (await wait(LOOK_EVERY_MS));
    const { commandId, command } = first;
    if (command.type === 'stop') [isFailed, reason] = [false, null];
    if (command.type !== 'start') return ledger!.drop(commandId);
    if (starting.commandId !== commandId) starting = { commandId, sinceMs: Date.now() };
    if (isToldOtherwise(later))
      return await refuse(commandId, 'start: a stop, or another start, came before it could begin');
    try {
      const opened = await begin(commandId, command);
      if (opened === undefined) return await waitToBegin();
      await write([opened]);
      [isFailed, reason] = [false, null];
      log('info', `session ${opened.session} opened`, { account, strategy: command.settings.strategy });
    } catch (error) {
      if (canPass(error)) throw error;
      log('error', messageOf(error), { account });
      await refuse(commandId, messageOf(error));
      [isFailed, reason] = [true, messageOf(error)];
    }
  }

  /** undefined: it cannot yet, and `reason` says why. @throws where it cannot at all */
  async function begin(commandId: string, command: StartCommand): Promise<SessionOpened | undefined> {
    const { settings } = command;
    const strategy = await loadStrategy(settings.strategy);
    const isLive = settings.mode === 'live';
    if (isLive) checkLiveStart(command, { account, live, seenMs: starting.sinceMs });
    if (isLive && !(await mayTradeLive())) return undefined;
    const { isHalted } = ledger!.state;
    const found = await openSession({ redis, account, commandId, isHalted, settings, strategy });
    if (found === undefined) reason = noBookOf(settings);
    if (found === undefined || !isLive) return found;
    const { exchangeOf, openLiveAccount } = await liveSessions();
    return openLiveAccount(exchangeOf(live!, found), found).catch((error: unknown) => {
      if (!(error instanceof NoAnswer)) throw error;
      reason = error.message;
      return undefined;
    });
  }

  /** No start holds up those that come later for ever. @throws BadInput */
  async function waitToBegin(): Promise<void> {
    if (Date.now() - starting.sinceMs > startWaitMs)
      throw new BadInput(`start: not begun within ${startWaitMs / 1_000} s: ${reason}; start it again`);
    await wait(RETRY_MS);
  }

  /** It must not begin by itself when the reason has gone, so that is written. */
  async function refuse(commandId: string, why: string): Promise<void> {
    await write([{ type: 'startRefused', commandId, timeMs: Date.now(), reason: why }]);
  }

  async function main(): Promise<void> {
    while (!signal.aborted) {
      try {
        ledger ??= await openAccountLedger(redis, account);
        const { session } = ledger.state;
        await (session === null ? beIdle() : runSession(session));
      } catch (error) {
        if (signal.aborted) return;
        reason = messageOf(error);
        log('warn', messageOf(error), { account });
        // Redis may be away, or another trader have written: all is read anew.
        ledger = undefined;
        await wait(RETRY_MS);
      }
    }
  }

  let isLooking = false;
  const looking = setInterval(() => {
    const looked = runner;
    if (looked === undefined || isLooking) return;
    isLooking = true;
    looked
      .look()
      .catch((error: unknown) => {
        log('warn', messageOf(error), { account });
        // A session that cannot hear commands is not to wait for the market to notice.
        looked.onClosed();
      })
      .finally(() => {
        isLooking = false;
      });
  }, LOOK_EVERY_MS);
  const done = main();

  return {
    status: () => accountStatus({ account, ledger, runner, isFailed, reason }),
    async stop() {
      abort.abort();
      clearInterval(looking);
      await done;
      await lease?.release();
    },
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Paper trading has no need of the exchange's SDK, which takes longer to load than all else. */
const liveSessions = () => import('./live/open-live-session.ts');
