import { type Answer, get, instrumentPath } from '../api/client.ts';
import type { Problem } from '../api/problem.ts';
import { createSeries, type Series } from '../store/series.ts';
import { createStore, type Schedule, type Store } from '../store/store.ts';
import { type AddedFeature, parametersText } from './added-feature.ts';
import { BARS_MAX } from './bars.ts';
import { type ComputedSample, readComputed } from './computed.ts';
import { SAMPLES_MAX } from './features.ts';

export type FeedState =
  | { readonly kind: 'loading' }
  | { readonly kind: 'live' }
  /** It is asked again by itself. */
  | { readonly kind: 'failed'; readonly problem: Problem };

/** The values of an added feature, kept up for as long as it is open. */
export interface FeatureFeed {
  readonly samples: Series<ComputedSample>;
  readonly state: Store<FeedState>;
  /** Asks at once where it rests: the page is seen again, or the API is there again. */
  wake(): void;
  close(): void;
}

export interface FeedOptions {
  readonly instrument: string;
  readonly added: AddedFeature;
  /** How many values a row has. */
  readonly outputs: number;
  readonly periodMs: number;
  /** Since when values are wanted, ms since the epoch; null while that is not known. */
  readonly firstMs: () => number | null;
  readonly isSeen: () => boolean;
  /** Called where the API says that the parameters cannot be, which asking again does not mend. */
  readonly onImpossible: () => void;
  readonly ask?: typeof get<ComputedSample[]>;
  readonly schedule?: Schedule;
}

/** Fields of which the API says that they cannot be, whenever it is asked. */
export const IMPOSSIBLE_FIELDS: ReadonlySet<string> = new Set(['parameters', 'other']);
/** Until it is looked again whether the span is known. */
const UNKNOWN_SPAN_MS = 250;
const RETRY_MS_MIN = 2_000;
const RETRY_MS_MAX = 15_000;

/**
 * Asks the API to compute a feature for the span shown, then again and again for what is new: one question at a time, none
 * while the page is hidden, and fewer the longer an answer takes or the more often it fails.
 */
export function createFeatureFeed(options: FeedOptions): FeatureFeed {
  const { instrument, added, outputs, periodMs, firstMs, isSeen, onImpossible, ask = get, schedule } = options;
  const limit = added.interval === '1m' ? BARS_MAX['1m'] : SAMPLES_MAX;
  const samples = createSeries<ComputedSample>(limit, schedule);
  const state = createStore<FeedState>({ kind: 'loading' }, schedule);
  const read = readComputed(added.interval, outputs);
  const aborted = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isAsking = false;
  let failures = 0;
  /** How far the answers reach. What is streamed may be later, and has not all between. */
  let answeredUs = 0;

  function later(pauseMs: number): void {
    timer = setTimeout(next, pauseMs);
  }

  function pathFrom(fromMs: number): string {
    return instrumentPath(instrument, `features/${added.name}`, {
      ...(Object.keys(added.parameters).length > 0 ? { parameters: parametersText(added.parameters) } : {}),
      ...(added.interval === null ? { every: '1s' } : { interval: added.interval }),
      ...(added.other === null ? {} : { other: added.other }),
      from: new Date(Math.max(fromMs, Math.floor(answeredUs / 1_000))).toISOString(),
    });
  }

  /** The pause until the next question. */
  function take(answer: Answer<ComputedSample[]>, tookMs: number): number {
    // Nothing recorded yet is no failure.
    const isNothingThere = !answer.isOk && answer.problem.status === 404;
    if (!answer.isOk && !isNothingThere) {
      state.set({ kind: 'failed', problem: answer.problem });
      return Math.max(periodMs, Math.min(RETRY_MS_MAX, RETRY_MS_MIN * 2 ** failures++));
    }
    failures = 0;
    if (answer.isOk) {
      if (answeredUs === 0) samples.load(answer.value);
      else for (const sample of answer.value) samples.put(sample);
      answeredUs = answer.value.at(-1)?.atUs ?? answeredUs;
    }
    state.set({ kind: 'live' });
    return Math.max(periodMs, tookMs);
  }

  async function next(): Promise<void> {
    timer = undefined;
    if (aborted.signal.aborted || !isSeen()) return;
    const fromMs = firstMs();
    if (fromMs === null) {
      later(UNKNOWN_SPAN_MS);
      return;
    }
    const askedMs = performance.now();
    isAsking = true;
    const answer = await ask(pathFrom(fromMs), read, aborted.signal);
    isAsking = false;
    if (aborted.signal.aborted) return;
    if (!answer.isOk && IMPOSSIBLE_FIELDS.has(answer.problem.errors[0]?.field ?? '')) onImpossible();
    else later(take(answer, performance.now() - askedMs));
  }

  void next();
  return {
    samples,
    state,
    wake() {
      if (isAsking) return;
      clearTimeout(timer);
      void next();
    },
    close() {
      aborted.abort();
      clearTimeout(timer);
    },
  };
}
