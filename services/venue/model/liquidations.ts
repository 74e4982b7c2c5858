import { hash32, random } from '../../../operators/random.ts';
import { type MatchingListener, placeLimit } from './matching/matching.ts';
import { bestLevel, type OrderBook } from './matching/order-book.ts';
import type { MarketProfile } from './profiles.ts';

/** A liquidation order and its fate: an IOC limit order at the bankruptcy price, through the book like any other. */
export interface Liquidation {
  readonly timeMs: number;
  /** Side of the order: SELL closes a long. */
  readonly side: 'BUY' | 'SELL';
  readonly qtySteps: number;
  /** In units of 10^-pricePrecision; not on the tick grid, as at Binance. */
  readonly bankruptcyPriceUnits: number;
  readonly averagePriceUnits: number;
  readonly filledSteps: number;
  readonly lastFilledSteps: number;
  readonly status: 'FILLED' | 'EXPIRED';
}

/** Mean time between liquidations while the price stands still. */
const CALM_MEAN_MS = 40_000;
/** A move of this size over the look-back makes liquidations twice as frequent. */
const STRESS_RETURN = 0.0006;
const LOOK_BACK_MS = 10_000;

export interface LiquidationEngine {
  /** When to look next whether somebody is liquidated. */
  readonly nextMs: () => number;
  /** Looks: on average as often as the recent move of the price calls for it, a position is closed by force. */
  readonly look: (timeMs: number, listener: MatchingListener) => Liquidation | undefined;
  readonly force: (
    timeMs: number,
    side: 'BUY' | 'SELL',
    qtySteps: number,
    listener: MatchingListener,
  ) => Liquidation | undefined;
}

export function liquidationEngine(
  profile: MarketProfile,
  book: OrderBook,
  nextOrderId: () => number,
  options: { readonly seed: number; readonly anchorMs: number; readonly pace: number },
): LiquidationEngine {
  const rng = random(hash32(options.seed, profile.symbol, 'liquidations', options.anchorMs));
  const stepsPerUnit = 10 ** profile.quantityPrecision / profile.stepUnits;
  const everyMs = 1000 / options.pace;
  const middles: number[] = [];
  let nextMs = options.anchorMs + everyMs;

  const force = (
    timeMs: number,
    side: 'BUY' | 'SELL',
    qtySteps: number,
    listener: MatchingListener,
  ): Liquidation | undefined => {
    const opposite = bestLevel(side === 'SELL' ? book.bids : book.asks);
    if (opposite === undefined) return undefined;
    const distance = 0.003 + 0.003 * rng.uniform();
    const bestUnits = opposite.priceTicks * profile.tickUnits;
    const priceUnits = Math.round(bestUnits * (side === 'SELL' ? 1 - distance : 1 + distance));
    const priceTicks =
      side === 'SELL' ? Math.ceil(priceUnits / profile.tickUnits) : Math.floor(priceUnits / profile.tickUnits);
    let lastFilledSteps = 0;
    let notional = 0;
    const { filledSteps } = placeLimit(
      book,
      { id: nextOrderId(), side: side === 'SELL' ? 'ask' : 'bid', priceTicks, qtySteps, timeInForce: 'IOC' },
      {
        ...listener,
        onFill: (maker, steps, aggressor) => {
          lastFilledSteps = steps;
          notional += maker.priceTicks * steps;
          listener.onFill(maker, steps, aggressor);
        },
      },
    );
    return {
      timeMs,
      side,
      qtySteps,
      bankruptcyPriceUnits: priceUnits,
      averagePriceUnits: filledSteps === 0 ? 0 : Math.round((notional * profile.tickUnits) / filledSteps),
      filledSteps,
      lastFilledSteps,
      status: filledSteps === qtySteps ? 'FILLED' : 'EXPIRED',
    };
  };

  return {
    nextMs: () => nextMs,
    force,
    look: (timeMs, listener) => {
      nextMs += everyMs;
      const bid = bestLevel(book.bids);
      const ask = bestLevel(book.asks);
      if (bid === undefined || ask === undefined) return undefined;
      const middle = (bid.priceTicks + ask.priceTicks) / 2;
      middles.push(middle);
      if (middles.length > LOOK_BACK_MS / 1000) middles.shift();
      const move = middle / (middles[0] as number) - 1;
      const chance = (1000 / CALM_MEAN_MS) * (1 + (move / STRESS_RETURN) ** 2);
      const draw = rng.uniform();
      if (draw >= Math.min(0.9, chance)) return undefined;
      const side = rng.uniform() < 0.5 - 0.48 * Math.tanh(move / (0.3 * STRESS_RETURN)) ? 'SELL' : 'BUY';
      const qtySteps = Math.max(
        1,
        Math.round(profile.medianOrderQty * 2 * stepsPerUnit * Math.exp(1.2 * rng.normal())),
      );
      return force(timeMs, side, qtySteps, listener);
    },
  };
}
