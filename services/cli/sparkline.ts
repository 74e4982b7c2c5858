const LEVELS = '▁▂▃▄▅▆▇█';

/** Values as bars of eight heights, the least one lowest; of more values than fit, the ones at equal distances. */
export function sparkline(values: readonly (number | null)[], width: number): string {
  const known = values.filter((value) => value !== null);
  const shown = known.length <= width ? known : Array.from({ length: width }, (_, n) => known[at(n, known.length)]!);
  const [low, high] = [Math.min(...shown), Math.max(...shown)];
  return shown.map((value) => LEVELS[high === low ? 0 : Math.round(((value - low) / (high - low)) * 7)]).join('');

  /** The last one is shown. */
  function at(n: number, count: number): number {
    return Math.ceil(((n + 1) * count) / width) - 1;
  }
}
