/** How long and how much was held. A sample holds until the next, the last one until the end. */
export interface Exposure {
  /** Share of the time with a position, of either sign. */
  readonly inPosition: number;
  readonly long: number;
  readonly short: number;
  /** Time-weighted mean of |position| · price / equity, over the time in which the equity was above 0. */
  readonly meanLeverage: number | null;
  readonly maxLeverage: number | null;
  /** Greatest |position|, base asset. */
  readonly maxPosition: number;
  /** Time-weighted mean of the equity, quote asset. */
  readonly meanEquity: number;
}

export interface HeldSamples {
  /** ms since the epoch, not going back. */
  readonly timesMs: ArrayLike<number>;
  readonly equity: ArrayLike<number>;
  /** Base asset; negative: short. */
  readonly position: ArrayLike<number>;
  readonly price: ArrayLike<number>;
}

/** `null` for an empty span. Samples without a price count for the time and not for the leverage. */
export function exposure({ timesMs, equity, position, price }: HeldSamples, toMs: number): Exposure | null {
  const spanMs = toMs - (timesMs[0] ?? toMs);
  if (!(spanMs > 0)) return null;
  let [longMs, shortMs, leverageMs, solventMs, equityMs, maxLeverage, maxPosition] = [0, 0, 0, 0, 0, 0, 0];
  for (let n = 0; n < timesMs.length; n++) {
    const lastsMs = (timesMs[n + 1] ?? toMs) - timesMs[n]!;
    const held = position[n]!;
    if (held > 0) longMs += lastsMs;
    if (held < 0) shortMs += lastsMs;
    equityMs += equity[n]! * lastsMs;
    maxPosition = Math.max(maxPosition, Math.abs(held));
    const leverage = held === 0 ? 0 : (Math.abs(held) * price[n]!) / equity[n]!;
    if (!Number.isFinite(leverage) || equity[n]! <= 0) continue;
    leverageMs += leverage * lastsMs;
    solventMs += lastsMs;
    maxLeverage = Math.max(maxLeverage, leverage);
  }
  return {
    inPosition: (longMs + shortMs) / spanMs,
    long: longMs / spanMs,
    short: shortMs / spanMs,
    meanLeverage: solventMs > 0 ? leverageMs / solventMs : null,
    maxLeverage: solventMs > 0 ? maxLeverage : null,
    maxPosition,
    meanEquity: equityMs / spanMs,
  };
}
