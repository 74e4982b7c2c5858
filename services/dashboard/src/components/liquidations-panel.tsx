import { compact, decimalsOf, groupedText } from '../format/decimal.ts';
import { clockTime } from '../format/time.ts';
import type { Market } from '../market/market.ts';
import { useStore } from '../store/use-store.ts';
import { Panel } from './panel.tsx';
import { PanelState } from './panel-state.tsx';

/** Liquidation orders, newest first, with their value in the quote asset. */
export function LiquidationsPanel({ market }: { readonly market: Market }) {
  const liquidations = useStore(market.liquidations);
  const { priceDecimals } = market.instrument;
  return (
    <Panel name="liquidations" title="Liquidations" area="liquidations">
      <table class="table tape">
        <thead>
          <tr>
            <th scope="col">Position</th>
            <th scope="col" class="number">
              Price
            </th>
            <th scope="col" class="number">
              Value
            </th>
            <th scope="col" class="number">
              Time
            </th>
          </tr>
        </thead>
        <tbody>
          {liquidations.map(({ side, price, qty, timeMs }) => (
            <tr key={`${timeMs} ${side} ${price} ${qty}`}>
              <td class={side === 'buy' ? 'up' : 'down'}>{side === 'buy' ? '▲ Short' : '▼ Long'}</td>
              <td class="number">{groupedText(price, priceDecimals ?? decimalsOf(price))}</td>
              <td class="number">{compact(Number(price) * Number(qty))}</td>
              <td class="number dim">{clockTime(timeMs)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <PanelState part="liquidations" isEmpty={liquidations.length === 0} empty="No liquidations yet" />
    </Panel>
  );
}
