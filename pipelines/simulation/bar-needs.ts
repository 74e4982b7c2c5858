import type { Parameters } from '../../operators/features/definition.ts';
import type { StrategyDefinition } from './strategy.ts';
import { otherThanBars, strategyFeatureSet } from './strategy-features.ts';

/** What candles can tell a strategy of, beside bars and its own fills. */
const TOLD: ReadonlySet<string> = new Set(['timer']);

/**
 * Why a strategy cannot be run on candles; undefined: it can. It may ask for bars and timers of a multiple of their length.
 * @param interval such as `5m`
 */
export function unmetByCandles(
  definition: StrategyDefinition,
  parameters: Parameters,
  interval: string,
  intervalMs: number,
): string | undefined {
  const { name, events, barMs, everyMs } = definition;
  const asks = `strategy ${name} asks for`;
  const there = `there are only candles of ${interval}`;
  const untold = events.filter((type) => !TOLD.has(type));
  if (untold.length > 0) return `${asks} ${untold.join(', ')}, and ${there}`;
  const set = strategyFeatureSet(definition, parameters);
  if (set !== undefined && set.sampling !== 'bars') return `${asks} features of the book or of quotes, and ${there}`;
  for (const { definition } of set?.features ?? []) {
    const other = otherThanBars(definition);
    if (other !== undefined) return `${asks} ${definition.name}, which is of ${other}, and ${there}`;
  }
  for (const [what, lengthMs] of [
    ['bars', barMs?.(parameters)],
    ['timers', everyMs?.(parameters)],
  ] as const) {
    if (lengthMs === undefined || (lengthMs >= intervalMs && lengthMs % intervalMs === 0)) continue;
    return `${asks} ${what} of ${lengthMs} ms, and ${there} (${intervalMs} ms): expected a multiple of it`;
  }
  return undefined;
}
