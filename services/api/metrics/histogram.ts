import { head, type Labels, line } from './exposition.ts';

export interface Histogram {
  /** Counts one observation, in the unit of the metric's name. */
  observe(labels: Labels, value: number): void;
  /** As Prometheus reads it. */
  expose(): string;
}

interface Series {
  readonly labels: Labels;
  /** Observations of each bucket alone; the last one has no upper bound. */
  readonly counts: number[];
  sum: number;
}

/** @param bounds upper bounds of the buckets, ascending */
export function createHistogram(name: string, help: string, bounds: readonly number[]): Histogram {
  const all = new Map<string, Series>();

  function seriesOf(labels: Labels): Series {
    const key = JSON.stringify(labels);
    const known = all.get(key);
    if (known !== undefined) return known;
    const series = { labels, counts: new Array<number>(bounds.length + 1).fill(0), sum: 0 };
    all.set(key, series);
    return series;
  }

  function exposeSeries({ labels, counts, sum }: Series): string {
    let total = 0;
    const buckets = counts.map((count, n) => {
      total += count;
      const le = n < bounds.length ? String(bounds[n]) : '+Inf';
      return line(`${name}_bucket`, { labels: { ...labels, le }, value: total });
    });
    return [
      ...buckets,
      line(`${name}_sum`, { labels, value: sum }),
      line(`${name}_count`, { labels, value: total }),
    ].join('');
  }

  return {
    observe(labels, value) {
      const series = seriesOf(labels);
      const bucket = bounds.findIndex((bound) => value <= bound);
      series.counts[bucket < 0 ? bounds.length : bucket]! += 1;
      series.sum += value;
    },
    expose: () => (all.size === 0 ? '' : head(name, help, 'histogram') + [...all.values()].map(exposeSeries).join('')),
  };
}
