import { utc } from '../../backtest/report/numbers.ts';
import type { BarData } from '../run/bar-data.ts';
import type { ModelReport } from './evaluate-model.ts';
import { fundingNote, spanText, unitsNote } from './evaluation-text.ts';

/** An evaluation of a model for people. */
export function modelReportText(data: BarData, { model, train, verdict, span }: ModelReport): string {
  const { config } = data;
  return [
    `Model ${model} of ${config.instrument}, candles of ${config.interval}; it has learned from ${utc(train.fromMs)} to ${utc(train.toMs)} UTC`,
    unitsNote(data),
    ...fundingNote(data),
    '',
    verdict,
    '',
    `OUT OF SAMPLE: ${utc(span.fromMs)} to ${utc(span.toMs)} UTC`,
    spanText(span),
  ].join('\n');
}
