/** What a benchmark is given. */
export interface BenchContext {
  /** Folder of the recordings; undefined: there are none, and the venue's own model makes the input. */
  readonly captures: string | undefined;
  /** Says something to a person, on stderr. */
  readonly say: (line: string) => void;
}

/** What a benchmark measured: the median of at least five runs, ours and the reference in the same process or run. */
export interface BenchResult {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** What it is compared with; null where it is judged by its value alone. */
  readonly reference: string | null;
  readonly referenceValue: number | null;
  /** How many times as fast as the reference; null without one. */
  readonly ratio: number | null;
  /** Where the input is not a capture, or anything else a reader must know. */
  readonly note?: string;
}

/** One file of test/bench, by its default export. */
export interface Bench {
  readonly name: string;
  readonly summary: string;
  /** What has to be reached, as docs/performance.md prints it: `ratio ≥ 4`. */
  readonly target: { readonly of: 'ratio' | 'value'; readonly at: 'least' | 'most'; readonly bound: number };
  readonly run: (context: BenchContext) => Promise<BenchResult>;
}

/** Runs that a median is taken of. */
export const RUNS = 7;

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Of works that take a tenth of a second: a machine shared with others changes its speed by half from second to second. */
const SHORT_RUNS = 25;

/**
 * Times short works in turn, so that a slow spell of the machine meets all of them.
 * @returns the median time of each, ms
 */
export function timeInTurn(works: readonly (() => void)[]): number[] {
  const times = works.map((): number[] => []);
  for (let run = -1; run < SHORT_RUNS; run++) {
    works.forEach((work, n) => {
      const startMs = performance.now();
      work();
      // The first run warms up.
      if (run >= 0) times[n]!.push(performance.now() - startMs);
    });
  }
  return times.map(median);
}
