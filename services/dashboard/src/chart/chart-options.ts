import { type ChartOptions, CrosshairMode, type DeepPartial, type Time } from 'lightweight-charts';
import { clockTime, dateTime } from '../format/time.ts';
import type { Palette } from './palette.ts';

/** What all charts have in common, to be given when one is made. Times are shown in UTC. */
export const CHART_OPTIONS: DeepPartial<ChartOptions> = {
  autoSize: true,
  layout: {
    background: { color: 'transparent' },
    fontSize: 11,
    // The library's authors are named, with the link that its licence asks for, in the help.
    attributionLogo: false,
    panes: { enableResize: true },
  },
  crosshair: { mode: CrosshairMode.Normal },
  // Axes of one width, so that an instant is at one place in all.
  rightPriceScale: { minimumWidth: 78 },
  timeScale: {
    timeVisible: true,
    secondsVisible: true,
    tickMarkFormatter,
    // A day of seconds is as wide as a day of minutes, and a minute as wide as its sixty seconds.
    minBarSpacing: 0.005,
    maxBarSpacing: 3600,
    // The charts' link moves all of them (time-link.ts).
    shiftVisibleRangeOnNewBar: false,
  },
  localization: { timeFormatter: (time: Time) => dateTime(Number(time) * 1000) },
};

/** Colours and type; nothing of the time axis, which would be moved by it. */
export function chartColours(palette: Palette): DeepPartial<ChartOptions> {
  const crosshair = { color: palette.dim, labelBackgroundColor: palette.labelBackground } as const;
  return {
    layout: {
      textColor: palette.dim,
      fontFamily: palette.fontFamily,
      panes: { separatorColor: palette.border, separatorHoverColor: palette.grid },
    },
    grid: { vertLines: { color: palette.grid }, horzLines: { color: palette.grid } },
    crosshair: { vertLine: crosshair, horzLine: crosshair },
    rightPriceScale: { borderColor: palette.border },
    timeScale: { borderColor: palette.border },
  };
}

/** Label of a tick of the time axis. */
function tickMarkFormatter(time: Time): string {
  const text = clockTime(Number(time) * 1000);
  return text.endsWith(':00') ? text.slice(0, 5) : text;
}
