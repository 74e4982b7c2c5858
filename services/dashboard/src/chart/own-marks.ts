import { createSeriesMarkers, type IPriceLine, type ISeriesApi, LineStyle, type Time } from 'lightweight-charts';
import { fillMarks, type OwnTrading } from '../market/own-trading.ts';
import type { Palette } from './palette.ts';
import { chartTime } from './time-axis.ts';

/** Own fills as arrows (up: bought, down: sold) and own open orders as lines, over candles. */
export interface OwnMarks {
  /** @param fromS when the first bar begins: what lies before would be drawn at it */
  show(own: OwnTrading, fromS: number): void;
  applyPalette(palette: Palette): void;
}

/** The labels of more orders, as of a grid, would lie over the newest candles. */
const LABELLED_MAX = 4;

export function createOwnMarks(
  candles: ISeriesApi<'Candlestick', Time>,
  options: { readonly stepS: number; readonly palette: Palette },
): OwnMarks {
  const { stepS } = options;
  let { palette } = options;
  const markers = createSeriesMarkers(candles, []);
  let lines: readonly IPriceLine[] = [];
  let shown: { readonly own: OwnTrading; readonly fromS: number } = { own: { fills: [], orders: [] }, fromS: 0 };
  let drawn = '';

  function draw(): void {
    const { own, fromS } = shown;
    markers.setMarkers(
      fillMarks(own.fills, { stepS, fromS }).map(({ timeS, side, price }) => ({
        time: chartTime(timeS),
        price,
        position: side === 'buy' ? 'atPriceBottom' : 'atPriceTop',
        shape: side === 'buy' ? 'arrowUp' : 'arrowDown',
        color: palette.accent,
      })),
    );
    for (const line of lines) candles.removePriceLine(line);
    const isLabelled = own.orders.length <= LABELLED_MAX;
    lines = own.orders.flatMap(({ side, price, qty }) =>
      price === null
        ? []
        : candles.createPriceLine({
            price,
            title: isLabelled ? `${side === 'buy' ? 'B' : 'S'} ${qty}` : '',
            color: side === 'buy' ? palette.up : palette.down,
            lineStyle: LineStyle.LargeDashed,
            lineWidth: 1,
            axisLabelVisible: isLabelled,
          }),
    );
  }

  return {
    show(own, fromS) {
      shown = { own, fromS };
      // Told each second, and most of the time the same.
      const text = JSON.stringify(shown);
      if (text === drawn) return;
      drawn = text;
      draw();
    },
    applyPalette(next) {
      palette = next;
      draw();
    },
  };
}
