import { grouped, percent, plain, signed } from '../format/decimal.ts';
import { clockTime, dateTime } from '../format/time.ts';
import type { EquityLine } from '../market/equity-line.ts';
import {
  assetsOf,
  positionText,
  type TradingFill,
  type TradingOrder,
  type TradingSession,
  type WaitingOrder,
  withUnit,
} from '../market/trading.ts';
import { instrumentsState } from '../session.ts';
import { useStore } from '../store/use-store.ts';
import { EquitySparkline } from './equity-sparkline.tsx';
import { StrategyName } from './strategy-name.tsx';

const FILLS_SHOWN = 8;

/** What a session has, risks and did last. */
export function TradingSessionView(props: {
  readonly session: TradingSession;
  readonly line: EquityLine | undefined;
  readonly onModel: (id: string) => void;
}) {
  const { session, line, onModel } = props;
  const digits = useDigits(session.instrument);
  const { equity, initialBalance, walletBalance, unrealisedPnl, realisedPnl, fees, funding, markPrice } = session;
  const change = equity - initialBalance;
  const { base, quote } = assetsOf(session.instrument);
  const notional = markPrice === null ? null : Math.abs(session.position) * markPrice;
  return (
    <div class="session">
      <p class="dim">
        <StrategyName strategy={session.strategy} onModel={onModel} /> on {session.instrument} since{' '}
        {dateTime(session.sinceMs)} UTC{session.parameters === '' ? '' : ` · ${session.parameters}`}
      </p>
      <div class="equity">
        <div>
          <span class="dim">Equity</span>
          <p class="equity-value" data-testid="equity">
            {withUnit(grouped(equity, 2), quote)}
          </p>
          <p class={change === 0 ? '' : change > 0 ? 'up' : 'down'}>
            {withUnit(signed(change, 2), quote)} ({percent(equity / initialBalance - 1)}) since the start
          </p>
        </div>
        <EquitySparkline line={line} unit={quote} />
      </div>
      <dl class="figures">
        <Figure
          label="Position"
          value={positionText(session)}
          note={notional === null || notional === 0 ? undefined : withUnit(`worth ${grouped(notional, 0)}`, quote)}
        />
        <Figure
          label="Mark price"
          value={markPrice === null ? 'none yet' : shown(markPrice, digits.price)}
          unit={markPrice === null ? '' : quote}
        />
        <Figure label="Unrealised" value={signed(unrealisedPnl, 2)} unit={quote} />
        <Figure label="Realised" value={signed(realisedPnl, 2)} unit={quote} />
        <Figure label="Fees" value={grouped(fees, 2)} unit={quote} />
        <Figure label="Funding" value={signed(funding, 2)} unit={quote} />
        <Figure label="Wallet" value={grouped(walletBalance, 2)} unit={quote} />
      </dl>
      {session.stopped.length === 0 ? null : (
        <p class="limits">
          Stopped by risk limits: {session.stopped.map(([limit, count]) => `${limit} ${grouped(count, 0)}`).join(' · ')}
        </p>
      )}
      <div class="session-tables">
        <Orders orders={session.orders} waiting={session.waiting} base={base} quote={quote} digits={digits} />
        <Fills fills={session.fills.slice(0, FILLS_SHOWN)} base={base} quote={quote} digits={digits} />
      </div>
    </div>
  );
}

function Figure(props: {
  readonly label: string;
  readonly value: string;
  readonly unit?: string;
  readonly note?: string | undefined;
}) {
  return (
    <div>
      <dt>{props.label}</dt>
      <dd>
        {props.value}
        {props.unit === undefined ? null : <span class="dim"> {props.unit}</span>}
        {props.note === undefined ? null : <span class="dim figure-note"> {props.note}</span>}
      </dd>
    </div>
  );
}

interface Columns {
  readonly base: string;
  readonly quote: string;
  readonly digits: Digits;
}

/** Digits behind the point of an instrument's prices and quantities; null: nobody has told. */
interface Digits {
  readonly price: number | null;
  readonly qty: number | null;
}

function useDigits(name: string): Digits {
  const state = useStore(instrumentsState);
  const instruments = state.kind === 'loaded' ? state.instruments : [];
  const instrument = instruments.find((found) => found.name === name);
  return { price: instrument?.priceDecimals ?? null, qty: instrument?.qtyDecimals ?? null };
}

function shown(value: number, decimals: number | null): string {
  return decimals === null ? plain(value) : grouped(value, decimals);
}

function Unit({ of }: { readonly of: string }) {
  return of === '' ? null : <span class="unit">{of}</span>;
}

interface OrdersProps extends Columns {
  readonly orders: readonly TradingOrder[];
  readonly waiting: readonly WaitingOrder[];
}

function Orders({ orders, waiting, base, quote, digits }: OrdersProps) {
  return (
    <table class="table" aria-label="Open orders">
      <thead>
        <tr>
          <th scope="col">Open orders</th>
          <th scope="col" class="number">
            Price <Unit of={quote} />
          </th>
          <th scope="col" class="number">
            Quantity <Unit of={base} />
          </th>
          <th scope="col">State</th>
        </tr>
      </thead>
      <tbody>
        {orders.map(({ orderId, side, price, qty, state }) => (
          <tr key={orderId}>
            <td class={side === 'buy' ? 'up' : 'down'}>{side}</td>
            <td class="number">{price === null ? 'market' : shown(price, digits.price)}</td>
            <td class="number">{shown(qty, digits.qty)}</td>
            <td>{state}</td>
          </tr>
        ))}
        {waiting.map(({ orderId, side, type, trigger, qty }) => (
          <tr key={orderId}>
            <td class={side === 'buy' ? 'up' : 'down'}>{side}</td>
            <td class="number">{trigger === null ? 'trails' : shown(trigger, digits.price)}</td>
            <td class="number">{qty === null ? 'position' : shown(qty, digits.qty)}</td>
            <td>{type}</td>
          </tr>
        ))}
        {orders.length + waiting.length === 0 ? (
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

function Fills({ fills, base, quote, digits }: Columns & { readonly fills: readonly TradingFill[] }) {
  return (
    <table class="table" aria-label="Last fills">
      <thead>
        <tr>
          <th scope="col">Last fills</th>
          <th scope="col">Side</th>
          <th scope="col" class="number">
            Price <Unit of={quote} />
          </th>
          <th scope="col" class="number">
            Quantity <Unit of={base} />
          </th>
          <th scope="col">By</th>
          <th scope="col" class="number">
            Fee <Unit of={quote} />
          </th>
          <th scope="col" class="number">
            Realised <Unit of={quote} />
          </th>
        </tr>
      </thead>
      <tbody>
        {fills.map(({ timeMs, orderId, side, price, qty, outcome, fee, realisedPnl }) => (
          <tr key={`${orderId} ${timeMs} ${qty}`}>
            <td>{clockTime(timeMs)}</td>
            <td class={side === 'buy' ? 'up' : 'down'}>{side}</td>
            <td class="number">{shown(price, digits.price)}</td>
            <td class="number">{shown(qty, digits.qty)}</td>
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
