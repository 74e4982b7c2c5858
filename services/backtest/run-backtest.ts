import { hash } from 'node:crypto';
import type { Redis } from 'ioredis';
import { BadInput } from '../../infra/setup-error.ts';
import type { Parameters } from '../../operators/features/definition.ts';
import type { LatencyModel } from '../../operators/matching/latency.ts';
import type { QueueModel } from '../../operators/matching/queue-model.ts';
import { random } from '../../operators/random.ts';
import { scaleBefore } from '../../pipelines/book-at.ts';
import { ensureTape } from '../../pipelines/build-tape.ts';
import { clockSkewUs } from '../../pipelines/simulation/exchange-order.ts';
import { createSimulation, type Simulation } from '../../pipelines/simulation/simulation.ts';
import type { EntryId } from '../../streams/id.ts';
import { rawKey } from '../../streams/keys.ts';
import type { Tape } from '../../streams/tape/tape.ts';
import { readTapeFile } from '../../streams/tape/tape-file.ts';
import { type BacktestAccount, createBacktestAccount } from './backtest-account.ts';
import type { BacktestResult, BacktestSettings } from './backtest-result.ts';
import { createInvalidSpans, type InvalidSpans } from './invalid-spans.ts';
import type { LoadedStrategy } from './load-strategy.ts';

/** Changes with any change after which the same run comes out otherwise. */
const SIMULATOR = 'simulator-1';
/** Samples of the account, about. */
const SAMPLES = 20_000;
const SAMPLE_MS_MIN = 100;

export interface BacktestOptions {
  readonly redis: Redis;
  /** `venue:SYMBOL` */
  readonly instrument: string;
  readonly recording: string;
  /** First and last entry, or their times in ms; the whole recording where not said. */
  readonly from?: EntryId | number | undefined;
  readonly to?: EntryId | number | undefined;
  readonly strategy: LoadedStrategy;
  readonly parameters: Parameters;
  readonly queue: QueueModel;
  readonly latency: LatencyModel;
  readonly seed: number;
  /** Quote asset. */
  readonly balance: number;
  readonly leverage: number;
  /** VIP level. */
  readonly feeTier: number;
  /** Where tapes are kept. */
  readonly folder: string;
  readonly onProgress?: (events: number) => void;
}

/**
 * Runs a strategy over a span of a recording.
 * @throws BadInput where the span holds nothing, or its instrument is not known
 */
export async function runBacktest(options: BacktestOptions): Promise<BacktestResult> {
  const { redis, instrument, recording, from, to, folder, onProgress } = options;
  const scale = await scaleBefore(redis, rawKey(instrument, recording), to ?? '+');
  if (scale === undefined) throw new BadInput(`${instrument}, recording ${recording}: nothing is recorded up to there`);
  const span = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
  const file = await ensureTape({ redis, instrument, recording, folder, scale, ...span });
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

/** @throws Error that says which strategy failed, and when in the run */
function takeIn({ strategy }: BacktestOptions, { simulation }: Run, tape: Tape | undefined): void {
  try {
    if (tape === undefined) simulation.end();
    else simulation.push(tape);
  } catch (error) {
    const at = new Date(simulation.market.timeUs / 1_000).toISOString();
    const message = error instanceof Error ? error.message : String(error);
    throw new Error(`strategy ${strategy.definition.name} failed at ${at} of the run: ${message}`, { cause: error });
  }
}

interface Run {
  readonly simulation: Simulation;
  readonly account: BacktestAccount;
  readonly invalid: InvalidSpans;
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
  const { instrument, strategy, parameters, queue, latency, seed, balance, leverage, feeTier } = options;
  const skewUs = clockSkewUs(first);
  const spanMs = (first.receiveTimesUs.at(-1)! - first.receiveTimesUs[0]!) / 1_000;
  const sampleMs = Math.max(SAMPLE_MS_MIN, Math.ceil(spanMs / SAMPLES / SAMPLE_MS_MIN) * SAMPLE_MS_MIN);
  const invalid = createInvalidSpans();
  const account = createBacktestAccount({
    instrument,
    scale,
    balance,
    leverage,
    feeTier,
    sampleMs,
    onLiquidation: (side, qtySteps, priceTicks) => simulation.liquidate(side, qtySteps, priceTicks),
  });
  const simulation = createSimulation({
    strategy: strategy.definition,
    parameters,
    rules: { queue, fills: 'partial', account: account.exchange },
    latency,
    random: random(seed),
    skewUs,
    listener: {
      ...account,
      onExchangeEvent(event, timeUs, midTicks) {
        account.onExchangeEvent!(event, timeUs, midTicks);
        invalid.note(event, timeUs / 1_000, simulation.market.isBookValid);
      },
    },
  });
  return { simulation, account, invalid, skewUs, first, last: first, events: 0 };
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
    models: {
      queue: `${queue.name}: ${queue.says}`,
      latency: `${latency.name}: ${latency.says}`,
      fills:
        'partial: own orders do not change the market; what they take of a level is not there again until it is told anew',
      margin: 'cross, one-way, Binance’s brackets of BTCUSDT',
      clock: `the recorder’s clock counts as ${Math.round(skewUs / 1_000)} ms behind the exchange’s`,
    },
    simulator: SIMULATOR,
  };
  const curve = account.curve();
  const { base, quote } = assetsOf(instrument);
  return {
    id: hash('sha256', JSON.stringify(settings)).slice(0, 16),
    settings,
    fromMs: curve.timesMs[0] ?? 0,
    toMs: curve.timesMs.at(-1) ?? 0,
    baseAsset: base,
    quoteAsset: quote,
    curve,
    fills: account.fills,
    funding: account.funding,
    orders: { ...simulation.counts, stopped: {} },
    invalidSpans: invalid.take(),
    liquidations: account.liquidations,
    warnings: [],
  };
}

/** The longer ones first. */
const QUOTES = ['FDUSD', 'USDT', 'USDC', 'BUSD', 'BTC', 'USD'];

function assetsOf(instrument: string): { readonly base: string; readonly quote: string } {
  const symbol = instrument.slice(instrument.indexOf(':') + 1);
  const quote = QUOTES.find((asset) => symbol.endsWith(asset) && symbol.length > asset.length) ?? 'quote';
  return { base: symbol.slice(0, symbol.length - (symbol.endsWith(quote) ? quote.length : 0)), quote };
}
