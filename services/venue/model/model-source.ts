import { decimalText, type Instrument } from '../instrument.ts';
import type { AggTradesQuery, FrameSink, MarketSource, SpanQuery } from '../market-source.ts';
import type { TradingListener } from '../trading-market.ts';
import { nextFundingTimeMs } from './fair-value.ts';
import { modelTrading } from './model-trading.ts';
import { aggTradeText, depthSnapshotText, klineText, premiumIndexText } from './payloads.ts';
import { type SimulationOptions, simulation } from './simulation.ts';
import type { SymbolMarket } from './symbol-market.ts';

/** The market is carried on this often; a frame leaves at most so much later than its event time. */
const TURN_MS = 5;
/** After a pause of the process the market catches up by so much a turn, so that sockets are served in between. */
const CATCH_UP_MS = 250;
const FUNDING_PERIOD_MS = 8 * 3_600_000;

/** The order-flow model as a market that runs by the machine's clock, from `anchorMs` on. */
export function modelSource(options: SimulationOptions): MarketSource {
  const startedAt = performance.now();
  const nowMs = (): number => options.anchorMs + (performance.now() - startedAt);
  let sink: FrameSink | undefined;
  let heard: TradingListener | undefined;
  const toSink: FrameSink = {
    wants: (stream) => sink?.wants(stream) ?? false,
    send: (stream, payload) => sink?.send(stream, payload),
    sendFrame: (stream, frame) => sink?.sendFrame(stream, frame),
    isCongested: () => false,
  };
  const sim = simulation(options, toSink, () => heard);
  const markets = new Map(sim.markets.map((market) => [market.profile.symbol, market]));
  const market = (symbol: string): SymbolMarket => {
    const found = markets.get(symbol);
    if (found === undefined)
      throw new RangeError(`symbol: must be one of ${[...markets.keys()].join(', ')}, was ${symbol}`);
    return found;
  };
  const catchUp = (): void => {
    sim.advance(Math.min(nowMs(), sim.timeMs() + CATCH_UP_MS));
    heard?.onTurn(sim.timeMs());
  };
  let timer: NodeJS.Timeout | undefined;

  return {
    kind: 'model',
    instruments: sim.markets.map(({ profile }): Instrument => profile),
    nowMs,
    trading: modelTrading({
      market,
      catchUp: () => {
        sim.advance(Math.min(nowMs(), sim.timeMs() + CATCH_UP_MS));
        return sim.timeMs();
      },
      begin: (listener) => {
        heard = listener;
      },
    }),
    start: (target) => {
      sink = target;
      timer = setInterval(catchUp, TURN_MS);
    },
    subscribed: () => {},
    play: () => {},
    close: () => clearInterval(timer),
    depth: async (symbol, limit) => {
      catchUp();
      const { profile, book, depth } = market(symbol);
      // The id is the exchange's, not the symbol's last: it may lie between two of the symbol's updates, as on Binance.
      return depthSnapshotText(profile, book, sim.lastUpdateId(), depth.changedMs(), sim.timeMs(), limit);
    },
    aggTrades: (symbol, query: AggTradesQuery) => {
      const { profile, aggTrades } = market(symbol);
      return `[${aggTrades
        .select(query)
        .map((trade) => aggTradeText(profile, trade))
        .join(',')}]`;
    },
    klines: (symbol, interval, query: SpanQuery) => {
      const { profile, bars } = market(symbol);
      const series = bars.get(interval);
      return `[${(series?.select(query) ?? []).map((bar) => klineText(profile, bar)).join(',')}]`;
    },
    premiumIndex: (symbol) => {
      const { profile, mark } = market(symbol);
      const latest = mark.latest();
      return latest === undefined ? undefined : premiumIndexText(profile, latest);
    },
    fundingRates: (symbol, query) => `[${fundingTexts(market(symbol), query, sim.timeMs()).join(',')}]`,
    openInterest: (symbol) => {
      const { profile, fair } = market(symbol);
      const steps = Math.round(
        profile.openInterest * (1 + 200 * fair.premium(sim.timeMs())) * 10 ** profile.quantityPrecision,
      );
      return `{"symbol":"${symbol}","openInterest":"${decimalText(steps, profile.quantityPrecision)}","time":${Math.floor(sim.timeMs())}}`;
    },
    liquidate: (symbol, side, qty) => {
      catchUp();
      const target = market(symbol);
      const steps = Math.round((Number(qty) * 10 ** target.profile.quantityPrecision) / target.profile.stepUnits);
      if (!Number.isSafeInteger(steps) || steps <= 0)
        throw new RangeError(`qty: must be a positive quantity, was ${qty}`);
      return target.liquidate(sim.timeMs(), side, steps) !== undefined;
    },
    state: () => ({
      seed: options.seed,
      anchorMs: options.anchorMs,
      pace: options.pace,
      rate: options.rate ?? null,
      timeMs: Math.floor(sim.timeMs()),
      lastUpdateId: sim.lastUpdateId(),
    }),
  };
}

/** Settled rates, oldest first. They depend on the seed and the time alone, so the history goes back before the start. */
function fundingTexts({ profile, fair }: SymbolMarket, query: SpanQuery, nowMs: number): string[] {
  const lastMs = Math.min(query.endTimeMs ?? nowMs, nowMs);
  const lastSettlementMs = nextFundingTimeMs(lastMs) - FUNDING_PERIOD_MS;
  const count = query.limit;
  let firstMs = lastSettlementMs - (count - 1) * FUNDING_PERIOD_MS;
  if (query.startTimeMs !== undefined) firstMs = Math.ceil(query.startTimeMs / FUNDING_PERIOD_MS) * FUNDING_PERIOD_MS;
  const texts: string[] = [];
  for (let at = firstMs; at <= lastSettlementMs && texts.length < count; at += FUNDING_PERIOD_MS) {
    texts.push(
      `{"symbol":"${profile.symbol}","fundingTime":${at},"fundingRate":"${fair.fundingRate(at).toFixed(8)}","markPrice":"${fair.index(at).toFixed(8)}"}`,
    );
  }
  return texts;
}
