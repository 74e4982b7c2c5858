import type { Log } from '../../infra/service.ts';
import { createBackoff } from './backoff.ts';
import { RestError } from './rest.ts';
import { waitAfter } from './rest-wait.ts';

export interface PollOptions {
  readonly everyMs: number;
  readonly name: string;
  readonly log: Log;
  readonly run: () => Promise<void>;
}

/**
 * Calls `run` at once and then every so often, jittered by a tenth; a failure is retried sooner, as the venue allows, and told
 * once.
 * Gives back the function that ends it.
 */
export function startPoll({ everyMs, name, log, run }: PollOptions): () => void {
  const backoff = createBackoff({ firstMs: Math.min(1_000, everyMs), maxMs: everyMs });
  let lastProblem: string | undefined;
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;

  async function turn(): Promise<void> {
    let delayMs = everyMs * (0.9 + 0.2 * Math.random());
    try {
      await run();
      backoff.reset();
      lastProblem = undefined;
    } catch (error) {
      // What the venue refuses once it refuses a moment later too.
      const isRefused = error instanceof RestError && error.failure === 'refused';
      delayMs = isRefused ? everyMs : Math.max(waitAfter(error), backoff.next());
      const problem = error instanceof Error ? error.message : String(error);
      if (problem !== lastProblem) log('warn', `${name}: ${problem}`);
      lastProblem = problem;
    }
    if (!isStopped) timer = setTimeout(() => void turn(), delayMs);
  }

  void turn();
  return () => {
    isStopped = true;
    clearTimeout(timer);
  };
}
