import { fieldsOf, isObject } from '../api/fields.ts';
import type { SeedProgress } from './run.ts';

/** What one update of a seed measured. */
export interface RunUpdate {
  readonly seed: number;
  /** Steps of all the seed's environments together. */
  readonly step: number;
  /** null: there was nothing to measure yet. */
  readonly metrics: Readonly<Record<string, number | null>>;
}

/** By seed, each in the order of steps. */
export type RunUpdates = ReadonlyMap<number, readonly RunUpdate[]>;

/** @throws TypeError naming the field that is not as expected */
export function readUpdate(value: unknown): RunUpdate {
  const fields = fieldsOf('run/metrics', value);
  const metrics = fields.raw('metrics');
  if (!isObject(metrics)) throw new TypeError('run/metrics/metrics: expected a JSON object');
  return {
    seed: fields.number('seed'),
    step: fields.number('step'),
    metrics: metrics as RunUpdate['metrics'],
  };
}

/** Takes updates in. One of a step that is there takes its place: a run that is resumed tells some of them once more. */
export function withUpdates(before: RunUpdates, updates: readonly RunUpdate[]): RunUpdates {
  if (updates.length === 0) return before;
  const next = new Map([...before].map(([seed, of]) => [seed, [...of]]));
  for (const update of updates) {
    const of = next.get(update.seed) ?? [];
    next.set(update.seed, of);
    put(of, update);
  }
  return next;
}

/** Looked for from the end, where nearly all come in. */
function put(of: RunUpdate[], update: RunUpdate): void {
  let at = of.length;
  while (at > 0 && of[at - 1]!.step >= update.step) at--;
  of.splice(at, of[at]?.step === update.step ? 1 : 0, update);
}

export function progressOf(updates: RunUpdates): readonly SeedProgress[] {
  return [...updates].flatMap(([seed, of]) => {
    const last = of.at(-1);
    return last === undefined ? [] : [{ seed, step: last.step }];
  });
}
