export interface HandshakeBudgetOptions {
  readonly handshakesMax: number;
  readonly windowMs: number;
  readonly nowMs?: () => number;
}

/** Counts connection attempts over all connections in a sliding window. */
export interface HandshakeBudget {
  /** Takes one attempt now, or says in how many ms one will be free (0: taken). */
  take(): number;
  /** Attempts in the window. */
  used(): number;
}

/**
 * At most `handshakesMax` connection attempts in any `windowMs`.
 *
 * Binance allows 300 in 5 minutes an address (documented for spot, binance.md 1.2) and bans repeat offenders; Don keeps
 * to 60 in 5 minutes so that several recorders behind one address stay below it.
 */
export function createHandshakeBudget(options: HandshakeBudgetOptions): HandshakeBudget {
  const { handshakesMax, windowMs, nowMs = () => performance.now() } = options;
  const takenAtMs: number[] = [];

  function forget(now: number): void {
    while (takenAtMs.length > 0 && takenAtMs[0]! <= now - windowMs) takenAtMs.shift();
  }

  return {
    take() {
      const now = nowMs();
      forget(now);
      if (takenAtMs.length >= handshakesMax) return Math.max(1, takenAtMs[0]! + windowMs - now);
      takenAtMs.push(now);
      return 0;
    },
    used() {
      forget(nowMs());
      return takenAtMs.length;
    },
  };
}
