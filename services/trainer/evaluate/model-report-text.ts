import { utc } from '../../backtest/report/numbers.ts';
import type { BarData } from '../run/bar-data.ts';
import type { ModelReport } from './evaluate-model.ts';
import { spanText } from './evaluation-text.ts';

/** An evaluation of a model for people. */
export function modelReportText({ config }: BarData, { model, train, verdict, span }: ModelReport): string {
  return [
    `Model ${model} of ${config.instrument}, candles of ${config.interval}; it has learned from ${utc(train.fromMs)} to ${utc(train.toMs)} UTC`,
    '',
    verdict,
    '',
    `OUT OF SAMPLE: ${utc(span.fromMs)} to ${utc(span.toMs)} UTC`,
    spanText(span),
  ].join('\n');
}
