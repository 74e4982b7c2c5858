import { BadInput } from '../../../infra/setup-error.ts';
import { indexFrom } from '../../../pipelines/environment/bar-span.ts';
import { strategyFeatureSet, type WantedFeature } from '../../../pipelines/simulation/strategy-features.ts';
import { columnWarmUpMs } from '../../../pipelines/simulation/strategy-warm-up.ts';
import type { BarTape } from '../../../streams/tape/bar-tape.ts';
import { counted, utc } from '../../backtest/report/numbers.ts';
import type { Span } from './bar-data.ts';
import type { TrainConfig } from './train-config.ts';

/**
 * Whether the training span is longer than what its features need before they have a value.
 * @throws BadInput that names the feature which needs most, with how many candles it needs and how many there are
 */
export function checkWarmUp(config: TrainConfig, bars: Pick<BarTape, 'openTimesMs' | 'intervalMs'>, train: Span): void {
  const { openTimesMs, intervalMs } = bars;
  const features = config.features as readonly WantedFeature[];
  const set = strategyFeatureSet({ name: 'agent', features, barMs: () => intervalMs }, {})!;
  const [from, to] = [indexFrom(openTimesMs, train.fromMs), indexFrom(openTimesMs, train.toMs)];
  const needs = set.columns.map(({ name }, n) => ({ name, bars: Math.ceil(columnWarmUpMs(set, n) / intervalMs) }));
  const [most] = needs.sort((one, other) => other.bars - one.bars);
  if (most === undefined || most.bars <= to) return;
  const before = from === 0 ? '' : ` and ${counted(from, 'candle')} before it`;
  throw new BadInput(
    `train: expected a span long enough for its features, found ${utc(train.fromMs)} to ${utc(train.toMs)} UTC: ${most.name} is valid after ${counted(most.bars, 'candle')} of ${config.interval}, the training span has ${to - from}${before}`,
  );
}
