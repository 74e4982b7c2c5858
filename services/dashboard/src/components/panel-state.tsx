import { isPassing } from '../api/problem.ts';
import type { HistoryPart } from '../market/history.ts';
import { historyState } from '../session.ts';
import { useStore } from '../store/use-store.ts';

/** What a panel says while it has nothing to show: that it loads, why that failed, or that there is nothing yet. */
export function PanelState(props: { readonly part: HistoryPart; readonly isEmpty: boolean; readonly empty: string }) {
  const state = useStore(historyState)[props.part];
  if (!props.isEmpty) return null;
  if (state === 'loading') {
    return (
      <div class="panel-state">
        <span class="spinner" />
        Loading
      </div>
    );
  }
  if (state === 'loaded') return <div class="panel-state">{props.empty}</div>;
  return (
    <div class="panel-state" role="alert">
      <strong>{state.title}</strong>
      <span>{state.detail}</span>
      {isPassing(state) ? <span>It is tried again by itself.</span> : null}
      {state.requestId === null ? null : <code>request {state.requestId}</code>}
    </div>
  );
}
