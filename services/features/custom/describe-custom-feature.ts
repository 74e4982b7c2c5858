import type { TimeClock } from '../../../operators/bar-clock.ts';
import type { FeatureDefinition } from '../../../operators/features/definition.ts';
import { setHash } from '../../../pipelines/feature-sets.ts';
import { featureJson } from '../feature-json.ts';
import { customSet } from './load-custom-feature.ts';

/** What programs know of a custom feature without its file: plain data. */
export interface CustomDescription {
  /** As one of the catalogue. */
  readonly feature: ReturnType<typeof featureJson>;
  readonly set: CustomSetDescription;
}

/** Its set: where its rows are, and under which id and hash. */
export interface CustomSetDescription {
  readonly id: string;
  readonly hash: string;
  readonly table: string;
  readonly sampling: 'quotes' | 'bars';
  /** Of the bars that it is folded from, and sampled at the ends of. */
  readonly clock: TimeClock;
  readonly columns: readonly string[];
}

/** @param code what its file holds, as a hash */
export function describeCustomFeature(definition: FeatureDefinition, code: string): CustomDescription {
  const set = customSet(definition, code);
  const { id, table, sampling, clock, columns } = set;
  return {
    feature: featureJson(definition),
    set: { id, hash: setHash(set), table, sampling, clock, columns: columns.map(({ name }) => name) },
  };
}
