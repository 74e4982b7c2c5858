import type { BacktestResult, InvalidSpan } from '../backtest-result.ts';
import type { InvalidFigures } from './backtest-report.ts';
import type { CurveSamples } from './curve-samples.ts';

/** Spans within the run in order of time, those that overlap or touch made one; its reasons are joined. */
export function mergedSpans({ invalidSpans, fromMs, toMs }: BacktestResult): InvalidSpan[] {
  const spans = invalidSpans
    .map((span) => ({ ...span, fromMs: Math.max(fromMs, span.fromMs), toMs: Math.min(toMs, span.toMs) }))
    .filter((span) => span.fromMs <= span.toMs)
    .sort((a, b) => a.fromMs - b.fromMs || a.toMs - b.toMs);
  const merged: { fromMs: number; toMs: number; reasons: Set<string> }[] = [];
  for (const { fromMs: from, toMs: to, reason } of spans) {
    const last = merged.at(-1);
    if (last === undefined || from > last.toMs) merged.push({ fromMs: from, toMs: to, reasons: new Set([reason]) });
    else {
      last.toMs = Math.max(last.toMs, to);
      last.reasons.add(reason);
    }
  }
  return merged.map(({ fromMs: from, toMs: to, reasons }) => ({
    fromMs: from,
    toMs: to,
    reason: [...reasons].sort().join(', '),
  }));
}

export function invalidFigures(result: BacktestResult, samples: CurveSamples): InvalidFigures {
  const spans = mergedSpans(result);
  const durationMs = spans.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0);
  const byReason: Record<string, number> = {};
  for (const { reason } of result.invalidSpans) byReason[reason] = (byReason[reason] ?? 0) + 1;
  let [fills, held] = [0, 0];
  for (const span of spans) {
    fills += firstAfter(result.fills, span.toMs) - firstAfter(result.fills, span.fromMs, true);
    if (wasHeld(samples, span)) held++;
  }
  return {
    spans: result.invalidSpans.length,
    durationMs,
    share: result.toMs > result.fromMs ? durationMs / (result.toMs - result.fromMs) : 0,
    byReason: Object.fromEntries(Object.entries(byReason).sort(([a], [b]) => (a < b ? -1 : 1))),
    fills,
    held,
  };
}

/** Place of the first fill after a time, or at it. */
function firstAfter(fills: BacktestResult['fills'], timeMs: number, orAt = false): number {
  let [low, high] = [0, fills.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const isBefore = orAt ? fills[middle]!.timeMs < timeMs : fills[middle]!.timeMs <= timeMs;
    if (isBefore) low = middle + 1;
    else high = middle;
  }
  return low;
}

function wasHeld({ timesMs, position }: CurveSamples, { fromMs, toMs }: InvalidSpan): boolean {
  let [low, high] = [0, timesMs.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (timesMs[middle]! <= fromMs) low = middle + 1;
    else high = middle;
  }
  for (let n = Math.max(0, low - 1); n < timesMs.length && timesMs[n]! <= toMs; n++) if (position[n] !== 0) return true;
  return false;
}
