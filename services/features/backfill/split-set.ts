import { barLengthMs } from '../../../operators/bar-clock-length.ts';
import type { FeatureSet, UsedFeature } from '../../../operators/features/resolve-feature-set.ts';

type Part = 'events' | 'bars' | 'columns';

/** A set in parts: what is folded from bars alone, what is of other columns, and the rest. */
export interface SplitSet {
  readonly set: FeatureSet;
  /** Of events: windows of time, which a worker can begin anywhere once it is warm. */
  readonly ofEvents: FeatureSet;
  /** Of bars alone, some of which never forget: few inputs, and so folded over the whole span by one. */
  readonly ofBars: FeatureSet;
  /**
   * For each column of the set, which part it belongs to, and its number there. Those of other columns are folded of whole
   * rows, as they are in `set`.
   */
  readonly columns: readonly (readonly [part: Part, n: number])[];
}

export function splitSet(set: FeatureSet): SplitSet {
  const columns: [Part, number][] = [];
  const counts = { events: 0, bars: 0, columns: 0 };
  for (const feature of set.features) {
    const part = partOf(feature);
    for (const _ of feature.outputs) columns.push([part, counts[part]++]);
  }
  const part = (wanted: Part): FeatureSet => ({
    ...set,
    features: set.features.filter((feature) => partOf(feature) === wanted),
    columns: set.columns.filter((_, n) => columns[n]![0] === wanted),
    sources: set.sources.flatMap((column) => (columns[column]![0] === wanted ? columns[column]![1] : [])),
  });
  return { set, ofEvents: part('events'), ofBars: part('bars'), columns };
}

function partOf({ definition, of }: UsedFeature): Part {
  if (of !== null) return 'columns';
  return definition.inputs.every((type) => type === 'bar' || type === 'barBreak') ? 'bars' : 'events';
}

/**
 * How long before a chunk its features have to be fed, ms. Infinite where bars depend on where reading begins, so that
 * there can be but one chunk.
 */
export function overlapOf({ set, ofEvents, ofBars }: SplitSet): number {
  const lengthMs = barLengthMs(set.clock);
  const spans = ofEvents.features.map(({ definition, parameters }) => {
    const { count, of } = definition.warmUp(parameters);
    if (of === 'ms') return count;
    return of === 'bars' && lengthMs !== undefined ? count * lengthMs : UNKNOWN_MS;
  });
  const hasBars = ofBars.features.length > 0 || set.sampling === 'bars';
  return MARGIN_MS + Math.max(hasBars ? untilSameBars(set) : 0, ...spans);
}

/** After which bars are the same wherever reading began, ms. */
function untilSameBars({ clock }: FeatureSet): number {
  const lengthMs = barLengthMs(clock);
  if (lengthMs !== undefined) return 3 * lengthMs;
  return 'restartMs' in clock && clock.restartMs !== undefined ? clock.restartMs : Number.POSITIVE_INFINITY;
}

/** A count of quotes or trades may take any time; what is not warm by then is found when it is compared. */
const UNKNOWN_MS = 90 * 60_000;
/** Until the book is valid. */
const MARGIN_MS = 60_000;
