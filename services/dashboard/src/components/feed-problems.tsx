import { useMemo } from 'preact/hooks';
import { catalogueState, computedFeatures } from '../feature-session.ts';
import { addedLabel, featureOf } from '../market/added-feature.ts';
import { settings } from '../settings/settings.ts';
import { useStore, useStores } from '../store/use-store.ts';
import { offOf } from './feature-chips.tsx';

/** Why added features are not kept up at the moment, once a reason. */
export function FeedProblems() {
  const computed = useStore(computedFeatures);
  const states = useStores(useMemo(() => computed.map(({ feed }) => feed.state), [computed]));
  const labelsByReason = new Map<string, string[]>();
  for (const [at, { label }] of computed.entries()) {
    const state = states[at];
    if (state?.kind !== 'failed') continue;
    const reason = [state.problem.title, state.problem.detail].filter((text) => text !== '').join(': ');
    labelsByReason.set(reason, [...(labelsByReason.get(reason) ?? []), label]);
  }
  return (
    <>
      <CustomProblems />
      {[...labelsByReason].map(([reason, labels]) => (
        <p key={reason} class="feed-problem" role="status">
          <strong>{namesOf(labels)}:</strong> {withoutStop(reason)}. It is tried again by itself.
        </p>
      ))}
    </>
  );
}

/** Custom features that are to be shown and do not run, with the reason. */
function CustomProblems() {
  const { added } = useStore(settings);
  const catalogue = useStore(catalogueState);
  if (catalogue.kind !== 'loaded') return null;
  return added
    .filter(({ isCustom, isShown }) => isCustom && isShown)
    .map((one) => {
      const feature = featureOf(one, catalogue.features);
      const off = offOf(feature);
      return off === null ? null : (
        <p key={one.name} class="feed-problem" role="status">
          <strong>{feature === undefined ? one.name : addedLabel(one, feature)}:</strong> {withoutStop(off)}.
        </p>
      );
    });
}

function withoutStop(text: string): string {
  return text.replace(/[.!?]$/, '');
}

/** The first names and how many there are beside them. */
function namesOf(labels: readonly string[]): string {
  const [first = '', second, ...others] = labels;
  if (second === undefined) return first;
  return others.length === 0 ? `${first} and ${second}` : `${first} and ${others.length + 1} others`;
}
