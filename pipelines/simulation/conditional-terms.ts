import type { ConditionalRequest, WorkingType } from '../../operators/matching/conditional-order.ts';
import type { OrderSide } from '../../operators/matching/order.ts';
import type { OrderOptions } from './strategy.ts';

/** A conditional order as a strategy says it. Prices in ticks, quantities in steps. */
export type ConditionalTerms = OrderOptions & {
  /** CONTRACT_PRICE, the last trade's, where it is not said. */
  readonly workingType?: WorkingType;
  /** Expires where last and mark price are too far apart when it is triggered. */
  readonly isPriceProtected?: boolean;
} & (LimitTerms | MarketTerms | ClosingTerms | TrailingTerms);

interface LimitTerms {
  readonly type: 'STOP' | 'TAKE_PROFIT';
  readonly triggerTicks: number;
  readonly priceTicks: number;
  readonly qtySteps: number;
  /** GTC where it is not said. */
  readonly timeInForce?: ConditionalRequest['timeInForce'];
}

interface MarketTerms {
  readonly type: 'STOP_MARKET' | 'TAKE_PROFIT_MARKET';
  readonly triggerTicks: number;
  readonly qtySteps: number;
}

interface ClosingTerms {
  readonly type: 'STOP_MARKET' | 'TAKE_PROFIT_MARKET';
  readonly triggerTicks: number;
  /** The whole position, whatever it is then; the order expires with it. */
  readonly closesPosition: true;
}

interface TrailingTerms {
  readonly type: 'TRAILING_STOP_MARKET';
  /** How far the price turns back from its best, percent, from 0.1 to 20. */
  readonly callbackRate: number;
  /** The price from which on it trails; from the beginning where it is not said. */
  readonly activationTicks?: number;
  readonly qtySteps: number;
}

/** What is sent of it. */
export function conditionalRequest(orderId: number, side: OrderSide, terms: ConditionalTerms): ConditionalRequest {
  const { type, workingType = 'CONTRACT_PRICE', isPriceProtected = false } = terms;
  const { isReduceOnly = false, positionSide = 'BOTH', selfTrade = 'NONE' } = terms;
  const isTrailing = type === 'TRAILING_STOP_MARKET';
  const isLimit = type === 'STOP' || type === 'TAKE_PROFIT';
  return {
    orderId,
    side,
    positionSide,
    type,
    triggerTicks: isTrailing ? (terms.activationTicks ?? Number.NaN) : terms.triggerTicks,
    priceTicks: isLimit ? terms.priceTicks : Number.NaN,
    timeInForce: (isLimit ? terms.timeInForce : undefined) ?? 'GTC',
    qtySteps: 'qtySteps' in terms ? terms.qtySteps : 0,
    callbackRate: isTrailing ? terms.callbackRate : Number.NaN,
    workingType,
    closesPosition: 'closesPosition' in terms,
    isReduceOnly,
    isPriceProtected,
    selfTrade,
  };
}
