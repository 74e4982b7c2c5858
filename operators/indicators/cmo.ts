import type { Projection } from '../fold.ts';
import { createRollingPath, pushRollingPath, type RollingPath } from '../rolling/rolling-path.ts';
import { checkPeriod } from './period.ts';

/**
 * Chande momentum oscillator, from −100 (only falls) to 100 (only rises): 100·(R − F)/(R + F), with R and F the sums of
 * rises and of falls over the last `period` changes. 0 where nothing changed.
 *
 * R − F is where they led: 100·(x − x₋ₚ)/Σ|Δx|. Speaks from input `period` + 1 on. The same wherever it began.
 * @throws RangeError for an impossible `period`
 * @see Chande & Kroll (1994), "The New Technical Trader", Wiley.
 */
export function cmo({ period }: { readonly period: number }): Projection<number, RollingPath, number> {
  checkPeriod('cmo', 'period', period);
  return {
    initialState: () => createRollingPath(period),
    evolve: (path, value) => {
      pushRollingPath(path, value);
      return path;
    },
    project: ({ changes, length, net }) => {
      if (changes.count < period) return undefined;
      return length.high === 0 ? 0 : (100 * net) / length.high;
    },
  };
}
