import { decimalsOf, groupedText } from '../format/decimal.ts';
import { clockTime } from '../format/time.ts';
import type { Market } from '../market/market.ts';
import { useStore } from '../store/use-store.ts';
import { Panel } from './panel.tsx';
import { PanelState } from './panel-state.tsx';

/** More would not be seen without scrolling past what is long gone. */
const SHOWN_MAX = 80;

/** The tape, newest first. The taker side is told by letter and arrow, not by colour alone. */
export function TradesPanel({ market }: { readonly market: Market }) {
  const trades = useStore(market.trades);
  const { priceDecimals, qtyDecimals } = market.instrument;
  return (
    <Panel name="trades" title="Trades" area="trades">
      <table class="table tape" data-testid="tape">
        <thead>
          <tr>
            <th scope="col">
              <span class="unseen">Taker side</span>
            </th>
            <th scope="col" class="number">
              Price
            </th>
            <th scope="col" class="number">
              Quantity
            </th>
            <th scope="col" class="number">
              Time
            </th>
          </tr>
        </thead>
        <tbody>
          {trades.slice(0, SHOWN_MAX).map(({ id, side, price, qty, timeMs }) => (
            <tr key={id}>
              <td class={`tape-side ${side === 'buy' ? 'up' : 'down'}`}>
                <abbr title={side === 'buy' ? 'Taker bought' : 'Taker sold'}>{side === 'buy' ? '▲B' : '▼S'}</abbr>
              </td>
              <td class={`number ${side === 'buy' ? 'up' : 'down'}`}>
                {groupedText(price, priceDecimals ?? decimalsOf(price))}
              </td>
              <td class="number">{groupedText(qty, qtyDecimals ?? decimalsOf(qty))}</td>
              <td class="number dim">{clockTime(timeMs)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <PanelState part="trades" isEmpty={trades.length === 0} empty="No trades yet" />
    </Panel>
  );
}
