import type { Redis } from 'ioredis';
import { BadInput } from '../../infra/setup-error.ts';
import type { BarAssumptions } from '../../operators/matching/bar-exchange.ts';
import { DEFAULT_RISK_LIMITS, type RiskLimits, saidLimits } from '../../operators/risk/risk-limits.ts';
import { scaleBefore } from '../../pipelines/book-at.ts';
import { ensureTape } from '../../pipelines/build-tape.ts';
import { clockSkewUs } from '../../pipelines/simulation/exchange-order.ts';
import type { EntryId } from '../../streams/id.ts';
import { rawKey } from '../../streams/keys.ts';
import type { Tape } from '../../streams/tape/tape.ts';
import { readTapeFile } from '../../streams/tape/tape-file.ts';
import type { BacktestResult, BacktestSettings } from './backtest-result.ts';
import { candlesOf } from './candles-of.ts';
import { finishResult, SIMULATOR } from './finish-result.ts';
import type { LoadedStrategy } from './load-strategy.ts';
import { createMarketRun, type MarketRun, type MarketRunOptions } from './market-run.ts';
import { runBarBacktest } from './run-bar-backtest.ts';
import { runStrategy } from './strategy-failure.ts';

/** Samples of the account, about. */
const SAMPLES = 20_000;
const SAMPLE_MS_MIN = 100;

/** What a run on a recorded market is of, the recording, and what is said of it. */
export interface BacktestOptions
  extends Omit<
    MarketRunOptions,
    'scale' | 'strategy' | 'limits' | 'sampleMs' | 'skewUs' | 'onAccountEvent' | 'listener'
  > {
  readonly redis: Redis;
  readonly recording: string;
  /** First and last entry, or their times in ms; the whole recording where not said. */
  readonly from?: EntryId | number | undefined;
  readonly to?: EntryId | number | undefined;
  readonly strategy: LoadedStrategy;
  /** What stops an order before it is sent; the usual limits where not said. */
  readonly limits?: RiskLimits | undefined;
  /** By how much the recorder's clock is behind the exchange's, µs; as the recording tells where not said. */
  readonly skewUs?: number | undefined;
  /** Of a recording that holds candles alone: what is assumed of what they do not tell. */
  readonly assumptions?: BarAssumptions | undefined;
  /** Of such a recording: the one that its funding is taken from; where not said, any that holds it. */
  readonly funding?: string | undefined;
  /** Where tapes are kept. */
  readonly folder: string;
  readonly onProgress?: (events: number) => void;
}

/**
 * Runs a strategy over a span of a recording: against its depth and trades, or, where it holds candles alone, against these
 * by a coarser model.
 * @throws BadInput where the span holds nothing, its instrument is not known, or a strategy needs what candles do not tell
 */
export async function runBacktest(options: BacktestOptions): Promise<BacktestResult> {
  const { redis, instrument, recording, from, to, folder, onProgress } = options;
  const scale = await scaleBefore(redis, rawKey(instrument, recording), to ?? '+');
  if (scale === undefined) throw new BadInput(`${instrument}, recording ${recording}: nothing is recorded up to there`);
  const candles = await candlesOf(options);
  if (candles !== undefined) {
    refuseUntold(options);
    return runBarBacktest(options, candles, scale);
  }
  const span = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
  // Building the tape is progress too.
  const building = onProgress === undefined ? {} : { onProgress };
  const file = await ensureTape({ redis, instrument, recording, folder, scale, ...span, ...building });
  if (file === undefined) throw new BadInput(`${instrument}, recording ${recording}: nothing is recorded in that span`);
  let run: Run | undefined;
  for await (const tape of readTapeFile(file)) {
    run ??= begin(options, tape, scale);
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
function refuseUntold({ positionMode, latency, instrument, recording }: BacktestOptions): void {
  const there = `${instrument}, recording ${recording}, where only candles are`;
  if (positionMode === 'hedge') throw new BadInput(`--hedge: expected one-way mode on ${there}, found hedge mode`);
  if (latency.isOfFeed === true) throw new BadInput(`--latency: expected a length on ${there}, found recorded`);
}

/** @throws Error that says which strategy failed, and when in the run */
function takeIn({ strategy }: BacktestOptions, { simulation }: Run, tape: Tape | undefined): void {
  runStrategy(
    strategy.definition,
    () => simulation.market.timeUs,
    () => (tape === undefined ? simulation.end() : simulation.push(tape)),
  );
}

interface Run extends MarketRun {
  readonly skewUs: number;
  readonly first: Tape;
  last: Tape;
  events: number;
}

function begin(
  options: BacktestOptions,
  first: Tape,
  scale: NonNullable<Awaited<ReturnType<typeof scaleBefore>>>,
): Run {
  const skewUs = options.skewUs ?? clockSkewUs(first);
  const spanMs = (first.receiveTimesUs.at(-1)! - first.receiveTimesUs[0]!) / 1_000;
  const sampleMs = Math.max(SAMPLE_MS_MIN, Math.ceil(spanMs / SAMPLES / SAMPLE_MS_MIN) * SAMPLE_MS_MIN);
  const { strategy, limits = DEFAULT_RISK_LIMITS } = options;
  const run = createMarketRun({ ...options, limits, strategy: strategy.definition, scale, sampleMs, skewUs });
  return { ...run, skewUs, first, last: first, events: 0 };
}

function resultOf(
  options: BacktestOptions,
  { simulation, account, invalid, skewUs, first, last }: Run,
): BacktestResult {
  const { strategy, parameters, instrument, recording, seed, balance, leverage, queue, latency } = options;
  const { state } = account;
  const entryId = ({ entryMs, entryN }: Tape, n: number): EntryId => `${entryMs.at(n)}-${entryN.at(n)}`;
  const settings: BacktestSettings = {
    strategy: strategy.definition.name,
    strategyHash: strategy.hash,
    parameters,
    instrument,
    recording,
    fromEntryId: entryId(first, 0),
    toEntryId: entryId(last, -1),
    seed,
    initialBalance: balance,
    leverage,
    makerFee: state.makerRateE8 / 1e8,
    takerFee: state.takerRateE8 / 1e8,
    limits: saidLimits(options.limits ?? DEFAULT_RISK_LIMITS),
    models: {
      queue: `${queue.name}: ${queue.says}`,
      latency: `${latency.name}: ${latency.says}`,
      fills:
        'partial: own orders do not change the market; what they take of a level is not there again until it is told anew',
      margin: `cross, ${options.positionMode === 'hedge' ? 'hedge mode' : 'one-way'}, Binance’s brackets of BTCUSDT`,
      ...(options.tradesFromUs === undefined
        ? {}
        : { begin: `the strategy only watches until ${new Date(options.tradesFromUs / 1_000).toISOString()}` }),
      clock: `the recorder’s clock counts as ${Math.round(skewUs / 1_000)} ms behind the exchange’s`,
    },
    simulator: SIMULATOR,
  };
  return finishResult(settings, {
    curve: account.curve(),
    fills: account.fills,
    funding: account.funding,
    orders: { ...simulation.counts },
    invalidSpans: invalid.take(),
    liquidations: account.liquidations,
    warnings: [],
  });
}
