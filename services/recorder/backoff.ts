export interface BackoffOptions {
  readonly firstMs: number;
  readonly maxMs: number;
  /** Uniform in [0, 1). */
  readonly random?: () => number;
}

/** Growing waits between attempts. */
export interface Backoff {
  /** The wait before the next attempt, in ms: doubles from `firstMs` to `maxMs`, then jittered down by up to half. */
  next(): number;
  /** After a success: begin again at `firstMs`. */
  reset(): void;
  /** Waits handed out since the last success. */
  attempts(): number;
}

/**
 * Exponential waits with jitter, so that recorders which lost the same venue do not come back in step.
 *
 * Half of each wait is kept ("equal jitter"): a full jitter's zero waits would spend the handshake budget in a burst.
 */
export function createBackoff({ firstMs, maxMs, random = Math.random }: BackoffOptions): Backoff {
  let attempts = 0;
  return {
    next() {
      const ceilingMs = Math.min(maxMs, firstMs * 2 ** Math.min(attempts, 30));
      attempts++;
      return ceilingMs / 2 + (ceilingMs / 2) * random();
    },
    reset() {
      attempts = 0;
    },
    attempts: () => attempts,
  };
}
