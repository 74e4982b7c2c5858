import { type AddedFeature, addedKey } from '../market/added-feature.ts';
import type { Feature } from '../market/features.ts';
import { changeSettings, type Settings, settings, USUAL_FEATURES } from './settings.ts';

type Shown = Pick<Settings, 'features' | 'added'>;

/** Shows or hides one of the streamed features; the last thing shown stays: an empty chart would look broken. */
export function toggleStreamed(name: Feature): void {
  const { features, added } = settings.get();
  const isShown = features.includes(name);
  change({ features: isShown ? features.filter((other) => other !== name) : [...features, name], added });
}

/** Shows or hides an added feature. */
export function toggleAdded(key: string): void {
  const { features, added } = settings.get();
  const toggled = (one: AddedFeature): AddedFeature =>
    addedKey(one) === key ? { ...one, isShown: !one.isShown } : one;
  change({ features, added: added.map(toggled) });
}

/** Others are added now; where nothing would be left to show, the usual ones are. */
export function changeAdded(added: readonly AddedFeature[]): void {
  const { features } = settings.get();
  changeSettings({ added, features: isEmpty({ features, added }) ? USUAL_FEATURES : features });
}

function change(shown: Shown): void {
  if (!isEmpty(shown)) changeSettings(shown);
}

function isEmpty({ features, added }: Shown): boolean {
  return features.length === 0 && !added.some(({ isShown }) => isShown);
}
