import type { Gap } from '../streams/events/gap.ts';
import type { InstrumentInfo } from '../streams/events/instrument-info.ts';
import type { Kline } from '../streams/events/kline.ts';
import { createScale } from '../streams/events/scale.ts';
import type { BarBreak, ClosedBar } from './features/feature-input.ts';
import type { Projection } from './fold.ts';

/** Lengths of the venue's candles that are the same each time, ms. */
export const KLINE_INTERVALS = {
  '1s': 1_000,
  '1m': 60_000,
  '3m': 180_000,
  '5m': 300_000,
  '15m': 900_000,
  '30m': 1_800_000,
  '1h': 3_600_000,
  '2h': 7_200_000,
  '4h': 14_400_000,
  '6h': 21_600_000,
  '8h': 28_800_000,
  '12h': 43_200_000,
  '1d': 86_400_000,
  '3d': 259_200_000,
  '1w': 604_800_000,
} as const;

export type KlineInterval = keyof typeof KLINE_INTERVALS;

/** Plain data. */
export interface KlineBarsState {
  /** Empty before the instrument is known: prices are in ticks. */
  tickSize: string;
  stepSize: string;
  /** Open time of the last candle; −1 before the first. */
  lastOpenMs: number;
  /** Of what the event being folded says; null: nothing. */
  said: ClosedBar | BarBreak | null;
}

/**
 * Bars that are the venue's own closed candles. One that came already, or comes late, is passed over; one behind a hole says
 * that the bars are broken, and the next is the first again. So does a gap of the candles' channel. A volume that the source
 * does not say is 0.
 */
export function klineBars(
  interval: KlineInterval,
): Projection<Kline | Gap | InstrumentInfo, KlineBarsState, ClosedBar | BarBreak> {
  const intervalMs = KLINE_INTERVALS[interval];
  const channel = `kline_${interval}`;

  function addKline(state: KlineBarsState, kline: Kline): void {
    const { openTimeMs, isClosed } = kline;
    const isMeant = kline.interval === interval && isClosed && state.tickSize !== '';
    if (!isMeant || openTimeMs <= state.lastOpenMs) return;
    const isBehindHole = state.lastOpenMs >= 0 && openTimeMs > state.lastOpenMs + intervalMs;
    state.lastOpenMs = openTimeMs;
    state.said = isBehindHole ? { type: 'barBreak' } : barOf(state, kline);
  }

  function barOf(
    { tickSize, stepSize }: KlineBarsState,
    { openTimeMs, open, high, low, close, volume }: Kline,
  ): ClosedBar {
    const { price, qty } = createScale(tickSize, stepSize);
    const [tick, step] = [price.toNumber(1), qty.toNumber(1)];
    return {
      type: 'bar',
      openTimeMs,
      closeTimeMs: openTimeMs + intervalMs,
      open: Math.round(open / tick),
      high: Math.round(high / tick),
      low: Math.round(low / tick),
      close: Math.round(close / tick),
      volume: Math.round((volume ?? 0) / step),
    };
  }

  function setScale(state: KlineBarsState, { scale: { price, qty } }: InstrumentInfo): void {
    if (price.size === state.tickSize && qty.size === state.stepSize) return;
    if (state.tickSize !== '') state.said = { type: 'barBreak' };
    state.tickSize = price.size;
    state.stepSize = qty.size;
  }

  return {
    initialState: () => ({ tickSize: '', stepSize: '', lastOpenMs: -1, said: null }),
    evolve: (state, event) => {
      state.said = null;
      if (event.type === 'kline') addKline(state, event);
      else if (event.type === 'instrument') setScale(state, event);
      else if (event.channel === channel) state.said = { type: 'barBreak' };
      return state;
    },
    project: ({ said }) => said ?? undefined,
  };
}
