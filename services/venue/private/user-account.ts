import type { PositionSide } from '../../../operators/account/account-event.ts';
import type { AccountState } from '../../../operators/account/account-state.ts';
import type { OrderSide, SelfTradePrevention, TimeInForce } from '../../../operators/matching/order.ts';
import type { AlgoOrder } from './algo-order.ts';

export type OrderStatus = 'NEW' | 'PARTIALLY_FILLED' | 'FILLED' | 'CANCELED' | 'EXPIRED' | 'EXPIRED_IN_MATCH';

/** What an order asks for. */
export interface OrderTicket {
  readonly symbol: string;
  readonly side: OrderSide;
  readonly positionSide: PositionSide;
  readonly type: 'LIMIT' | 'MARKET';
  readonly timeInForce: TimeInForce;
  /** 0 for a market order. */
  readonly priceTicks: number;
  readonly qtySteps: number;
  readonly isReduceOnly: boolean;
  readonly isClosePosition: boolean;
  readonly clientOrderId: string | undefined;
  readonly selfTradePrevention: SelfTradePrevention;
  /** ms since the epoch; 0 where it is not GTD. */
  readonly goodTillMs: number;
  /** What it was in the algo service: `LIMIT` and `MARKET` where it comes from nowhere. */
  readonly origType: string;
}

/** An order of an account, with what has become of it. */
export interface VenueOrder extends Omit<OrderTicket, 'clientOrderId' | 'priceTicks' | 'qtySteps'> {
  readonly orderId: number;
  readonly clientOrderId: string;
  priceTicks: number;
  qtySteps: number;
  status: OrderStatus;
  filledSteps: number;
  /** Sum of ticks × steps of its fills. */
  filledTickSteps: number;
  /** What stands in the market; less than what is left where it only reduces and the position has become smaller. */
  restingSteps: number;
  readonly createdMs: number;
  updatedMs: number;
}

/** A fill as `userTrades` tells it. */
export interface UserTrade {
  readonly id: number;
  readonly orderId: number;
  readonly symbol: string;
  readonly side: OrderSide;
  readonly positionSide: PositionSide;
  readonly priceTicks: number;
  readonly qtySteps: number;
  readonly realisedE8: number;
  readonly feeE8: number;
  readonly isMaker: boolean;
  readonly timeMs: number;
}

/** A change of an order, as `orderAmendment` tells it. */
export interface Amendment {
  readonly id: number;
  readonly order: VenueOrder;
  readonly timeMs: number;
  readonly before: Pick<VenueOrder, 'priceTicks' | 'qtySteps'>;
  readonly after: Pick<VenueOrder, 'priceTicks' | 'qtySteps'>;
  /** How often the order had been changed with it. */
  readonly count: number;
}

export type IncomeType = 'TRANSFER' | 'REALIZED_PNL' | 'COMMISSION' | 'FUNDING_FEE' | 'INSURANCE_CLEAR';

/** What has changed a balance. All of an account together are its wallet balance. */
export interface Income {
  /** Empty for transfers. */
  readonly symbol: string;
  readonly type: IncomeType;
  readonly amountE8: number;
  readonly info: string;
  readonly tranId: number;
  readonly tradeId: string;
  readonly timeMs: number;
}

/** An account of the venue with its history. */
export interface UserAccount {
  readonly name: string;
  readonly apiKey: string;
  readonly secret: string;
  readonly state: AccountState;
  /** By id, oldest first. */
  readonly orders: Map<number, VenueOrder>;
  readonly open: Map<number, VenueOrder>;
  /** The last order of a symbol and client order id, by both. */
  readonly byClientId: Map<string, VenueOrder>;
  readonly trades: UserTrade[];
  readonly amendments: Amendment[];
  readonly income: Income[];
  readonly algoOrders: Map<number, AlgoOrder>;
  /** By symbol: when its orders are cancelled. */
  readonly countdowns: Map<string, number>;
  updatedMs: number;
}

/** Newest orders, fills and incomes that an account keeps; a margin more is there before the oldest are let go. */
const KEPT = 20_000;
const MARGIN = 1_000;

/** Lets go of the oldest history. Open orders are never among it for long, as at most 200 a symbol are open. */
export function trimHistory(account: UserAccount): void {
  for (const list of [account.trades, account.income, account.amendments]) {
    if (list.length > KEPT + MARGIN) list.splice(0, MARGIN);
  }
  if (account.orders.size <= KEPT + MARGIN) return;
  let excess = MARGIN;
  for (const [orderId, order] of account.orders) {
    if (excess-- === 0) break;
    if (account.open.has(orderId)) continue;
    account.orders.delete(orderId);
    const key = clientKey(order.symbol, order.clientOrderId);
    if (account.byClientId.get(key) === order) account.byClientId.delete(key);
  }
}

export function clientKey(symbol: string, clientOrderId: string): string {
  return `${symbol} ${clientOrderId}`;
}
