import type { ComponentChildren } from 'preact';
import { useMemo } from 'preact/hooks';
import { clock } from '../clock.ts';
import { compact, decimalsOf, grouped, groupedText, percent } from '../format/decimal.ts';
import { clockTime, countdown, dateTime } from '../format/time.ts';
import { type SessionStatistics, sessionStatistics } from '../market/bars.ts';
import type { Market } from '../market/market.ts';
import { useStore } from '../store/use-store.ts';

const ARROWS = { up: '▲', down: '▼', same: '' } as const;
const WORDS = { up: 'rising', down: 'falling', same: 'unchanged' } as const;

/** The time, and what the session amounts to: once a second, since it takes a pass over a day of bars. */
function useSession(market: Market): { readonly nowMs: number; readonly session: SessionStatistics | null } {
  const nowMs = useStore(clock);
  const session = useMemo(() => sessionStatistics(market.bars['1m'].get()), [market, nowMs]);
  return { nowMs, session };
}

/** Last price with its direction and the change of the session. */
export function LastPrice({ market }: { readonly market: Market }) {
  const last = useStore(market.lastPrice);
  const { nowMs, session } = useSession(market);
  if (last === null) {
    return (
      <div class="last">
        <span class="last-price dim">–</span>
        <span class="last-change dim">no trade yet</span>
      </div>
    );
  }
  const decimals = market.instrument.priceDecimals ?? decimalsOf(last.price);
  const colour = last.direction === 'same' ? '' : last.direction;
  return (
    <div class="last">
      <span class={`last-price ${colour}`} data-testid="last-price">
        {groupedText(last.price, decimals)} <span class="last-arrow">{ARROWS[last.direction]}</span>
        <span class="unseen">{WORDS[last.direction]}</span>
      </span>
      {session === null ? null : (
        <span class="last-change">
          <span class={session.changeRatio < 0 ? 'down' : 'up'}>{percent(session.changeRatio)}</span>{' '}
          <span class="dim">{periodText(session, last.timeMs, nowMs)}</span>
        </span>
      )}
    </div>
  );
}

/** An older price than this is history. */
const CURRENT_MS = 60_000;

function periodText(session: SessionStatistics, lastMs: number, nowMs: number): string {
  if (nowMs - lastMs > CURRENT_MS) return `last at ${dateTime(lastMs).slice(0, 16)}`;
  return session.isWholeDay ? '24 h' : `since ${clockTime(session.sinceS * 1000).slice(0, 5)}`;
}

/** The figures beside the price. */
export function Statistics({ market }: { readonly market: Market }) {
  const mark = useStore(market.markPrice);
  const { nowMs, session } = useSession(market);
  const { priceDecimals } = market.instrument;
  const price = (text: string): string => groupedText(text, priceDecimals ?? decimalsOf(text));
  return (
    <dl class="stats">
      <Spread market={market} />
      <Stat label="Mark price">{mark === null ? '–' : price(mark.markPrice)}</Stat>
      <Stat label="Index price" rank="minor">
        {mark?.indexPrice == null ? '–' : price(mark.indexPrice)}
      </Stat>
      <Stat label="Funding · next in">
        {mark?.fundingRate == null ? (
          '–'
        ) : (
          <>
            <span class={mark.fundingRate < 0 ? 'down' : 'up'}>{percent(mark.fundingRate, 4)}</span>
            {mark.nextFundingMs === null ? '' : ` · ${countdown(mark.nextFundingMs - nowMs)}`}
          </>
        )}
      </Stat>
      {session === null ? null : (
        <>
          <Stat label={session.isWholeDay ? '24 h high' : 'High'} rank="extra">
            {grouped(session.high, priceDecimals ?? 2)}
          </Stat>
          <Stat label={session.isWholeDay ? '24 h low' : 'Low'} rank="extra">
            {grouped(session.low, priceDecimals ?? 2)}
          </Stat>
          <Stat label={session.isWholeDay ? '24 h volume' : 'Volume'} rank="minor">
            {compact(session.volume)}
          </Stat>
        </>
      )}
    </dl>
  );
}

function Spread({ market }: { readonly market: Market }) {
  const book = useStore(market.book);
  const bid = book?.bids[0];
  const ask = book?.asks[0];
  const isKnown = book?.isValid === true && bid !== undefined && ask !== undefined;
  const { tickSize, priceDecimals } = market.instrument;
  const spread = isKnown ? Number(ask.price) - Number(bid.price) : Number.NaN;
  const ticks = tickSize === null ? null : Math.round(spread / Number(tickSize));
  return (
    <Stat label="Spread">
      {isKnown
        ? `${grouped(spread, priceDecimals ?? 2)}${ticks === null ? '' : ` · ${ticks} tick${ticks === 1 ? '' : 's'}`}`
        : '–'}
    </Stat>
  );
}

function Stat(props: {
  readonly label: string;
  /** What gives way first where there is little room. */
  readonly rank?: 'minor' | 'extra';
  readonly children: ComponentChildren;
}) {
  return (
    <div class={`stat ${props.rank === undefined ? '' : `stat-${props.rank}`}`}>
      <dt>{props.label}</dt>
      <dd>{props.children}</dd>
    </div>
  );
}
