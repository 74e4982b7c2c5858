import { createStore, type Readable, type Schedule } from '../store/store.ts';
import { type AddedFeature, addedKey, addedLabel } from './added-feature.ts';
import type { CatalogueFeature, FeatureOutput } from './catalogue.ts';
import type { ComputedSample } from './computed.ts';
import type { FeatureFeed } from './feature-feed.ts';

/** An added feature with its values. */
export interface ComputedFeature {
  readonly key: string;
  /** `RSI 14 · 1m` */
  readonly label: string;
  readonly added: AddedFeature;
  readonly feature: CatalogueFeature;
  readonly feed: FeatureFeed;
  /** Indexes of the outputs that are prices as candles are; null before the first answer. */
  readonly prices: Readable<readonly number[] | null>;
  close(): void;
}

/** @param lastPrice of the instrument; null where none is known yet */
export function createComputedFeature(options: {
  readonly added: AddedFeature;
  readonly feature: CatalogueFeature;
  readonly feed: FeatureFeed;
  readonly lastPrice: () => number | null;
  readonly schedule?: Schedule;
}): ComputedFeature {
  const { added, feature, feed, lastPrice, schedule } = options;
  const mayBePrices = feature.isOfBars && feature.outputs.some(isOfPriceUnit);
  const prices = createStore<readonly number[] | null>(mayBePrices ? null : [], schedule);
  let isDecided = !mayBePrices;

  function decide(): void {
    if (isDecided || feed.state.get().kind === 'loading') return;
    const found = priceOutputs(feature.outputs, feed.samples.get(), lastPrice());
    isDecided = found !== null;
    prices.set(found ?? []);
  }

  const leave = [feed.samples.subscribe(decide), feed.state.subscribe(decide)];
  return {
    key: addedKey(added),
    label: addedLabel(added, feature),
    added,
    feature,
    feed,
    prices,
    close() {
      for (const end of leave) end();
      feed.close();
    },
  };
}

function isOfPriceUnit({ unit }: FeatureOutput): boolean {
  return unit === 'quote asset';
}

/**
 * The outputs that belong among candles. The unit alone does not tell: the average of prices and the average of their
 * ranges have the same one. But the former is near the price, and the latter nearer to nought.
 */
export function priceOutputs(
  outputs: readonly FeatureOutput[],
  samples: readonly ComputedSample[],
  price: number | null,
): readonly number[] | null {
  const ofPrice = outputs.flatMap((output, at) => (isOfPriceUnit(output) ? [at] : []));
  const known = samples.findLast(({ values }) => ofPrice.some((at) => values[at] != null));
  if (known === undefined || price === null) return null;
  return ofPrice.filter((at) => {
    const value = known.values[at];
    return value == null || (value > price / 2 && value < price * 2);
  });
}
