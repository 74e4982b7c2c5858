import { useMemo, useState } from 'preact/hooks';
import { curveOf } from '../training/curve.ts';
import { metricNames, metricTitle, USUAL_METRIC } from '../training/metrics.ts';
import type { RunUpdates } from '../training/run-updates.ts';
import { CurveChart } from './curve-chart.tsx';

/** One metric of each seed over the steps of its training. */
export function RunCurves({ seeds, updates }: { readonly seeds: readonly number[]; readonly updates: RunUpdates }) {
  const [metric, setMetric] = useState(USUAL_METRIC);
  const curves = useMemo(
    () => seeds.map((seed) => curveOf(seed, updates.get(seed) ?? [], metric)),
    [seeds.join(), updates, metric],
  );
  return (
    <section class="curves">
      <label class="curve-metric">
        <span class="unseen">Metric that is drawn</span>
        <select value={metric} onChange={(event) => setMetric(event.currentTarget.value)}>
          {metricNames(updates).map((name) => (
            <option key={name} value={name}>
              {metricTitle(name)}
            </option>
          ))}
        </select>
      </label>
      <CurveChart title={metricTitle(metric)} curves={curves} />
    </section>
  );
}
