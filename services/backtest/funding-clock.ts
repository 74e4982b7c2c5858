/** A settlement that has come due. */
export interface DueFunding {
  /** ms since the epoch. */
  readonly timeMs: number;
  readonly rate: number;
}

/** Knows from mark prices when funding is settled, and at which rate: the one that was told last before. */
export interface FundingClock {
  /** @returns what is due at the instant of this mark price; null: nothing */
  next(timeMs: number, rate: number | null, nextFundingTimeMs: number | null): DueFunding | null;
}

export function createFundingClock(): FundingClock {
  let dueMs = Number.POSITIVE_INFINITY;
  let dueRate = Number.NaN;
  return {
    next(timeMs, rate, nextFundingTimeMs) {
      const due = timeMs >= dueMs && !Number.isNaN(dueRate) ? { timeMs: dueMs, rate: dueRate } : null;
      dueMs = nextFundingTimeMs === null || nextFundingTimeMs <= timeMs ? Number.POSITIVE_INFINITY : nextFundingTimeMs;
      dueRate = rate ?? Number.NaN;
      return due;
    },
  };
}
