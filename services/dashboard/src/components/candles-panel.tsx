import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { type CandleChart, createCandleChart, type Hovered, NOTHING_HOVERED } from '../chart/candle-chart.ts';
import type { LineSource } from '../chart/line-source.ts';
import { readPalette } from '../chart/palette.ts';
import type { TimeLink } from '../chart/time-link.ts';
import { compact, grouped, percent } from '../format/decimal.ts';
import { type Bar, INTERVAL_S, type Interval } from '../market/bars.ts';
import type { Gap } from '../market/gaps.ts';
import type { Market } from '../market/market.ts';
import { ownTrading } from '../market/own-trading.ts';
import { tradingAccounts } from '../session.ts';
import { changeSettings } from '../settings/settings.ts';
import { shownTheme } from '../settings/theme.ts';
import { atMostEvery } from '../store/frame.ts';
import { useStore } from '../store/use-store.ts';
import { ChartKeys } from './chart-keys.tsx';
import { Choice } from './choice.tsx';
import { MissingTooltip } from './missing-tooltip.tsx';
import { OutOfReach } from './out-of-reach.tsx';
import { Panel } from './panel.tsx';
import { PanelState } from './panel-state.tsx';
import { useOverlays } from './use-overlays.ts';

/** The last candle moves ten times a second at most: a chart is drawn whole each time. */
const DRAWING_MS = 100;

interface CandlesProps {
  readonly market: Market;
  readonly interval: Interval;
  readonly link: TimeLink;
  readonly shownGap: Gap | null;
}

/** Candles, volume and gaps. `shownGap` is brought into sight when it changes. */
export function CandlesPanel(props: CandlesProps) {
  const { market, interval } = props;
  const tools = (
    <Choice
      label="Interval"
      options={[
        { value: '1s', text: '1s', title: 'A candle a second' },
        { value: '1m', text: '1m', title: 'A candle a minute' },
      ]}
      value={interval}
      onChange={(value: Interval) => changeSettings({ interval: value })}
    />
  );
  return (
    <Panel name="candles" title="Price" area="candles" tools={tools}>
      <Candles key={`${market.instrument.name} ${interval}`} {...props} />
    </Panel>
  );
}

function Candles({ market, interval, link, shownGap }: CandlesProps) {
  const element = useRef<HTMLDivElement>(null);
  const chart = useRef<CandleChart | null>(null);
  const [hovered, setHovered] = useState<Hovered>(NOTHING_HOVERED);
  const [isReached, setReached] = useState(true);
  const theme = useStore(shownTheme);
  const gaps = useStore(market.gaps);
  const invalid = useStore(market.invalidSpans);
  const overlays = useOverlays(market, interval);
  const accounts = useStore(tradingAccounts);
  const bars = market.bars[interval];
  const priceDecimals = market.instrument.priceDecimals ?? 2;

  useLayoutEffect(() => {
    const created = createCandleChart(element.current!, {
      market,
      interval,
      palette: readPalette(),
      priceDecimals,
      link,
      onHover: setHovered,
      onReach: setReached,
    });
    chart.current = created;
    created.drawBars();
    const drawing = atMostEvery(DRAWING_MS, created.drawBars);
    const unsubscribe = bars.subscribe(drawing.run);
    return () => {
      unsubscribe();
      drawing.stop();
      created.remove();
    };
  }, [market, interval]);
  useEffect(() => {
    chart.current?.showOverlays(overlays);
    const drawing = atMostEvery(DRAWING_MS, () => chart.current?.drawOverlays());
    const leave = overlays.map((overlay) => overlay.subscribe(drawing.run));
    return () => {
      for (const end of leave) end();
      drawing.stop();
    };
  }, [overlays]);
  useEffect(() => chart.current?.applyPalette(readPalette()), [theme]);
  useEffect(() => chart.current?.showOwn(ownTrading(accounts ?? [], market.instrument.name)), [accounts]);
  useEffect(() => chart.current?.drawMissing({ gaps, invalid }), [gaps, invalid]);
  useEffect(() => {
    if (shownGap !== null) link.showTime(shownGap.fromMs / 1000);
  }, [shownGap]);

  return (
    <ChartKeys label="Price chart" chart={link}>
      <div ref={element} class="chart" data-testid="candles" data-gaps={gaps.length} />
      <Legend market={market} interval={interval} overlays={overlays} hoveredS={hovered.timeS} />
      <MissingTooltip {...hovered} />
      <OutOfReach isReached={isReached} />
      <CandlesState market={market} interval={interval} />
    </ChartKeys>
  );
}

/** The figures of the bar under the pointer, in whichever chart that is, else of the newest. */
function Legend(props: {
  readonly market: Market;
  readonly interval: Interval;
  readonly overlays: readonly LineSource[];
  readonly hoveredS: number | null;
}) {
  useStore(props.market.lastPrice);
  const { market, interval, overlays, hoveredS } = props;
  const bars = market.bars[interval].get();
  const bar = hoveredS === null ? bars.at(-1) : barAt(bars, hoveredS, INTERVAL_S[interval]);
  if (bar === undefined && hoveredS === null) return null;
  return (
    <div class="legend">
      {bar === undefined ? (
        <div class="legend-row dim">no trades</div>
      ) : (
        <BarFigures bar={bar} decimals={market.instrument.priceDecimals ?? 2} />
      )}
      {overlays.map((overlay) => (
        <OverlayValues key={overlay.panes[0]?.lines[0]?.label} overlay={overlay} timeS={hoveredS} />
      ))}
    </div>
  );
}

function barAt(bars: readonly Bar[], timeS: number, stepS: number): Bar | undefined {
  const found = bars.findLast((bar) => bar.timeS <= timeS);
  return found !== undefined && found.timeS + stepS > timeS ? found : undefined;
}

function BarFigures({ bar, decimals }: { readonly bar: Bar; readonly decimals: number }) {
  const colour = bar.close >= bar.open ? 'up' : 'down';
  const figures = { O: bar.open, H: bar.high, L: bar.low, C: bar.close };
  return (
    <div class="legend-row" data-testid="bar-figures" data-time={bar.timeS}>
      {Object.entries(figures).map(([name, value]) => (
        <span key={name} class={colour}>
          <span>{name}</span> {grouped(value, decimals)}
        </span>
      ))}
      <span class={colour}>{percent(bar.close / bar.open - 1)}</span>
      <span>
        <span>Vol</span> {compact(bar.volume)}
      </span>
    </div>
  );
}

/** A feature that is drawn over the candles, in a row of its own. */
function OverlayValues({ overlay, timeS }: { readonly overlay: LineSource; readonly timeS: number | null }) {
  return overlay.panes.map(({ title, lines }) => (
    <div key={title} class="legend-row" data-testid="overlay">
      {title === null ? null : <span class="dim">{title}</span>}
      {lines.map((line) => {
        const value = overlay.valueAt(line, timeS);
        return (
          <span key={line.label} style={{ color: `var(--line-${line.line + 1})` }}>
            {line.label} {value === null ? '–' : line.format(value)}
          </span>
        );
      })}
    </div>
  ));
}

function CandlesState({ market, interval }: { readonly market: Market; readonly interval: Interval }) {
  const bars = useStore(market.bars[interval]);
  return (
    <PanelState
      part={`bars ${interval}`}
      isEmpty={bars.length === 0}
      empty="No trades yet: the first one draws the first candle"
    />
  );
}
