import { useEffect, useState } from 'preact/hooks';
import type { Answer } from '../api/client.ts';
import type { Problem } from '../api/problem.ts';

export interface Polled<T> {
  /** The last one that came; null: none has. */
  readonly value: T | null;
  /** Why the last try brought none. */
  readonly problem: Problem | null;
  /** Asks at once. */
  readonly ask: () => void;
}

/**
 * What `question` is answered, asked for again each `periodMs` while this is shown. Another question (its identity counts)
 * is asked at once; until its answer comes the last one stays.
 */
export function usePolled<T>(question: (signal: AbortSignal) => Promise<Answer<T>>, periodMs: number): Polled<T> {
  const [value, setValue] = useState<T | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [asked, setAsked] = useState(0);
  useEffect(() => {
    const aborted = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    async function next(): Promise<void> {
      const answer = await question(aborted.signal);
      if (aborted.signal.aborted) return;
      if (answer.isOk) setValue(answer.value);
      setProblem(answer.isOk ? null : answer.problem);
      timer = setTimeout(next, periodMs);
    }
    void next();
    return () => {
      aborted.abort();
      clearTimeout(timer);
    };
  }, [question, periodMs, asked]);
  return { value, problem, ask: () => setAsked((count) => count + 1) };
}
