import { grouped, signed } from '../format/decimal.ts';
import { clockTime, dateTime } from '../format/time.ts';
import { positionText, type TradingFill, type TradingOrder, type TradingSession } from '../market/trading.ts';

const FILLS_SHOWN = 8;

/** What a session has, risks and did last. */
export function TradingSessionView({ session }: { readonly session: TradingSession }) {
  const { equity, initialBalance, walletBalance, unrealisedPnl, realisedPnl, fees, funding, markPrice } = session;
  const change = equity - initialBalance;
  const notional = markPrice === null ? null : Math.abs(session.position) * markPrice;
  return (
    <div class="session">
      <p class="dim">
        {session.strategy} on {session.instrument} since {dateTime(session.sinceMs)} UTC · {session.parameters}
      </p>
      <dl class="figures">
        <Figure label="Equity" value={grouped(equity, 2)} />
        <Figure
          label="Since the start"
          value={signed(change, 2)}
          tone={change === 0 ? '' : change > 0 ? 'up' : 'down'}
        />
        <Figure
          label="Position"
          value={positionText(session)}
          note={notional === null || notional === 0 ? undefined : `worth ${grouped(notional, 0)}`}
        />
        <Figure label="Unrealised" value={signed(unrealisedPnl, 2)} />
        <Figure label="Realised" value={signed(realisedPnl, 2)} />
        <Figure label="Fees" value={grouped(fees, 2)} />
        <Figure label="Funding" value={signed(funding, 2)} />
        <Figure label="Wallet" value={grouped(walletBalance, 2)} />
      </dl>
      {session.stopped.length === 0 ? null : (
        <p class="limits">
          Stopped by risk limits: {session.stopped.map(([limit, count]) => `${limit} ${grouped(count, 0)}`).join(' · ')}
        </p>
      )}
      <div class="session-tables">
        <Orders orders={session.orders} />
        <Fills fills={session.fills.slice(0, FILLS_SHOWN)} />
      </div>
    </div>
  );
}

function Figure(props: {
  readonly label: string;
  readonly value: string;
  readonly note?: string | undefined;
  readonly tone?: string;
}) {
  return (
    <div>
      <dt>{props.label}</dt>
      <dd class={props.tone ?? ''}>
        {props.value}
        {props.note === undefined ? null : <span class="dim"> {props.note}</span>}
      </dd>
    </div>
  );
}

function Orders({ orders }: { readonly orders: readonly TradingOrder[] }) {
  return (
    <table class="table" aria-label="Open orders">
      <thead>
        <tr>
          <th scope="col">Open orders</th>
          <th scope="col" class="number">
            Price
          </th>
          <th scope="col" class="number">
            Quantity
          </th>
          <th scope="col">State</th>
        </tr>
      </thead>
      <tbody>
        {orders.map(({ orderId, side, price, qty, state }) => (
          <tr key={orderId}>
            <td class={side === 'buy' ? 'up' : 'down'}>{side}</td>
            <td class="number">{price === null ? 'market' : String(price)}</td>
            <td class="number">{qty}</td>
            <td>{state}</td>
          </tr>
        ))}
        {orders.length === 0 ? (
          <tr>
            <td colSpan={4} class="dim">
              none
            </td>
          </tr>
        ) : null}
      </tbody>
    </table>
  );
}

function Fills({ fills }: { readonly fills: readonly TradingFill[] }) {
  return (
    <table class="table" aria-label="Last fills">
      <thead>
        <tr>
          <th scope="col">Last fills</th>
          <th scope="col">Side</th>
          <th scope="col" class="number">
            Price
          </th>
          <th scope="col" class="number">
            Quantity
          </th>
          <th scope="col">By</th>
          <th scope="col" class="number">
            Fee
          </th>
          <th scope="col" class="number">
            Realised
          </th>
        </tr>
      </thead>
      <tbody>
        {fills.map(({ timeMs, orderId, side, price, qty, outcome, fee, realisedPnl }) => (
          <tr key={`${orderId} ${timeMs} ${qty}`}>
            <td>{clockTime(timeMs)}</td>
            <td class={side === 'buy' ? 'up' : 'down'}>{side}</td>
            <td class="number">{price}</td>
            <td class="number">{qty}</td>
            <td>{outcome}</td>
            <td class="number">{fee.toFixed(4)}</td>
            <td class="number">{realisedPnl === 0 ? '–' : signed(realisedPnl, 4)}</td>
          </tr>
        ))}
        {fills.length === 0 ? (
          <tr>
            <td colSpan={7} class="dim">
              none yet
            </td>
          </tr>
        ) : null}
      </tbody>
    </table>
  );
}
