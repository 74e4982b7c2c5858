import { BadInput } from '../../../infra/setup-error.ts';
import { walkForward } from '../../../operators/search/walk-forward.ts';
import { duration } from '../../backtest/report/numbers.ts';
import type { BarData, Span } from '../run/bar-data.ts';

/** What is trained on the one span is judged on the other. */
export interface Fold {
  readonly train: Span;
  readonly test: Span;
}

export interface Folds {
  /** Within the config's training span; each training span begins with it, and grows. */
  readonly folds: readonly Fold[];
  /** The last training, and the span that nothing else has touched. */
  readonly final: Fold;
  readonly purgeMs: number;
  readonly embargoMs: number;
}

export interface FoldsOptions {
  /** Of the walk-forward. */
  readonly folds: number;
  /** The features' warm-up and a candle where it is not said. */
  readonly purgeMs?: number | undefined;
  /** A hundredth of the training span where it is not said. */
  readonly embargoMs?: number | undefined;
}

/** The first training span is as long as so many test spans. */
const TESTS_A_TRAIN = 3;
const EMBARGO_SHARE = 0.01;

/** @throws BadInput where the training span is too short for so many folds */
export function foldsOf(data: BarData, { folds: count, ...said }: FoldsOptions): Folds {
  const { train, test, bars } = data;
  const { intervalMs } = bars;
  const wholeBars = (ms: number): number => Math.floor(ms / intervalMs) * intervalMs;
  const fromMs = Math.max(train.fromMs, bars.openTimesMs[0]!);
  const toMs = Math.min(train.toMs, bars.openTimesMs.at(-1)! + intervalMs);
  const purgeMs = said.purgeMs ?? (warmUpBars(data) + 1) * intervalMs;
  const embargoMs = said.embargoMs ?? wholeBars((toMs - fromMs) * EMBARGO_SHARE);
  const gapMs = purgeMs + embargoMs;
  const testMs = wholeBars((toMs - fromMs - gapMs) / (count + TESTS_A_TRAIN));
  const lengths = { trainMs: TESTS_A_TRAIN * testMs, testMs };
  if (testMs < 2 * intervalMs)
    throw new BadInput(
      `train: expected enough for ${count} folds with ${duration(gapMs)} left out between training and test (purge, embargo), found ${duration(toMs - fromMs)}`,
    );
  const windows = walkForward({ fromMs, toMs, ...lengths, purgeMs, embargoMs, isAnchored: true });
  const isBehind = train.fromMs >= test.toMs;
  const final = isBehind
    ? { fromMs: Math.max(fromMs, test.toMs + gapMs), toMs }
    : { fromMs, toMs: Math.min(toMs, test.fromMs - gapMs) };
  return {
    folds: windows.slice(0, count).map(({ trainFromMs, trainToMs, testFromMs, testToMs }) => ({
      train: { fromMs: trainFromMs, toMs: trainToMs },
      test: { fromMs: testFromMs, toMs: testToMs },
    })),
    final: { train: final, test },
    purgeMs,
    embargoMs,
  };
}

/** Candles before the first one at which every feature has a value. */
function warmUpBars({ features: { columns, values } }: BarData): number {
  const width = columns.length;
  for (let row = 0; row * width < values.length; row++)
    if (!values.subarray(row * width, (row + 1) * width).some(Number.isNaN)) return row;
  return values.length / width;
}
