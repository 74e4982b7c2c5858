import type { ComponentChildren } from 'preact';
import { clock } from '../clock.ts';
import { connectionState, retryNow, streamProblem } from '../session.ts';
import { useStore } from '../store/use-store.ts';

/** What is wrong now, and what to do about it, below the header. */
export function Notices() {
  const problem = useStore(streamProblem);
  return (
    <>
      <ConnectionNotice />
      {problem === null ? null : (
        <Notice level="warn" title={problem.title} action={{ text: 'Dismiss', run: () => streamProblem.set(null) }}>
          {problem.detail}
        </Notice>
      )}
    </>
  );
}

function ConnectionNotice() {
  const state = useStore(connectionState);
  const nowMs = useStore(clock);
  if (state.kind === 'expired') {
    return (
      <Notice level="bad" title="The session is over." action={{ text: 'Reload', run: () => location.reload() }}>
        What is shown stands still. <code>npx don start</code> prints a new link: open it in this browser.
      </Notice>
    );
  }
  if (state.kind !== 'waiting') return null;
  const seconds = Math.max(0, Math.ceil((state.retryAtMs - nowMs) / 1000));
  return (
    <Notice level="warn" title="Disconnected." action={{ text: 'Retry now', run: retryNow }}>
      {state.problem === null ? 'The event stream ended.' : sentences(state.problem.title, state.problem.detail)}{' '}
      Reconnecting in {seconds} s; what is missed meanwhile is loaded then.
    </Notice>
  );
}

/** Texts that may or may not end as a sentence does, as sentences. */
function sentences(...texts: readonly string[]): string {
  return texts
    .filter((text) => text !== '')
    .map((text) => (/[.!?]$/.test(text) ? text : `${text}.`))
    .join(' ');
}

function Notice(props: {
  readonly level: 'warn' | 'bad';
  readonly title: string;
  readonly action: { readonly text: string; readonly run: () => void };
  readonly children: ComponentChildren;
}) {
  return (
    <div class={`notice notice-${props.level}`} role="alert" data-testid="notice">
      <p>
        <strong>{props.title}</strong>
        {props.children}
      </p>
      <button type="button" class="button" onClick={props.action.run}>
        {props.action.text}
      </button>
    </div>
  );
}
