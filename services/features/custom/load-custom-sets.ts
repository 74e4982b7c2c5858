import type { FeatureSet } from '../../../operators/features/resolve-feature-set.ts';
import { featureFiles } from './feature-files.ts';
import { customSet, loadCustomFeature } from './load-custom-feature.ts';

/**
 * The sets of the custom features of a folder, each with the id and the hash that its stored rows have. It loads the
 * files, so their code runs in this process: they are to be ones that have passed their check.
 * @throws BadInput that names the file which is no custom feature
 */
export async function loadCustomSets(folder: string): Promise<FeatureSet[]> {
  const files = featureFiles(folder);
  return Promise.all(files.map(async ({ file, hash }) => customSet(await loadCustomFeature(file), hash)));
}
