import { Worker } from 'node:worker_threads';

/** Beyond it a piece of work is not being worked on any more. */
const STALL_MS = 5_000;
const LOOK_EVERY_MS = 500;
const MEMORY_MB = 256;

/** What a guarded thread is started with, beside what is its own. */
export interface GuardedWork {
  /** To be raised before and after each piece of work: an odd number that stays is a feature that does not come back. */
  readonly turns: Int32Array<SharedArrayBuffer>;
}

export interface GuardedThreadOptions<Work, Message> {
  /** The thread's module. */
  readonly url: URL;
  readonly work: Work;
  readonly onMessage: (message: Message) => void;
  /** It has ended by itself: it threw, stalled, took too much memory, or is done. */
  readonly onEnd: (reason: string) => void;
  readonly stallMs?: number | undefined;
}

/** A thread for code of others: one that does not come back, or takes too much memory, is ended. */
export interface GuardedThread {
  stop(): Promise<void>;
}

export function startGuardedThread<Work extends object, Message>(
  options: GuardedThreadOptions<Work, Message>,
): GuardedThread {
  const { url, work, onMessage, onEnd, stallMs = STALL_MS } = options;
  const turns = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(url, {
    workerData: { ...work, turns } satisfies GuardedWork,
    resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB },
  });
  let isOver = false;
  let seen = 0;
  /** Looks since it was at something else. Counted, not timed: a process that stands still cannot see it go on. */
  let looks = 0;

  function end(reason: string): void {
    if (isOver) return;
    isOver = true;
    clearInterval(looking);
    void worker.terminate();
    onEnd(reason);
  }

  const looking = setInterval(() => {
    const now = Atomics.load(turns, 0);
    if (now !== seen || now % 2 === 0) {
      seen = now;
      looks = 0;
    } else if (++looks * LOOK_EVERY_MS > stallMs) end(`stalled: an entry took more than ${stallMs / 1_000} s`);
  }, LOOK_EVERY_MS);

  worker.on('message', onMessage);
  worker.on('error', (error) => end(error instanceof Error ? `${error.name}: ${error.message}` : String(error)));
  worker.on('exit', (status) => end(`ended with status ${status}`));
  return {
    async stop() {
      isOver = true;
      clearInterval(looking);
      await worker.terminate();
    },
  };
}
