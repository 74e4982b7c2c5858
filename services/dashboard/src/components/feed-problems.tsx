import { useMemo } from 'preact/hooks';
import { computedFeatures } from '../feature-session.ts';
import { useStore, useStores } from '../store/use-store.ts';

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
  return [...labelsByReason].map(([reason, labels]) => (
    <p key={reason} class="feed-problem" role="status">
      <strong>{namesOf(labels)}:</strong> {reason.replace(/[.!?]$/, '')}. It is tried again by itself.
    </p>
  ));
}

/** The first names and how many there are beside them. */
function namesOf(labels: readonly string[]): string {
  const [first = '', second, ...others] = labels;
  if (second === undefined) return first;
  return others.length === 0 ? `${first} and ${second}` : `${first} and ${others.length + 1} others`;
}
