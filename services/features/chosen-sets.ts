import type { Config } from '../../infra/config.ts';
import { nearestName } from '../../infra/nearest-name.ts';
import { BadInput } from '../../infra/setup-error.ts';
import type { FeatureSet } from '../../operators/features/resolve-feature-set.ts';
import { AVAILABLE_SETS, FEATURE_SETS, featureSetNamed } from '../../pipelines/feature-sets.ts';

/**
 * The sets that are derived, by the configuration.
 * @throws BadInput that names one that there is not, and the nearest that there is
 */
export function chosenSets({ featureSets }: Pick<Config, 'featureSets'>): readonly FeatureSet[] {
  return featureSets?.map(setNamed) ?? FEATURE_SETS;
}

function setNamed(id: string): FeatureSet {
  const found = featureSetNamed(id);
  if (found !== undefined && !found.isOfPair) return found;
  const ids = AVAILABLE_SETS.filter((set) => !set.isOfPair).map((set) => set.id);
  if (found !== undefined)
    throw new BadInput(
      `featureSets: expected ones of ${ids.join(', ')}, found ${id}; sets of two are derived by \`pairs\``,
    );
  const near = nearestName(id, ids);
  const hint = near === undefined ? '' : `; did you mean ${near}?`;
  throw new BadInput(`featureSets: expected ones of ${ids.join(', ')}, found ${id}${hint}`);
}
