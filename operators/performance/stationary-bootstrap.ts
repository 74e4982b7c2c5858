/** Uniform numbers in [0, 1) from a generator with a seed. */
export type Uniform = () => number;

/** A figure of columns of equal length, such as a Sharpe ratio of the first; `null`: it has no answer. */
export type Statistic = (columns: readonly Float64Array[]) => number | null;

export interface BootstrapOptions {
  /** How many resampled series. */
  readonly samples: number;
  /** Mean length of a block, at least 1; see `blockLength`. */
  readonly blockLength: number;
  readonly uniform: Uniform;
}

/**
 * Figures of resampled series, each in ascending order: what they would have been had the same sort of periods come
 * otherwise. All columns are resampled by the same places, so that what belongs to one period stays together. A figure
 * without an answer is left out, so a list may be shorter than `samples`.
 */
export function bootstrap(
  columns: readonly ArrayLike<number>[],
  statistics: readonly Statistic[],
  { samples, blockLength, uniform }: BootstrapOptions,
): Float64Array[] {
  const count = columns[0]?.length ?? 0;
  if (count === 0) return statistics.map(() => new Float64Array());
  const places = new Int32Array(count);
  const resampled = columns.map(() => new Float64Array(count));
  const figures = statistics.map((): number[] => []);
  for (let sample = 0; sample < samples; sample++) {
    resample(places, blockLength, uniform);
    for (const [c, column] of columns.entries()) for (let n = 0; n < count; n++) resampled[c]![n] = column[places[n]!]!;
    for (const [s, statistic] of statistics.entries()) {
      const figure = statistic(resampled);
      if (figure !== null) figures[s]!.push(figure);
    }
  }
  return figures.map((list) => Float64Array.from(list).sort());
}

/**
 * Places of the stationary bootstrap: from one to the next, going round at the end, with a jump to any place with
 * probability 1 / blockLength, so that blocks have geometric lengths.
 * @see Politis & Romano (1994), "The Stationary Bootstrap", JASA 89(428).
 */
export function resample(places: Int32Array, blockLength: number, uniform: Uniform): void {
  const count = places.length;
  const jump = 1 / blockLength;
  let place = 0;
  for (let n = 0; n < count; n++) {
    const isNew = n === 0 || jump >= 1 || uniform() < jump;
    place = isNew ? Math.floor(uniform() * count) : (place + 1) % count;
    places[n] = place;
  }
}
