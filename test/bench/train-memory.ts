import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Bench, median } from './bench.ts';

const STEPS = 1_000_000;
const RUN = fileURLToPath(new URL('train-memory-run.ts', import.meta.url));

/** What the run in a process of its own says. */
export interface TrainMemory {
  readonly steps: number;
  readonly seconds: number;
  /** MB, in equal parts of the run, after a collection; heap: with what lies outside of it. */
  readonly rss: readonly number[];
  readonly heap: readonly number[];
  /** More than there were when the run was made. */
  readonly tensorsLeft: number;
}

export default {
  name: 'train-memory',
  summary: `MB by which the heap, and what lies outside of it, grew in the second half of ${STEPS.toLocaleString('en')} steps of PPO on CartPole, after collections`,
  target: { of: 'value', at: 'most', bound: 1 },
  async run() {
    // Else V8 makes its young generation larger at some time, and RSS goes up by a step of 32 MB.
    const flags = ['--expose-gc', '--max-semi-space-size=16'];
    const { stdout } = await promisify(execFile)(process.execPath, [...flags, RUN, String(STEPS)]);
    const { steps, seconds, rss, heap, tensorsLeft } = JSON.parse(stdout) as TrainMemory;
    if (steps < STEPS || tensorsLeft !== 0)
      throw new Error(`train-memory: expected ${STEPS} steps and no tensor left, found ${steps} and ${tensorsLeft}`);
    const said = `RSS ${growth(rss).toFixed(0)} MB, to ${rss.at(-1)!.toFixed(0)} MB; ${seconds.toFixed(0)} s`;
    return {
      name: 'train-memory',
      value: growth(heap),
      unit: 'MB',
      reference: null,
      referenceValue: null,
      ratio: null,
      note: `no tensor left; ${said}`,
    };
  },
} satisfies Bench;

/** From the middle of the run to its end: medians of a fifth of it each, since a collection more or less is some megabytes. */
function growth(samples: readonly number[]): number {
  const fifth = samples.length / 5;
  const middle = samples.length / 2;
  return median(samples.slice(-fifth)) - median(samples.slice(middle - fifth / 2, middle + fifth / 2));
}
