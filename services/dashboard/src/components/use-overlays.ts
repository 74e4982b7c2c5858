import { useMemo } from 'preact/hooks';
import { computedLines } from '../chart/computed-lines.ts';
import type { LineSource } from '../chart/line-source.ts';
import { computedFeatures } from '../feature-session.ts';
import { type AddedFeature, addedKey } from '../market/added-feature.ts';
import type { Interval } from '../market/bars.ts';
import type { ComputedFeature } from '../market/computed-feature.ts';
import type { Market } from '../market/market.ts';
import { settings } from '../settings/settings.ts';
import { useStore } from '../store/use-store.ts';

/** Added features that are prices, and so are drawn over the candles of their bars. */
export function useOverlays(market: Market, interval: Interval): readonly LineSource[] {
  const computed = useStore(computedFeatures);
  const { added } = useStore(settings);
  return useMemo(
    () =>
      computed
        .filter((feature) => overlaidOutputs(feature, interval).length > 0)
        .map((feature) =>
          computedLines(feature, {
            outputs: overlaidOutputs(feature, interval),
            priceDecimals: market.instrument.priceDecimals ?? 2,
            firstLine: lineOf(added, feature.key),
          }),
        ),
    [market, interval, computed, added],
  );
}

/** Indexes of the outputs that are drawn over candles of `interval`; the others are in panes of their own. */
export function overlaidOutputs({ added, prices }: ComputedFeature, interval: Interval): readonly number[] {
  return added.interval === interval ? (prices.get() ?? []) : [];
}

/** Where an added feature begins in the cycle of lines: by its place among the added ones. */
export function lineOf(added: readonly AddedFeature[], key: string): number {
  return added.findIndex((one) => addedKey(one) === key);
}
