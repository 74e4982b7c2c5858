import { BadInput } from '../../infra/setup-error.ts';
import type { BarAssumptions } from '../../operators/matching/bar-exchange.ts';
import { DEFAULT_RISK_LIMITS, type RiskLimits } from '../../operators/risk/risk-limits.ts';
import { clockSkewUs } from '../../pipelines/simulation/exchange-order.ts';
import type { EntryId } from '../../streams/id.ts';
import type { Tape } from '../../streams/tape/tape.ts';
import type { BacktestResult } from './backtest-result.ts';
import { candlesOf } from './candles-of.ts';
import type { LoadedStrategy } from './load-strategy.ts';
import { marketResult } from './market-result.ts';
import { createMarketRun, type MarketRun, type MarketRunOptions } from './market-run.ts';
import { createMarketWarnings, type MarketWarnings } from './market-warnings.ts';
import { openRecordedSpan, type RecordedSpan, type SpanOptions } from './recorded-span.ts';
import { runBarBacktest } from './run-bar-backtest.ts';
import { runStrategy } from './strategy-failure.ts';

/** Samples of the account, about. */
const SAMPLES = 20_000;
const SAMPLE_MS_MIN = 100;

/** What a run over a span is told, and what is said of it. */
export interface RunOptions
  extends Omit<
    MarketRunOptions,
    'scale' | 'strategy' | 'limits' | 'sampleMs' | 'skewUs' | 'onAccountEvent' | 'listener'
  > {
  readonly recording: string;
  readonly strategy: LoadedStrategy;
  /** What stops an order before it is sent; the usual limits where not said. */
  readonly limits?: RiskLimits | undefined;
  /** By how much the recorder's clock is behind the exchange's, µs; as the recording tells where not said. */
  readonly skewUs?: number | undefined;
  /** Of a recording that holds candles alone: what is assumed of what they do not tell. */
  readonly assumptions?: BarAssumptions | undefined;
  /** Of such a recording: the one that its funding is taken from; where not said, any that holds it. */
  readonly funding?: string | undefined;
  readonly onProgress?: (events: number) => void;
}

export interface BacktestOptions extends RunOptions, Omit<SpanOptions, 'keepsBytes'> {}

/**
 * Runs a strategy over a span of a recording: against its depth and trades, or, where it holds candles alone, against these
 * by a coarser model.
 * @throws BadInput where the span holds nothing, its instrument is not known, or a strategy needs what candles do not tell
 */
export async function runBacktest(options: BacktestOptions): Promise<BacktestResult> {
  return runOverSpan(await openRecordedSpan(options), options);
}

/** The same over a span that is open already. */
export async function runOverSpan(span: RecordedSpan, options: RunOptions): Promise<BacktestResult> {
  const { instrument, recording, onProgress } = options;
  const candles = candlesOf(span, options);
  if (candles !== undefined) {
    refuseUntold(options);
    return runBarBacktest(span, options, candles);
  }
  let run: Run | undefined;
  for await (const tape of span.tapes()) {
    run ??= begin(options, tape, span);
    run.warnings.note(tape);
    takeIn(options, run, tape);
    run.last = tape;
    run.events += tape.events;
    onProgress?.(run.events);
  }
  if (run === undefined) throw new BadInput(`${instrument}, recording ${recording}: nothing is recorded in that span`);
  takeIn(options, run, undefined);
  return resultOf(options, run);
}

/** What candles tell nothing of. */
function refuseUntold({ positionMode, latency, instrument, recording }: RunOptions): void {
  const there = `${instrument}, recording ${recording}, where only candles are`;
  if (positionMode === 'hedge') throw new BadInput(`--hedge: expected one-way mode on ${there}, found hedge mode`);
  if (latency.isOfFeed === true) throw new BadInput(`--latency: expected a length on ${there}, found recorded`);
}

/** @throws Error that says which strategy failed, and when in the run */
function takeIn({ strategy }: RunOptions, { simulation }: Run, tape: Tape | undefined): void {
  runStrategy(
    strategy.definition,
    () => simulation.market.timeUs,
    () => (tape === undefined ? simulation.end() : simulation.push(tape)),
  );
}

interface Run extends MarketRun {
  readonly skewUs: number;
  readonly warnings: MarketWarnings;
  readonly first: Tape;
  last: Tape;
  events: number;
}

function begin(options: RunOptions, first: Tape, { scale, lengthMs }: RecordedSpan): Run {
  const skewUs = options.skewUs ?? clockSkewUs(first);
  const sampleMs = Math.max(SAMPLE_MS_MIN, Math.ceil(lengthMs / SAMPLES / SAMPLE_MS_MIN) * SAMPLE_MS_MIN);
  const { strategy, limits = DEFAULT_RISK_LIMITS } = options;
  const { definition } = strategy;
  const run = runStrategy(
    definition,
    () => first.receiveTimesUs[0]! + skewUs,
    () => createMarketRun({ ...options, limits, strategy: definition, scale, sampleMs, skewUs }),
  );
  return { ...run, skewUs, warnings: createMarketWarnings(), first, last: first, events: 0 };
}

function resultOf(options: RunOptions, run: Run): BacktestResult {
  const { limits = DEFAULT_RISK_LIMITS } = options;
  const { skewUs, first, last } = run;
  const entryId = ({ entryMs, entryN }: Tape, n: number): EntryId => `${entryMs.at(n)}-${entryN.at(n)}`;
  const span = { fromEntryId: entryId(first, 0), toEntryId: entryId(last, -1) };
  return marketResult({ ...options, ...span, limits, skewUs, warnings: run.warnings.take() }, run);
}
