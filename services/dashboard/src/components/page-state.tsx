import type { ComponentChildren } from 'preact';
import type { Problem } from '../api/problem.ts';
import { start } from '../session.ts';

export function LoadingPage() {
  return (
    <PageState>
      <span class="spinner" />
      <p>Asking for the instruments</p>
    </PageState>
  );
}

export function EmptyPage() {
  return (
    <PageState>
      <h1>Nothing is recorded yet</h1>
      <p>
        As soon as the recorder writes its first event, its instruments are here. It runs while <code>npm start</code>{' '}
        does; a recording that exists already is brought in with
      </p>
      <pre>npx don import FILE --instrument binance-usdm:BTCUSDT</pre>
      <RetryButton />
    </PageState>
  );
}

/** The page of a request for the instruments that failed. */
export function ProblemPage({ problem }: { readonly problem: Problem }) {
  if (problem.status === 401 || problem.status === 403) {
    return (
      <PageState>
        <h1>Please log in</h1>
        <p>
          The dashboard is opened by the one-time link that <code>npm start</code> prints. If it was used already, this
          prints a new one:
        </p>
        <pre>npx don start</pre>
        <RetryButton />
      </PageState>
    );
  }
  return (
    <PageState>
      <h1>{problem.title}</h1>
      <p>{problem.detail}</p>
      {problem.requestId === null ? null : <code class="dim">request {problem.requestId}</code>}
      <RetryButton />
    </PageState>
  );
}

function PageState({ children }: { readonly children: ComponentChildren }) {
  return (
    <main class="page-state" data-testid="page-state">
      {children}
    </main>
  );
}

function RetryButton() {
  return (
    <button type="button" class="button" onClick={() => void start()}>
      Try again
    </button>
  );
}
