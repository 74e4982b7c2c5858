import type { JobProgress } from './job-kind.ts';
import type { ToldProgress } from './job-record.ts';

/** Of what the rate is taken. */
const WINDOW_MS = 10_000;
/** Shorter spans say little. */
const SPAN_MS_MIN = 500;

interface Sample {
  readonly atMs: number;
  readonly text: string;
  readonly done: number;
  readonly share: number | null;
}

/** Finds how fast a job goes, and how long it still takes at that pace. */
export function createProgressGauge(): (progress: JobProgress, atMs: number) => ToldProgress {
  const recent: Sample[] = [];
  return (progress, atMs) => {
    const { text, done, share } = progress;
    // Each part of the work counts its own things.
    if (recent.at(-1)?.text !== text) recent.length = 0;
    recent.push({ atMs, text, done, share });
    while (recent.length > 2 && recent[1]!.atMs < atMs - WINDOW_MS) recent.shift();
    const first = recent[0]!;
    const seconds = (atMs - first.atMs) / 1_000;
    if (seconds * 1_000 < SPAN_MS_MIN) return { ...progress, rate: null, secondsLeft: null };
    const gained = share === null || first.share === null ? 0 : share - first.share;
    const left = gained > 0 ? ((1 - share!) / gained) * seconds : null;
    return { ...progress, rate: (done - first.done) / seconds, secondsLeft: left };
  };
}
