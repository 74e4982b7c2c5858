import { sparkline } from '../../cli/sparkline.ts';
import type { JobProgress } from '../../jobs/job-kind.ts';
import type { Metrics } from '../algorithms/learner.ts';
import { algorithmOf } from './config-algorithm.ts';
import type { RunConfig } from './run-config.ts';

/** How far a run is, all seeds together. */
export interface RunProgress {
  readonly add: (seed: number, metrics: readonly Metrics[]) => void;
  readonly now: () => JobProgress;
}

const CURVE_WIDTH = 12;

export function createRunProgress(id: string, config: RunConfig): RunProgress {
  const { seeds } = config;
  const { totalSteps } = algorithmOf(config).settings;
  const of = seeds.length * totalSteps;
  const bySeed = new Map(seeds.map((seed) => [seed, { steps: 0, returns: [] as number[] }]));
  return {
    add(seed, metrics) {
      const known = bySeed.get(seed)!;
      for (const { globalStep, episodeReturnMean } of metrics) {
        known.steps = Math.min(totalSteps, globalStep!);
        if (typeof episodeReturnMean === 'number') known.returns.push(episodeReturnMean);
      }
    },
    now() {
      const done = bySeed.values().reduce((sum, { steps }) => sum + steps, 0);
      const detail = [...bySeed]
        .filter(([, { returns }]) => returns.length > 0)
        .map(([seed, { returns }]) => `${seed} ${sparkline(returns, CURVE_WIDTH)} ${returns.at(-1)!.toPrecision(3)}`)
        .join('  ');
      return { text: `run ${id}`, done, of, unit: 'steps', share: done / of, ...(detail === '' ? {} : { detail }) };
    },
  };
}
