/** One step of a walk-forward: what is chosen on the one span is judged on the other. Times in ms since the epoch. */
export interface WalkForwardWindow {
  readonly trainFromMs: number;
  /** First instant that no longer counts. */
  readonly trainToMs: number;
  readonly testFromMs: number;
  readonly testToMs: number;
}

export interface WalkForwardOptions {
  readonly fromMs: number;
  /** First instant that no longer counts. */
  readonly toMs: number;
  readonly trainMs: number;
  readonly testMs: number;
  /** How long the outcome of what is decided at one instant takes: training ends so long before the test. */
  readonly purgeMs: number;
  /** Left out besides, since what follows on a span still depends on it. */
  readonly embargoMs: number;
  /** Each training span begins with the data, and grows; otherwise all are equally long. */
  readonly isAnchored: boolean;
}

/**
 * Windows one test span apart: train | purge and embargo | test. Test spans follow each other without a break or an
 * overlap, each behind all that was trained on; what is left over at the end is less than one. None where the data hold no
 * whole window.
 * @throws RangeError naming the length that cannot be
 * @see López de Prado (2018), "Advances in Financial Machine Learning", chapter 7 on purging and embargo, 12 on walk-forward.
 */
export function walkForward(options: WalkForwardOptions): WalkForwardWindow[] {
  const { fromMs, toMs, trainMs, testMs, purgeMs, embargoMs, isAnchored } = options;
  for (const [name, ms, least] of [
    ['train', trainMs, 1],
    ['test', testMs, 1],
    ['purge', purgeMs, 0],
    ['embargo', embargoMs, 0],
  ] as const)
    if (!(Number.isFinite(ms) && ms >= least))
      throw new RangeError(`walk-forward, ${name}: expected at least ${least} ms, found ${ms}`);
  const windows: WalkForwardWindow[] = [];
  for (let n = 0; ; n++) {
    const trainToMs = fromMs + trainMs + n * testMs;
    const testFromMs = trainToMs + purgeMs + embargoMs;
    const testToMs = testFromMs + testMs;
    if (testToMs > toMs) return windows;
    windows.push({ trainFromMs: isAnchored ? fromMs : trainToMs - trainMs, trainToMs, testFromMs, testToMs });
  }
}
