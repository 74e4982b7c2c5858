import { constantLatency } from '../../../operators/matching/latency.ts';
import { RISK_AVERSE } from '../../../operators/matching/queue-model.ts';
import { rewardNamed } from '../../../operators/rewards/rewards.ts';
import { DEFAULT_RISK_LIMITS } from '../../../operators/risk/risk-limits.ts';
import { createBookEnvironment } from '../../../pipelines/environment/book-environment.ts';
import type { BookEnvironmentOptions } from '../../../pipelines/environment/book-environment-options.ts';
import { type BookTape, type BookTapeOptions, createBookTape } from '../../../pipelines/environment/book-tape.ts';
import { createMarketRun } from '../../../services/backtest/market-run.ts';
import { createScale } from '../../../streams/events/scale.ts';
import type { Tape } from '../../../streams/tape/tape.ts';
import { type MadeMarketOptions, madeMarket } from '../made-market.ts';
import { tapesOf } from '../simulation/small-tapes.ts';

export const SCALE = createScale('0.10', '0.001');

/** A made market's tape, in parts of so many events. */
export function madeTapes(options: MadeMarketOptions, eventsATape = 700): Tape[] {
  return tapesOf(madeMarket({ snapshotEvery: 400, ...options }), eventsATape);
}

export const bookTape = (tapes: readonly Tape[], options: BookTapeOptions = {}): BookTape =>
  createBookTape(tapes, { startEveryMs: 5_000, ...options });

export type SmallOptions = Partial<BookEnvironmentOptions>;

/** Of an environment that decides each 100 ms. */
export function bookOptions(tape: BookTape, options: SmallOptions = {}): BookEnvironmentOptions {
  return {
    createRun: createMarketRun,
    tape,
    clock: { everyMs: 100 },
    levels: 5,
    instrument: 'simulated:BTCUSDT',
    scale: SCALE,
    actions: { type: 'quotes', maxOffsetTicks: 5, maxPosition: 4 },
    size: { qty: 2 },
    reward: rewardNamed({ name: 'pnl' }),
    episode: { begin: 'random', maxSteps: 100 },
    queue: RISK_AVERSE,
    latency: constantLatency(5, 5),
    balance: 100_000,
    leverage: 20,
    feeTier: 0,
    limits: DEFAULT_RISK_LIMITS,
    ...options,
  };
}

export const bookEnvironment = (tape: BookTape, options: SmallOptions = {}) =>
  createBookEnvironment(bookOptions(tape, options));
