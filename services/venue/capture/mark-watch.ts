import type { MarkNow } from '../trading-market.ts';

/** Funding that was settled, as far as a recording's mark prices tell; in 1e-8. */
export interface SettledFunding {
  readonly rateE8: number;
  readonly markPriceE8: number;
  readonly timeMs: number;
}

/** Mark prices of a recording, and the settlements between them. */
export interface MarkWatch {
  readonly latest: () => MarkNow | undefined;
  /** @param payload of `markPriceUpdate`; a damaged one tells nothing */
  readonly played: (
    payload: string,
    timeMs: number,
  ) => { readonly mark: MarkNow | undefined; readonly funding: SettledFunding | undefined };
}

/**
 * When the next funding time of the frames becomes a later one, that of the frame before has passed: it was settled by the
 * rate and the mark price of that frame.
 */
export function markWatch(): MarkWatch {
  let latest: MarkNow | undefined;
  let rateE8 = 0;
  let fundingMs = 0;
  return {
    latest: () => latest,
    played: (payload, timeMs) => {
      const told = parsed(payload);
      if (told === undefined) return { mark: undefined, funding: undefined };
      const isSettled = latest !== undefined && fundingMs > 0 && told.fundingMs > fundingMs;
      const funding = isSettled
        ? { rateE8, markPriceE8: (latest as MarkNow).markPriceE8, timeMs: fundingMs }
        : undefined;
      latest = { markPriceE8: told.markPriceE8, timeMs };
      rateE8 = told.rateE8;
      fundingMs = told.fundingMs;
      return { mark: latest, funding };
    },
  };
}

function parsed(payload: string): { markPriceE8: number; rateE8: number; fundingMs: number } | undefined {
  try {
    const { p, r, T } = JSON.parse(payload) as Record<string, unknown>;
    const markPriceE8 = Math.round(Number(p) * 1e8);
    const rateE8 = Math.round(Number(r) * 1e8);
    const isWhole = Number.isSafeInteger(markPriceE8) && Number.isSafeInteger(rateE8) && Number.isSafeInteger(T);
    return isWhole && markPriceE8 > 0 ? { markPriceE8, rateE8, fundingMs: T as number } : undefined;
  } catch {
    return undefined;
  }
}
