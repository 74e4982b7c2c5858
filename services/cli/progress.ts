/** How far long work is. */
export interface Progress {
  /** What is being done, e.g. `reading`. */
  readonly what: string;
  /** From 0 to 1; undefined where it is not known. */
  readonly share: number | undefined;
  /** Things done so far, and what they are called: 12,000 events. */
  readonly done: number;
  readonly unit: string;
  /** Where they are known better than by what was seen here: things a second, and the time left. */
  readonly rate?: number | null;
  readonly secondsLeft?: number | null;
  /** What it comes to so far, behind the rest. */
  readonly detail?: string;
}

export interface ProgressDisplay {
  update(progress: Progress): void;
  /** Takes the bar away; to be called before anything else is written. */
  end(): void;
}

const BAR_WIDTH = 24;
const REDRAW_MS = 100;
const LINE_MS = 5_000;

/**
 * Shows progress on a stream: a bar with rate and time left on a terminal; elsewhere a plain line, every five seconds at
 * most, where another whole per cent is done (or anything, where the share is not known).
 * @param nowMs clock
 */
export function createProgressDisplay(
  stream: { readonly isTTY?: boolean; readonly columns?: number; write(text: string): unknown },
  nowMs: () => number = () => performance.now(),
): ProgressDisplay {
  const isTerminal = stream.isTTY === true;
  const intervalMs = isTerminal ? REDRAW_MS : LINE_MS;
  let what = '';
  let startedMs = nowMs();
  let shownMs = Number.NEGATIVE_INFINITY;
  let isDrawn = false;
  let shownAt: number | undefined;

  function end(): void {
    if (isDrawn) stream.write('\r\u001b[K');
    isDrawn = false;
  }

  return {
    update(progress) {
      const now = nowMs();
      if (progress.what !== what) {
        what = progress.what;
        startedMs = now;
        shownAt = undefined;
        // Short work is done before its first line is due.
        shownMs = isTerminal ? Number.NEGATIVE_INFINITY : now;
      }
      if (now - shownMs < intervalMs) return;
      const at = progress.share === undefined ? progress.done : Math.floor(progress.share * 100);
      if (!isTerminal && at === shownAt) return;
      shownAt = at;
      shownMs = now;
      const whole = progressText(progress, (now - startedMs) / 1000, isTerminal);
      // A line that is broken could not be taken away.
      const text = isTerminal ? whole.slice(0, (stream.columns ?? Number.POSITIVE_INFINITY) - 1) : whole;
      stream.write(isTerminal ? `\r\u001b[K${text}` : `${text}\n`);
      isDrawn = isTerminal;
    },
    end,
  };
}

/** `appending  ████░░░░  52 %  12,345 events  41,000/s  3 s left` */
export function progressText(progress: Progress, seconds: number, hasBar: boolean): string {
  const { what, share, done, unit } = progress;
  const parts = [what.padEnd(10)];
  if (share !== undefined) {
    const filled = Math.round(Math.min(1, share) * BAR_WIDTH);
    if (hasBar) parts.push('█'.repeat(filled) + '░'.repeat(BAR_WIDTH - filled));
    parts.push(`${String(Math.floor(share * 100)).padStart(3)} %`);
  }
  if (done > 0) parts.push(`${done.toLocaleString('en')} ${done === 1 ? singular(unit) : unit}`);
  const { rate, secondsLeft: left } = paceOf(progress, seconds);
  if (rate !== null && done > 0 && rate >= 0.5) parts.push(`${Math.round(rate).toLocaleString('en')}/s`);
  if (left !== null && share !== undefined && share > 0.01 && share < 1)
    parts.push(left < 120 ? `${Math.ceil(left)} s left` : `${Math.round(left / 60)} min left`);
  if (progress.detail !== undefined) parts.push(progress.detail);
  return parts.join('  ');
}

function singular(unit: string): string {
  return unit.replace(/ies$/, 'y').replace(/s$/, '');
}

function paceOf({ share, done, rate, secondsLeft }: Progress, seconds: number) {
  if (rate !== undefined && secondsLeft !== undefined) return { rate, secondsLeft };
  if (seconds < 0.5) return { rate: null, secondsLeft: null };
  return { rate: done / seconds, secondsLeft: share === undefined ? null : (seconds / share) * (1 - share) };
}
