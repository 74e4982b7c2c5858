export interface WeightBudgetOptions {
  /** Weight that Don may use in a minute. */
  readonly weightPerMinuteMax: number;
  readonly nowMs?: () => number;
}

/** The request weight of all REST calls of this address, and the venue's orders to stop. */
export interface WeightBudget {
  /** Takes the weight now (0), or says in how many ms to ask again. */
  take(weight: number): number;
  /** The venue's own count of this minute, from `X-MBX-USED-WEIGHT-1M`. */
  report(usedWeight: number): void;
  /** 429 or 418: no call before this many ms have passed. */
  block(durationMs: number): void;
  /** Weight counted in this minute. */
  used(): number;
  /** How long all calls stay blocked, ms; 0: not at all. */
  blockedForMs(): number;
}

const MINUTE_MS = 60_000;

/**
 * Binance counts weight an address in fixed minutes: 2400 for UM and CM together (binance.md 1.3).
 *
 * The larger of the venue's count and our own holds: its header knows of other programs behind the same address, and
 * ours knows of calls that are still under way.
 */
export function createWeightBudget({ weightPerMinuteMax, nowMs = Date.now }: WeightBudgetOptions): WeightBudget {
  let minute = 0;
  let usedWeight = 0;
  let blockedUntilMs = 0;

  function turnMinute(now: number): void {
    const current = Math.floor(now / MINUTE_MS);
    if (current === minute) return;
    minute = current;
    usedWeight = 0;
  }

  return {
    take(weight) {
      const now = nowMs();
      turnMinute(now);
      if (now < blockedUntilMs) return blockedUntilMs - now;
      // A single call above the whole budget could never run; it is let through alone in a fresh minute.
      const isAffordable = usedWeight + weight <= weightPerMinuteMax || usedWeight === 0;
      if (!isAffordable) return (minute + 1) * MINUTE_MS - now;
      usedWeight += weight;
      return 0;
    },
    report(used) {
      turnMinute(nowMs());
      usedWeight = Math.max(usedWeight, used);
    },
    block(durationMs) {
      blockedUntilMs = Math.max(blockedUntilMs, nowMs() + durationMs);
    },
    used() {
      turnMinute(nowMs());
      return usedWeight;
    },
    blockedForMs: () => Math.max(0, blockedUntilMs - nowMs()),
  };
}
