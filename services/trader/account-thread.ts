import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { Redis } from 'ioredis';
import type { Log } from '../../infra/service.ts';
import { openAccountLedger } from './account-ledger.ts';
import type { AccountStatus } from './account-status.ts';
import type { AccountSays, AccountWork } from './account-worker.ts';
import type { LiveAccess } from './live/live-keys.ts';
import { closedFromLedger } from './session-closed.ts';

/** Longer than this no strategy may take over one event. */
const SILENT_MS = 10_000;
const LOOK_EVERY_MS = 250;
const RESTART_MS = 1_000;
/** A thread that was told to end and does not is ended. */
const END_MS = 5_000;
/** A strategy that needs more fails, and takes nothing else with it. */
const HEAP_MB_MAX = 1_024;

export interface AccountThreadOptions {
  readonly redis: Redis;
  readonly redisUrl: string;
  readonly account: string;
  /** undefined: live trading is off. */
  readonly live?: LiveAccess | undefined;
  readonly log: Log;
  readonly silentMs?: number;
}

/** An account's trader in a thread of its own. */
export interface AccountThread {
  /** As it was said last. */
  status(): AccountStatus;
  stop(): Promise<void>;
}

/**
 * Keeps a thread for an account. Where it ends by itself, another is started, which goes on from the ledger; where it says
 * nothing more for ten seconds, since its strategy does not return, it is ended, and the session closed with that reason.
 */
export function startAccountThread(options: AccountThreadOptions): AccountThread {
  const { redis, redisUrl, account, live, log, silentMs = SILENT_MS } = options;
  let status: AccountStatus = {
    account,
    timeMs: Date.now(),
    state: 'waiting',
    reason: 'its trader starts',
    session: null,
    ended: null,
  };
  let isStopping = false;
  let thread: Worker;
  let heardMs: number;
  let ended: Promise<void>;

  function begin(): void {
    const workerData: AccountWork = { redisUrl, account, live };
    // A busy machine may take long to load it: until its first word there is no strategy that could be silent.
    heardMs = Number.POSITIVE_INFINITY;
    thread = new Worker(new URL('./account-worker.ts', import.meta.url), {
      workerData,
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB_MAX },
    });
    thread.on('message', (said: AccountSays) => {
      heardMs = Date.now();
      if (said.type === 'status') status = said.status;
      else log(said.level, said.message, said.detail);
    });
    thread.on('error', (error: Error) => log('error', `the trader of ${account} ended: ${error.message}`, { account }));
    ended = new Promise((resolve) => thread.once('exit', () => resolve()));
  }

  async function watch(): Promise<void> {
    for (;;) {
      const lookedMs = Date.now();
      const isAlive = await Promise.race([ended.then(() => false), sleep(LOOK_EVERY_MS, true)]);
      if (isStopping) return;
      // A machine that slept has kept the thread from answering too.
      const lateMs = Date.now() - lookedMs - LOOK_EVERY_MS;
      if (lateMs > LOOK_EVERY_MS) heardMs += lateMs;
      if (isAlive && Date.now() - heardMs <= silentMs) continue;
      if (isAlive) {
        await thread.terminate();
        await closeSilent().catch((error: Error) => log('error', error.message, { account }));
      }
      await sleep(RESTART_MS);
      if (isStopping) return;
      begin();
    }
  }

  /** Else the next thread would run into the same again. */
  async function closeSilent(): Promise<void> {
    const ledger = await openAccountLedger(redis, account);
    const { session } = ledger.state;
    if (session === null) return;
    // Nobody looks after its orders any more.
    if (live !== undefined && session.settings.mode === 'live') {
      const { exchangeOf } = await import('./live/open-live-session.ts');
      await exchangeOf(live, session).cancelAll();
    }
    const reason = `strategy ${session.settings.strategy} did not answer for ${silentMs / 1_000} s`;
    log('error', reason, { account, session: session.session });
    const toEntryId = status.session?.lastEntryId ?? session.fromEntryId;
    await ledger.append([await closedFromLedger(redis, ledger.state, { reason, toEntryId })]);
  }

  begin();
  const watching = watch();
  return {
    status: () => status,
    async stop() {
      isStopping = true;
      thread.postMessage('end');
      await Promise.race([ended, sleep(END_MS, undefined, { ref: false })]);
      await thread.terminate();
      await watching;
    },
  };
}
