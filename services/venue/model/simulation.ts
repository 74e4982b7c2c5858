import type { FrameSink } from '../market-source.ts';
import type { TradingListener } from '../trading-market.ts';
import { updateIds, VENUE_EPOCH_MS } from './clock.ts';
import { marketProfile } from './profiles.ts';
import { type SymbolMarket, symbolMarket } from './symbol-market.ts';

export interface SimulationOptions {
  readonly symbols: readonly string[];
  readonly seed: number;
  /** Start of the run, ms since the epoch; with the seed it decides every byte. */
  readonly anchorMs: number;
  /** So many times the ordinary amount of market in each second; times stay the clock's. */
  readonly pace: number;
  /** Frames a second to aim at (depth@100ms, bookTicker and aggTrade over all symbols); undefined: what the market makes. */
  readonly rate: number | undefined;
}

/** All markets of the exchange on one time line. Reads no clock: it does what is due up to the time it is told. */
export interface Simulation {
  readonly markets: readonly SymbolMarket[];
  readonly advance: (toMs: number) => void;
  /** Time of the last thing done. */
  readonly timeMs: () => number;
  readonly lastUpdateId: () => number;
}

const MARK_PRICE_MS = 1000;
const RATE_CONTROL_MS = 500;

/**
 * @param hears who trades in the markets; undefined as long as nobody does
 * @throws RangeError naming the option that is out of range.
 */
export function simulation(
  options: SimulationOptions,
  sink: FrameSink,
  hears: () => TradingListener | undefined = () => undefined,
): Simulation {
  const { anchorMs, pace, rate } = options;
  if (!Number.isSafeInteger(anchorMs) || anchorMs < VENUE_EPOCH_MS) {
    throw new RangeError(`anchorMs: must be an integer not before ${VENUE_EPOCH_MS} (2026-01-01), was ${anchorMs}`);
  }
  if (!(pace > 0 && pace <= 100))
    throw new RangeError(`pace: must be above 0 and at most 100 for the model, was ${pace}`);
  if (rate !== undefined && !(rate > 0)) throw new RangeError(`rate: must be above 0 frames a second, was ${rate}`);
  if (options.symbols.length === 0) throw new RangeError('symbols: at least one is needed, found none');
  const ids = updateIds(anchorMs);
  const markets = options.symbols.map((symbol) => symbolMarket(marketProfile(symbol), ids, sink, options, hears));
  let timeMs = anchorMs;
  let nextMarkMs = Math.ceil((anchorMs + 1) / MARK_PRICE_MS) * MARK_PRICE_MS;
  let nextControlMs = anchorMs + RATE_CONTROL_MS;
  let framesBefore = 0;
  let intensity = 1;

  const tickMarkPrices = (): void => {
    const payloads = markets.map((market) => market.tickMarkPrice(nextMarkMs));
    if (sink.wants('!markPrice@arr@1s')) sink.send('!markPrice@arr@1s', `[${payloads.join(',')}]`);
    const isThird = Math.floor(nextMarkMs / 1000) % 3 === 0;
    if (isThird && sink.wants('!markPrice@arr')) sink.send('!markPrice@arr', `[${payloads.join(',')}]`);
    nextMarkMs += MARK_PRICE_MS / pace;
  };

  /** Turns the flow up or down until the frames of a second are as many as asked for. */
  const controlRate = (): void => {
    nextControlMs += RATE_CONTROL_MS;
    if (rate === undefined) return;
    const frames = markets.reduce((sum, market) => sum + market.framesMade(), 0);
    const wanted = (rate * RATE_CONTROL_MS) / 1000;
    const ratio = wanted / Math.max(1, frames - framesBefore);
    framesBefore = frames;
    intensity = Math.min(200, Math.max(0.01, intensity * Math.min(2, Math.max(0.5, ratio)) ** 0.7));
  };

  return {
    markets,
    timeMs: () => timeMs,
    lastUpdateId: ids.last,
    advance: (toMs) => {
      for (;;) {
        let due: SymbolMarket | undefined;
        let dueMs = Math.min(nextMarkMs, nextControlMs);
        for (const market of markets) {
          if (market.nextMs() < dueMs) {
            due = market;
            dueMs = market.nextMs();
          }
        }
        if (dueMs > toMs) break;
        timeMs = dueMs;
        if (due !== undefined) due.step(intensity);
        else if (dueMs === nextMarkMs) tickMarkPrices();
        else controlRate();
      }
      timeMs = Math.max(timeMs, toMs);
    },
  };
}
