import type { FeatureSet, UsedFeature } from '../../../operators/features/resolve-feature-set.ts';

/** A set in two: what is folded from bars alone, and the rest. */
export interface SplitSet {
  /** Of events: windows of time, which a worker can begin anywhere once it is warm. */
  readonly ofEvents: FeatureSet;
  /** Of bars alone, some of which never forget: few inputs, and so folded over the whole span by one. */
  readonly ofBars: FeatureSet;
  /** For each column of the set, which part it belongs to, and its number there. */
  readonly columns: readonly (readonly [part: 'events' | 'bars', n: number])[];
}

export function splitSet(set: FeatureSet): SplitSet {
  const isOfBars = ({ definition }: UsedFeature): boolean =>
    definition.inputs.every((type) => type === 'bar' || type === 'barBreak');
  const columns: ['events' | 'bars', number][] = [];
  const counts = { events: 0, bars: 0 };
  for (const feature of set.features) {
    const part = isOfBars(feature) ? 'bars' : 'events';
    for (const _ of feature.outputs) columns.push([part, counts[part]++]);
  }
  const part = (isWanted: boolean): FeatureSet => ({
    ...set,
    features: set.features.filter((feature) => isOfBars(feature) === isWanted),
    columns: set.columns.filter((_, n) => (columns[n]![0] === 'bars') === isWanted),
  });
  return { ofEvents: part(false), ofBars: part(true), columns };
}

/** How long before a chunk its features have to be fed, ms. */
export function overlapOf({ ofEvents, ofBars }: SplitSet): number {
  const spans = ofEvents.features.map(({ definition, parameters }) => {
    const { count, of } = definition.warmUp(parameters);
    if (of === 'ms') return count;
    return of === 'bars' ? count * ofEvents.clock.intervalMs : UNKNOWN_MS;
  });
  const bars = ofBars.features.length > 0 || ofEvents.sampling === 'bars' ? 3 * ofEvents.clock.intervalMs : 0;
  return MARGIN_MS + Math.max(bars, ...spans);
}

/** A count of quotes or trades may take any time; what is not warm by then is found when it is compared. */
const UNKNOWN_MS = 90 * 60_000;
/** Until the book is valid. */
const MARGIN_MS = 60_000;
