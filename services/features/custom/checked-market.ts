import { barClock, makesBars } from '../../../operators/bar-clock.ts';
import type { ClosedBar, FeatureInput } from '../../../operators/features/feature-input.ts';
import { madeInputs, splitInputs, timeOf } from './made-inputs.ts';

/** What a feature is checked on: a market, and others that could have come instead of its future. */
export interface CheckedMarket {
  /** Where it is a recording, which one; findings say so. */
  readonly name: string | null;
  /** The same each time. What is lent with one holds until the next. */
  inputs(): Iterable<FeatureInput>;
  /** The market until an instant, ms since the epoch, and another future from there on. */
  inputsWithout(fromMs: number, variant: number): Iterable<FeatureInput>;
  /** Bars of another market at the times of its own; variant 0: none. */
  otherBars(bars: readonly ClosedBar[], variant: number): readonly ClosedBar[];
}

/** Futures that each row is tried with; the first is none at all, or as good as none. */
export const VARIANTS = 3;
const SEED = 11;
const OTHER_SEEDS = [0, 12, 13];
/** By which the prices of other futures differ, so that a highest and a lowest price change with them. */
const SCALES = [1, 2, 0.5];
const CLOCK = { kind: 'time', intervalMs: 60_000 } as const;

/** A market that is made up, so that it has what a recording may lack. */
export const MADE_MARKET: CheckedMarket = {
  name: null,
  inputs: () => madeInputs(SEED),
  inputsWithout: (fromMs, variant) => splitInputs(SEED, OTHER_SEEDS[variant]!, fromMs),
  otherBars: (_bars, variant) =>
    variant === 0 ? [] : barsOf(madeInputs(OTHER_SEEDS[variant]!)).map((bar) => scaled(bar, SCALES[variant]!)),
};

/** Inputs of a market that was never there, from an instant on. */
export function* madeFuture(variant: number, fromMs: number, toMs: number): Generator<FeatureInput> {
  let shiftMs: number | undefined;
  for (const input of madeInputs(OTHER_SEEDS[variant]!)) {
    const timeMs = timeOf(input);
    if (timeMs === 0) continue;
    shiftMs ??= fromMs - timeMs;
    if (timeMs + shiftMs > toMs) return;
    yield shifted(input, shiftMs);
  }
}

/** The market's own bars, backwards and at other prices, each at the time of the one that it stands for. */
export function reversedBars(bars: readonly ClosedBar[], variant: number): ClosedBar[] {
  return bars.map(({ openTimeMs, closeTimeMs }, n) =>
    Object.freeze({ ...scaled(bars[bars.length - 1 - n]!, SCALES[variant]!), openTimeMs, closeTimeMs }),
  );
}

/** The bars of a minute of a market: the longest stretch of them that nothing breaks. */
export function barsOf(inputs: Iterable<FeatureInput>): ClosedBar[] {
  const { initialState, evolve, project } = barClock(CLOCK);
  let state = initialState();
  let [bars, longest]: ClosedBar[][] = [[], []];
  for (const input of inputs) {
    if (!makesBars(CLOCK, input)) continue;
    state = evolve(state, input);
    const said = project(state, input);
    if (said?.type === 'bar') bars!.push(Object.freeze(said));
    else if (said !== undefined) bars = [];
    if (bars!.length > longest!.length) longest = bars;
  }
  return longest!;
}

function scaled(bar: ClosedBar, by: number): ClosedBar {
  const { open, high, low, close } = bar;
  return Object.freeze({ ...bar, open: open * by, high: high * by, low: low * by, close: close * by });
}

function shifted(input: FeatureInput, byMs: number): FeatureInput {
  if ('transactionTimeMs' in input) return { ...input, transactionTimeMs: input.transactionTimeMs + byMs };
  return 'eventTimeMs' in input ? { ...input, eventTimeMs: input.eventTimeMs + byMs } : input;
}
