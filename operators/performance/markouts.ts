import type { Samples } from './period-returns.ts';

/** How the price moved after fills, in their favour or against it. */
export interface Markout {
  readonly horizonMs: number;
  /** Fills of which it is known. */
  readonly fills: number;
  /** Σ s (P(t + h) − mid when filled) qty, quote asset; below 0: the price moved against the fills (adverse selection). */
  readonly amount: number;
  /** The same in 1/10,000 of what those fills traded; `null` without a fill. */
  readonly bps: number | null;
}

/** The usual horizons. */
export const MARKOUT_HORIZONS_MS = [1_000, 10_000, 60_000] as const;

/**
 * Markout of fills in order of time, s being 1 for buys and −1 for sells. P is the sample of the price nearest to the
 * horizon: a fill counts where there is one no further from it than half of the horizon.
 * @see Huang & Stoll (1996), "Dealer versus Auction Markets", J. Financial Economics 41(3): effective spread = realised
 * spread + price impact, which is the markout with its sign turned.
 */
export function markout(
  fills: readonly {
    readonly timeMs: number;
    readonly side: 'buy' | 'sell';
    readonly qty: number;
    readonly midWhenFilled: number;
  }[],
  { timesMs, values }: Samples,
  horizonMs: number,
): Markout {
  let [next, known, amount, traded] = [0, 0, 0, 0];
  for (const { timeMs, side, qty, midWhenFilled } of fills) {
    const atMs = timeMs + horizonMs;
    while (next < timesMs.length && timesMs[next]! < atMs) next++;
    // The sample before it is as near or nearer.
    const nearest = next > 0 && !(timesMs[next]! - atMs < atMs - timesMs[next - 1]!) ? next - 1 : next;
    const price = values[nearest];
    if (price === undefined || !(Math.abs(timesMs[nearest]! - atMs) <= horizonMs / 2)) continue;
    const moved = (side === 'buy' ? qty : -qty) * (price - midWhenFilled);
    if (!Number.isFinite(moved)) continue;
    known++;
    amount += moved;
    traded += qty * midWhenFilled;
  }
  return { horizonMs, fills: known, amount, bps: traded > 0 ? (amount / traded) * 10_000 : null };
}
