import { assetsOf } from '../../backtest/finish-result.ts';
import { decimal, percent, range } from '../../backtest/report/numbers.ts';
import { table } from '../../cli/table.ts';
import type { TestedFigures } from '../model/model.ts';

/** In what the figures of a table are. */
export function testedUnits(instrument: string): string {
  return `Fees and funding in ${assetsOf(instrument).quote}; Sharpe ratios of a year.`;
}

/** What agents and baselines were worth over the same span, for people. */
export function testedTable(figures: readonly TestedFigures[]): string {
  const rows = figures.map(({ name, total, sharpe, sharpeInterval, maxDrawdown, filled, fees, funding }) => [
    name,
    percent(total),
    decimal(sharpe),
    range(sharpeInterval, decimal),
    percent(maxDrawdown),
    decimal(filled, 0),
    decimal(fees),
    decimal(funding),
  ]);
  const head = ['', 'RETURN', 'SHARPE', '95 %', 'DRAWDOWN', 'FILLS', 'FEES', 'FUNDING'];
  return table(head, rows, head.slice(1));
}
