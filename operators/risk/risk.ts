import type { OrderRequest } from '../matching/order.ts';
import type { RiskLimitName, RiskLimits } from './risk-limits.ts';

/** What is known when an order is to be sent. Prices in ticks, quantities in steps. */
export interface RiskView {
  /** µs since the epoch. */
  readonly timeUs: number;
  readonly positionSteps: number;
  /** Open orders that would add to a long, and to a short position: what is left of them. */
  readonly buySteps: number;
  readonly sellSteps: number;
  /** NaN: there is none. */
  readonly midTicks: number;
  readonly isBookValid: boolean;
  /** When the book was last told of, µs since the epoch. */
  readonly bookUs: number;
  /** Whether all features that the strategy has asked for have a value. */
  readonly areFeaturesValid: boolean;
  /** Wallet and unrealised profit, quote asset. */
  readonly equity: number;
  /** Value of one tick and of one step. */
  readonly tickSize: number;
  readonly stepSize: number;
}

/** Plain data. */
export interface RiskState {
  /** Day since the epoch, UTC, and the equity with which it began; NaN before the first. */
  day: number;
  dayEquity: number;
  /** Whether the day's loss was reached: it stays so until the day is over, whatever the price does. */
  isDayLost: boolean;
  /** When orders were sent in the last ten seconds, µs since the epoch, oldest first. */
  readonly sentUs: number[];
}

const DAY_US = 86_400_000_000;
const RATE_US = 10_000_000;

export function createRiskState(): RiskState {
  return { day: Number.NEGATIVE_INFINITY, dayEquity: Number.NaN, isDayLost: false, sentUs: [] };
}

/** Tells of the time and the equity: to be called with each change of the equity that is known. Changes the state. */
export function evolveRisk(
  { maxDailyLoss }: RiskLimits,
  state: RiskState,
  { timeUs, equity }: Pick<RiskView, 'timeUs' | 'equity'>,
): void {
  const day = Math.floor(timeUs / DAY_US);
  if (day > state.day && !Number.isNaN(equity)) {
    state.day = day;
    state.dayEquity = equity;
    state.isDayLost = false;
  }
  if (state.dayEquity - equity >= maxDailyLoss && maxDailyLoss < Number.POSITIVE_INFINITY) state.isDayLost = true;
}

/** The order was sent: it counts for the rate. Changes the state. */
export function noteSent(state: RiskState, timeUs: number): void {
  state.sentUs.push(timeUs);
}

/**
 * What stops an order, of several the first as `RiskLimitName` has them; null: nothing. Forgets what was sent more than ten
 * seconds ago.
 */
export function riskRefusal(
  limits: RiskLimits,
  state: RiskState,
  order: Pick<OrderRequest, 'side' | 'type' | 'priceTicks' | 'qtySteps' | 'isReduceOnly'>,
  view: RiskView,
): RiskLimitName | null {
  while (state.sentUs.length > 0 && state.sentUs[0]! <= view.timeUs - RATE_US) state.sentUs.shift();
  if (state.sentUs.length >= limits.maxOrdersPer10s) return 'order-rate';
  if (order.isReduceOnly) return null;
  const { midTicks, tickSize, stepSize } = view;
  if (!view.isBookValid || Number.isNaN(midTicks)) return 'invalid-book';
  if (view.timeUs - view.bookUs > limits.maxBookAgeMs * 1_000) return 'stale-book';
  if (!view.areFeaturesValid) return 'invalid-features';
  const isBuy = order.side === 'buy';
  const priceTicks = order.type === 'MARKET' ? midTicks : order.priceTicks;
  const worseTicks = isBuy ? priceTicks - midTicks : midTicks - priceTicks;
  // Written so that what is no number is stopped.
  if (!(worseTicks <= limits.priceBand * midTicks)) return 'price-band';
  const notional = order.qtySteps * stepSize * priceTicks * tickSize;
  if (!(notional >= 0 && notional <= limits.maxOrderNotional)) return 'order-notional';
  const wouldBeSteps = isBuy
    ? view.positionSteps + view.buySteps + order.qtySteps
    : view.sellSteps + order.qtySteps - view.positionSteps;
  const wouldBe = wouldBeSteps * stepSize;
  if (!(wouldBe <= limits.maxPosition)) return 'position';
  if (!(wouldBe * midTicks * tickSize <= limits.maxNotional)) return 'notional';
  return state.isDayLost ? 'daily-loss' : null;
}
