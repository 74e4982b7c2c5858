import { hash } from 'node:crypto';
import type { FeatureSet } from '../operators/features/resolve-feature-set.ts';
import { BOOK_V1 } from '../operators/features/sets/book-v1.ts';
import { DEFAULT_V1 } from '../operators/features/sets/default-v1.ts';
import { DERIVATIVES_V1 } from '../operators/features/sets/derivatives-v1.ts';
import { DOLLAR_V1 } from '../operators/features/sets/dollar-v1.ts';
import { FLOW_V1 } from '../operators/features/sets/flow-v1.ts';
import { KLINES_5M_V1 } from '../operators/features/sets/klines-5m-v1.ts';
import { PAIR_V1 } from '../operators/features/sets/pair-v1.ts';
import { SPINE_V1 } from '../operators/features/sets/spine-v1.ts';

/** The sets that are derived of every recording. */
export const FEATURE_SETS: readonly FeatureSet[] = [SPINE_V1, DEFAULT_V1];

/** Every set that Don comes with: those, and the ones that are filled when they are asked for. */
export const AVAILABLE_SETS: readonly FeatureSet[] = [
  ...FEATURE_SETS,
  BOOK_V1,
  FLOW_V1,
  DERIVATIVES_V1,
  DOLLAR_V1,
  KLINES_5M_V1,
  PAIR_V1,
];

/**
 * Names what a derivation with these sets makes of a log: another set, or another definition of one, is another version,
 * and all rows are derived anew.
 * @param derivation the version of all else
 */
export function versionWith(derivation: string, sets: readonly FeatureSet[]): string {
  return [derivation, ...sets.map((set) => `${set.id}@${setHash(set)}`)].join(' ');
}

/** The sets of a version; undefined where it is none of this code's. */
export function setsOfVersion(derivation: string, version: string): readonly FeatureSet[] | undefined {
  const sets = version
    .split(' ')
    .slice(1)
    .map((part) => featureSetNamed(part.split('@')[0]!));
  const known = sets.filter((set) => set !== undefined);
  return version === versionWith(derivation, known) ? known : undefined;
}

/** The set of that id, `name-v1`; undefined where there is none. */
export function featureSetNamed(id: string): FeatureSet | undefined {
  return AVAILABLE_SETS.find((set) => set.id === id);
}

const hashes = new WeakMap<FeatureSet, string>();

/** The first 16 digits of the SHA-256 of all that decides on the set's values; it goes with each row. */
export function setHash(set: FeatureSet): string {
  let known = hashes.get(set);
  if (known === undefined) {
    known = hash('sha256', set.definition).slice(0, 16);
    hashes.set(set, known);
  }
  return known;
}
