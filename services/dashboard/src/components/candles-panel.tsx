import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { type CandleChart, createCandleChart, type Hovered } from '../chart/candle-chart.ts';
import type { LineSource } from '../chart/line-source.ts';
import { readPalette } from '../chart/palette.ts';
import { compact, grouped, percent } from '../format/decimal.ts';
import type { Bar, Interval } from '../market/bars.ts';
import type { Gap } from '../market/gaps.ts';
import type { Market } from '../market/market.ts';
import { changeSettings, settings } from '../settings/settings.ts';
import { shownTheme } from '../settings/theme.ts';
import { atMostEvery } from '../store/frame.ts';
import { useStore } from '../store/use-store.ts';
import { ChartKeys } from './chart-keys.tsx';
import { Choice } from './choice.tsx';
import { GapTooltip } from './gap-tooltip.tsx';
import { Panel } from './panel.tsx';
import { PanelState } from './panel-state.tsx';
import { useOverlays } from './use-overlays.ts';

/** The last candle moves ten times a second at most: a chart is drawn whole each time. */
const DRAWING_MS = 100;

const NOTHING: Hovered = { bar: null, gaps: [], x: 0 };

/** Candles, volume and gaps. `shownGap` is brought into sight when it changes. */
export function CandlesPanel({ market, shownGap }: { readonly market: Market; readonly shownGap: Gap | null }) {
  const fitting = useStore(market.fittingInterval);
  const interval = useStore(settings).interval ?? fitting;
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
      <Candles key={`${market.instrument.name} ${interval}`} market={market} interval={interval} shownGap={shownGap} />
    </Panel>
  );
}

function Candles(props: { readonly market: Market; readonly interval: Interval; readonly shownGap: Gap | null }) {
  const { market, interval, shownGap } = props;
  const element = useRef<HTMLDivElement>(null);
  const chart = useRef<CandleChart | null>(null);
  const [hovered, setHovered] = useState<Hovered>(NOTHING);
  const theme = useStore(shownTheme);
  const gaps = useStore(market.gaps);
  const overlays = useOverlays(market, interval);
  const bars = market.bars[interval];
  const priceDecimals = market.instrument.priceDecimals ?? 2;

  useLayoutEffect(() => {
    const created = createCandleChart(element.current!, {
      market,
      interval,
      palette: readPalette(),
      priceDecimals,
      onHover: setHovered,
    });
    chart.current = created;
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
  useEffect(() => chart.current?.drawGaps(gaps), [gaps]);
  useEffect(() => {
    if (shownGap !== null) chart.current?.showTime(shownGap.fromMs);
  }, [shownGap]);

  return (
    <ChartKeys label="Price chart" chart={chart}>
      <div ref={element} class="chart" data-testid="candles" data-gaps={gaps.length} />
      <Legend market={market} interval={interval} overlays={overlays} hovered={hovered.bar} />
      {hovered.gaps.length === 0 ? null : <GapTooltip gaps={hovered.gaps} x={hovered.x} />}
      <CandlesState market={market} interval={interval} />
    </ChartKeys>
  );
}

/** The figures of the bar under the pointer, else of the newest. */
function Legend(props: {
  readonly market: Market;
  readonly interval: Interval;
  readonly overlays: readonly LineSource[];
  readonly hovered: Bar | null;
}) {
  useStore(props.market.lastPrice);
  const bar = props.hovered ?? props.market.bars[props.interval].get().at(-1);
  if (bar === undefined) return null;
  const decimals = props.market.instrument.priceDecimals ?? 2;
  const colour = bar.close >= bar.open ? 'up' : 'down';
  const figures = { O: bar.open, H: bar.high, L: bar.low, C: bar.close };
  return (
    <div class="legend">
      <div class="legend-row">
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
      {props.overlays.map((overlay) => (
        <OverlayValues key={overlay.panes[0]?.lines[0]?.label} overlay={overlay} timeS={props.hovered?.timeS ?? null} />
      ))}
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
