import { useRef } from 'preact/hooks';
import { compact, decimalsOf, grouped, groupedText } from '../format/decimal.ts';
import { clockTime } from '../format/time.ts';
import { type Book, describeInvalidity, type Level } from '../market/book.ts';
import { deepened, type LadderRow, ladderSide, type Side } from '../market/ladder.ts';
import type { Market } from '../market/market.ts';
import { recordingOf } from '../market/status.ts';
import { systemStatus } from '../session.ts';
import { BOOK_TICKS, changeSettings, settings } from '../settings/settings.ts';
import { useStore } from '../store/use-store.ts';
import { Choice } from './choice.tsx';
import { Panel } from './panel.tsx';
import { PanelState } from './panel-state.tsx';
import { useDeepBook } from './use-deep-book.ts';
import { useHeight } from './use-height.ts';

const LEVELS_MAX = 20;
const ROW_MIN = 15;
const ROW_MAX = 22;
/** Column heads, spread and balance. */
const FIXED_HEIGHT = 22 + 32 + 29;

/** The ladder: asks above, bids below, the spread between them. */
export function BookPanel({ market }: { readonly market: Market }) {
  const { bookTicks } = useStore(settings);
  const tools = (
    <Choice
      label="Price step"
      options={BOOK_TICKS.map((ticks) => ({ value: ticks, text: stepText(market, ticks), title: `${ticks} ticks` }))}
      value={bookTicks}
      onChange={(ticks) => changeSettings({ bookTicks: ticks })}
    />
  );
  return (
    <Panel name="book" title="Order book" area="book" tools={tools}>
      <Ladder market={market} ticks={bookTicks} />
    </Panel>
  );
}

function stepText({ instrument }: Market, ticks: number): string {
  if (instrument.tickSize === null) return `×${ticks}`;
  const step = Number(instrument.tickSize) * ticks;
  return step.toFixed(Math.max(0, decimalsOf(instrument.tickSize) - Math.log10(ticks)));
}

function Ladder({ market, ticks }: { readonly market: Market; readonly ticks: number }) {
  const element = useRef<HTMLDivElement>(null);
  const height = useHeight(element);
  const book = useStore(market.book);
  const status = useStore(systemStatus);
  const deep = useDeepBook(market, ticks > 1);
  const { isImported, name: instrument } = market.instrument;
  const isRecorded = !isImported || (status !== null && recordingOf(status, instrument) !== null);
  const isInvalid = isRecorded && book?.isValid === false;
  const hasBook = book !== null && (isRecorded || book.isValid);
  const perSide = (height - FIXED_HEIGHT) / 2;
  const rows = Math.max(3, Math.min(LEVELS_MAX, Math.floor(perSide / ROW_MIN)));
  const rowHeight = Math.max(ROW_MIN, Math.min(ROW_MAX, Math.floor(perSide / rows)));
  const tickSize = market.instrument.tickSize ?? guessTick(book);
  const side = (name: Side, levels: readonly Level[], beyond: readonly Level[] | undefined) =>
    ladderSide(beyond === undefined ? levels : deepened(levels, beyond, name), { side: name, tickSize, ticks, rows });
  const bids = book === null ? [] : side('bid', book.bids, deep?.bids);
  const asks = book === null ? [] : side('ask', book.asks, deep?.asks);
  const depthMax = Math.max(bids.at(-1)?.cumulativeQty ?? 0, asks.at(-1)?.cumulativeQty ?? 0);
  const shape = { market, depthMax, tickDecimals: decimalsOf(tickSize) };

  return (
    <div ref={element} class={`book ${isInvalid ? 'book-stale' : ''}`} style={{ '--row': `${rowHeight}px` }}>
      {isInvalid ? <InvalidBook book={book} /> : null}
      <div class="book-head" aria-hidden="true">
        <span>Price</span>
        <span>Quantity</span>
        <span>Total</span>
      </div>
      <LadderSide {...shape} side="ask" rows={asks.toReversed()} />
      <SpreadRow market={market} book={book} />
      <LadderSide {...shape} side="bid" rows={bids} />
      <Balance bid={bids.at(-1)?.cumulativeQty ?? 0} ask={asks.at(-1)?.cumulativeQty ?? 0} />
      <PanelState
        part="book"
        isEmpty={!hasBook}
        empty={isRecorded ? 'No order book yet' : 'Imported: nothing of this instrument is recorded live'}
      />
    </div>
  );
}

/** The smallest step that the prices shown tell of, for an instrument whose tick size is not known. */
function guessTick(book: Book | null): string {
  const decimals = Math.max(0, ...[...(book?.bids ?? []), ...(book?.asks ?? [])].map(({ price }) => decimalsOf(price)));
  return (10 ** -decimals).toFixed(decimals);
}

function InvalidBook({ book }: { readonly book: Book }) {
  return (
    <div class="book-invalid" role="status" data-testid="book-invalid">
      <strong>Book not valid</strong>
      <span>
        Since {clockTime(book.timeMs)}: {describeInvalidity(book.reason)}.
      </span>
    </div>
  );
}

function LadderSide(props: {
  readonly market: Market;
  readonly side: Side;
  readonly rows: readonly LadderRow[];
  readonly depthMax: number;
  readonly tickDecimals: number;
}) {
  const { market, side, rows, depthMax, tickDecimals } = props;
  const qtyDecimals = market.instrument.qtyDecimals ?? 3;
  const name = side === 'bid' ? 'Bids' : 'Asks';
  return (
    // biome-ignore lint/a11y/useSemanticElements: rows of a grid of fixed height, which table elements do not give
    <div class={`book-side book-${side}s`} role="table" aria-label={name} data-testid={`book-${side}s`}>
      {rows.map((row) => (
        // biome-ignore lint/a11y/useSemanticElements: see above
        // biome-ignore lint/a11y/useFocusableInteractive: a row is read, not operated
        <div
          key={row.price}
          class={`level level-${side}`}
          role="row"
          style={{ '--depth': depthMax === 0 ? 0 : (row.cumulativeQty / depthMax).toFixed(3) }}
        >
          {/* biome-ignore lint/a11y/useSemanticElements: see above */}
          <span class={`level-price ${side === 'bid' ? 'up' : 'down'}`} role="cell">
            {grouped(row.price, tickDecimals)}
          </span>
          {/* biome-ignore lint/a11y/useSemanticElements: see above */}
          <span role="cell">{quantity(row.qty, qtyDecimals)}</span>
          {/* biome-ignore lint/a11y/useSemanticElements: see above */}
          <span class="dim" role="cell">
            {quantity(row.cumulativeQty, qtyDecimals)}
          </span>
        </div>
      ))}
    </div>
  );
}

/** Quantities of many digits are shortened: a ladder is compared at a glance. */
function quantity(value: number, decimals: number): string {
  return value >= 100_000 ? compact(value) : grouped(value, decimals);
}

function SpreadRow({ market, book }: { readonly market: Market; readonly book: Book | null }) {
  const last = useStore(market.lastPrice);
  const bid = book?.bids[0];
  const ask = book?.asks[0];
  const decimals = market.instrument.priceDecimals ?? 2;
  const colour = last === null || last.direction === 'same' ? '' : last.direction;
  const middle = bid === undefined || ask === undefined ? null : (Number(bid.price) + Number(ask.price)) / 2;
  return (
    <div class="book-spread">
      <b class={colour}>
        {last === null ? '–' : groupedText(last.price, market.instrument.priceDecimals ?? decimalsOf(last.price))}
      </b>
      {middle === null || bid === undefined || ask === undefined ? null : (
        <span class="dim">
          spread {grouped(Number(ask.price) - Number(bid.price), decimals)} ·{' '}
          {(((Number(ask.price) - Number(bid.price)) / middle) * 10_000).toFixed(2)} bp
        </span>
      )}
    </div>
  );
}

/** Shares of the two sides in the quantity shown. */
function Balance({ bid, ask }: { readonly bid: number; readonly ask: number }) {
  if (bid + ask === 0) return null;
  const share = Math.round((bid / (bid + ask)) * 100);
  return (
    <div class="balance" title="Quantity bid and asked in the levels shown">
      <span class="up">B {share}%</span>
      <span class="balance-bar" aria-hidden="true">
        <span style={{ width: `${share}%` }} />
        <span />
      </span>
      <span class="down">{100 - share}% A</span>
    </div>
  );
}
