import type { Decided } from '../../operators/ledger/ledger-event.ts';

/** What an account was worth at each decision, as it was forward and as it is backward. Columns of equal length. */
export interface EquityComparison {
  /** ms since the epoch. */
  readonly timesMs: readonly number[];
  /** Quote asset; null: nothing was decided then. */
  readonly forward: readonly (number | null)[];
  readonly backtest: readonly (number | null)[];
}

/** More than a chart is wide in pixels would not be seen. */
const POINTS_MAX = 600;
/** Of a bundle come its lowest, its highest, and where the two are farthest apart. */
const POINTS_A_BUNDLE = 3;

interface Row {
  readonly timeMs: number;
  readonly forward: number | null;
  readonly backtest: number | null;
}

/** @returns the two side by side in the order of time, thinned to what can be seen, and how far they are apart at most */
export function compareEquity(
  forward: readonly Decided[],
  backtest: readonly Decided[],
): { readonly curves: EquityComparison; readonly differenceMax: number } {
  const rows = thinned(aligned(forward, backtest));
  return {
    curves: {
      timesMs: rows.map(({ timeMs }) => timeMs),
      forward: rows.map((row) => row.forward),
      backtest: rows.map((row) => row.backtest),
    },
    // The farthest of each bundle is kept.
    differenceMax: rows.reduce((most, row) => Math.max(most, apart(row)), 0),
  };
}

/** Both are in the order of time, and decide once at a time. */
function aligned(forward: readonly Decided[], backtest: readonly Decided[]): Row[] {
  const rows: Row[] = [];
  let [f, b] = [0, 0];
  while (f < forward.length || b < backtest.length) {
    const timeUs = Math.min(forward[f]?.timeUs ?? Infinity, backtest[b]?.timeUs ?? Infinity);
    rows.push({
      timeMs: timeUs / 1_000,
      forward: forward[f]?.timeUs === timeUs ? forward[f++]!.equity : null,
      backtest: backtest[b]?.timeUs === timeUs ? backtest[b++]!.equity : null,
    });
  }
  return rows;
}

/** Both ends, and of each bundle between them the rows that tell most. */
function thinned(rows: readonly Row[]): readonly Row[] {
  if (rows.length <= POINTS_MAX) return rows;
  const inner = rows.slice(1, -1);
  const bundles = Math.floor((POINTS_MAX - 2) / POINTS_A_BUNDLE);
  const kept = Array.from({ length: bundles }, (_, n) => {
    const bundle = inner.slice(
      Math.floor((n * inner.length) / bundles),
      Math.floor(((n + 1) * inner.length) / bundles),
    );
    const first = bundle[0]!;
    const most = (of: (row: Row) => number): Row =>
      bundle.reduce((best, row) => (of(row) > of(best) ? row : best), first);
    const chosen = new Set([most(level), most((row) => -level(row)), most(apart)]);
    return bundle.filter((row) => chosen.has(row));
  });
  return [rows[0]!, ...kept.flat(), rows.at(-1)!];
}

function level({ forward, backtest }: Row): number {
  return forward ?? backtest!;
}

/** Where one of them says nothing they cannot be compared. */
function apart({ forward, backtest }: Row): number {
  return forward === null || backtest === null ? 0 : Math.abs(forward - backtest);
}
