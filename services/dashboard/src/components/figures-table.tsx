import { grouped, percent, signed } from '../format/decimal.ts';
import { assetsOf } from '../market/trading.ts';
import type { Bounds, Figures } from '../training/figures.ts';

/** What agents and baselines were worth over one span, with all costs, a line each. */
export function FiguresTable(props: {
  readonly label: string;
  readonly instrument: string;
  readonly figures: readonly Figures[];
  /** Id of the model that a line is of. */
  readonly model?: (figures: Figures) => string | null;
  readonly onModel?: (id: string) => void;
}) {
  const { label, instrument, figures, model, onModel } = props;
  const { quote } = assetsOf(instrument);
  const unit = quote === '' ? null : <span class="unit">{quote}</span>;
  return (
    <div class="wide-table">
      <table class="table" aria-label={label}>
        <thead>
          <tr>
            <th scope="col" />
            <th scope="col" class="number">
              Return
            </th>
            <th scope="col" class="number">
              Sharpe
            </th>
            <th scope="col" class="number">
              95 %
            </th>
            <th scope="col" class="number">
              Drawdown
            </th>
            <th scope="col" class="number">
              Fills
            </th>
            <th scope="col" class="number">
              Fees {unit}
            </th>
            <th scope="col" class="number">
              Funding {unit}
            </th>
            {model === undefined ? null : <th scope="col">Model</th>}
          </tr>
        </thead>
        <tbody>
          {figures.map((line) => {
            const id = model?.(line) ?? null;
            return (
              <tr key={line.name}>
                <th scope="row">{line.name}</th>
                <td class={`number ${line.total === 0 ? '' : line.total > 0 ? 'up' : 'down'}`}>
                  {percent(line.total)}
                </td>
                <td class="number">{sharpeText(line.sharpe)}</td>
                <td class="number">{boundsText(line.sharpeInterval)}</td>
                <td class="number">{grouped(line.maxDrawdown * 100, 2)}%</td>
                <td class="number">
                  {grouped(line.filled, 0)}
                  {line.liquidations === 0 ? null : (
                    <span class="field-problem"> {grouped(line.liquidations, 0)} liquidated</span>
                  )}
                </td>
                <td class="number">{grouped(line.fees, 2)}</td>
                <td class="number">{signed(line.funding, 2)}</td>
                {model === undefined ? null : (
                  <td>
                    {id === null ? null : (
                      <button
                        type="button"
                        class="link-button"
                        aria-label={`Model of ${line.name}`}
                        onClick={() => onModel?.(id)}
                      >
                        <code>{id}</code>
                      </button>
                    )}
                  </td>
                )}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

export function sharpeText(sharpe: number | null): string {
  return sharpe === null ? '–' : grouped(sharpe, 2);
}

export function boundsText(bounds: Bounds | null): string {
  return bounds === null ? '–' : `${grouped(bounds.low, 2)} to ${grouped(bounds.high, 2)}`;
}
