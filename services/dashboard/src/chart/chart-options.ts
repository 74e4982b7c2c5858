import { type ChartOptions, CrosshairMode, type DeepPartial, type Time } from 'lightweight-charts';
import { clockTime, dateTime } from '../format/time.ts';
import type { Palette } from './palette.ts';

/** What both charts have in common. Times are shown in UTC. */
export function chartOptions(palette: Palette): DeepPartial<ChartOptions> {
  const crosshair = { color: palette.dim, labelBackgroundColor: palette.labelBackground } as const;
  return {
    autoSize: true,
    layout: {
      background: { color: 'transparent' },
      textColor: palette.dim,
      fontFamily: palette.fontFamily,
      fontSize: 11,
      // The library's authors are named, with the link that its licence asks for, in the help.
      attributionLogo: false,
      panes: { separatorColor: palette.border, separatorHoverColor: palette.grid, enableResize: true },
    },
    grid: { vertLines: { color: palette.grid }, horzLines: { color: palette.grid } },
    crosshair: { mode: CrosshairMode.Normal, vertLine: crosshair, horzLine: crosshair },
    rightPriceScale: { borderColor: palette.border, minimumWidth: 74 },
    timeScale: {
      borderColor: palette.border,
      timeVisible: true,
      secondsVisible: true,
      rightOffset: 4,
      // Without one it is half the width: a chart that is made out of sight would stay squeezed to nothing.
      maxBarSpacing: 60,
      shiftVisibleRangeOnNewBar: true,
    },
    localization: { timeFormatter: (time: Time) => dateTime(Number(time) * 1000) },
  };
}

/** Label of a tick of the time axis. */
export function tickMarkFormatter(time: Time): string {
  const text = clockTime(Number(time) * 1000);
  return text.endsWith(':00') ? text.slice(0, 5) : text;
}
