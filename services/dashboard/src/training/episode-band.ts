/** A value of an episode. */
export interface WeighedValue {
  readonly step: number;
  readonly value: number;
  /** Of how many it is one. */
  readonly weight: number;
}

/** How the values of episodes lie that ended at about the same step. */
export interface BandPoint {
  /** Their mean step. */
  readonly step: number;
  /** Below which a tenth, a half and nine tenths of them lie. */
  readonly low: number;
  readonly median: number;
  readonly high: number;
  /** How many they are. */
  readonly count: number;
}

/** Of fewer no tenth can be told. */
const EPISODES_MIN = 10;
/** More would be noise rather than shape. */
const BINS_MAX = 60;

/** Values by steps, in bins of equal width, as many as let most of them have ten values. */
export function episodeBand(values: readonly WeighedValue[]): readonly BandPoint[] {
  const bins = Math.min(BINS_MAX, Math.floor(values.length / EPISODES_MIN / 2));
  if (bins < 1) return [];
  const steps = values.map(({ step }) => step);
  const left = steps.reduce((one, other) => Math.min(one, other));
  const right = steps.reduce((one, other) => Math.max(one, other));
  const binned = Array.from({ length: bins }, (): WeighedValue[] => []);
  for (const value of values) {
    const at = right === left ? 0 : Math.floor(((value.step - left) / (right - left)) * bins);
    binned[Math.min(bins - 1, at)]!.push(value);
  }
  return binned.filter((bin) => bin.length >= EPISODES_MIN).map(bandPoint);
}

function bandPoint(bin: readonly WeighedValue[]): BandPoint {
  const sorted = bin.toSorted((one, other) => one.value - other.value);
  const count = sorted.reduce((sum, { weight }) => sum + weight, 0);
  const quantile = (part: number): number => {
    let below = 0;
    for (const { value, weight } of sorted) {
      below += weight;
      if (below >= part * count) return value;
    }
    return sorted.at(-1)!.value;
  };
  const step = sorted.reduce((sum, one) => sum + one.step * one.weight, 0) / count;
  return { step, low: quantile(0.1), median: quantile(0.5), high: quantile(0.9), count };
}
