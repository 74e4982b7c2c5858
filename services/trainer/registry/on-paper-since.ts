import type { StageChange } from './model-record.ts';

/** When a model came to paper last, ms since the epoch; null: never. @param changes of that model, from the first on */
export function onPaperSince(changes: readonly StageChange[]): number | null {
  return changes.findLast(({ to }) => to === 'paper')?.atMs ?? null;
}
