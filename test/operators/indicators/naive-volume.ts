import type { Candle, TimedCandle } from '../../../operators/indicators/candle.ts';
import { naiveAccumulationDistribution, naiveEma } from './naive-indicators.ts';
import { steps, sum, type Values, windows, zip } from './naive-windows.ts';

// Each value anew from all inputs up to it, close to the definitions. null: nothing is said.

const typical = ({ high, low, close }: Candle): number => (high + low + close) / 3;

export function naiveMoneyFlowIndex(bars: readonly Candle[], period: number): Values {
  const flow = (sign: 1 | -1): Values =>
    windows(
      steps(bars, (bar, last) => (sign * (typical(bar) - typical(last)) > 0 ? typical(bar) * bar.volume : 0)),
      period,
      sum,
    );
  return [null, ...zip(flow(1), flow(-1), (a, b) => (a + b === 0 ? 50 : (100 * a) / (a + b)))];
}

export function naiveChaikinOscillator(bars: readonly Candle[], fast: number, slow: number): Values {
  const line = naiveAccumulationDistribution(bars) as readonly number[];
  return zip(naiveEma(line, fast), naiveEma(line, slow), (a, b) => a - b);
}

export function naiveChaikinMoneyFlow(bars: readonly Candle[], period: number): Values {
  return windows(bars, period, (window) => {
    const volume = sum(window.map((bar) => bar.volume));
    const flows = window.map((bar) =>
      bar.high === bar.low ? 0 : (bar.volume * (2 * bar.close - bar.low - bar.high)) / (bar.high - bar.low),
    );
    return volume === 0 ? 0 : sum(flows) / volume;
  });
}

export const naiveForceIndex = (bars: readonly Candle[], period: number): Values => [
  null,
  ...naiveEma(
    steps(bars, ({ close, volume }, last) => (close - last.close) * volume),
    period,
  ),
];

export const naiveEaseOfMovement = (bars: readonly Candle[]): Values =>
  bars.map(({ high, low, volume }, n) => {
    const last = bars[n - 1];
    if (last === undefined || volume === 0) return null;
    const distance = (high + low) / 2 - (last.high + last.low) / 2;
    return high === low ? 0 : distance / (volume / 10_000 / (high - low));
  });

function vwap(bars: readonly Candle[]): number | null {
  const volume = sum(bars.map((bar) => bar.volume));
  return volume === 0 ? null : sum(bars.map((bar) => typical(bar) * bar.volume)) / volume;
}

export const naiveRollingVwap = (bars: readonly Candle[], period: number): Values =>
  bars.map((_, n) => (n + 1 < period ? null : vwap(bars.slice(n + 1 - period, n + 1))));

export const naiveSessionVwap = (bars: readonly TimedCandle[], sessionMs: number): Values =>
  bars.map(({ openTimeMs }, n) => {
    const startMs = openTimeMs - (openTimeMs % sessionMs);
    // One whose beginning lies before the first bar is not known.
    return bars[0]!.openTimeMs > startMs ? null : vwap(bars.slice(0, n + 1).filter((bar) => bar.openTimeMs >= startMs));
  });

export const naiveAnchoredVwap = (bars: readonly TimedCandle[], anchorMs: number): Values =>
  bars.map((_, n) => vwap(bars.slice(0, n + 1).filter((bar) => bar.openTimeMs >= anchorMs)));
