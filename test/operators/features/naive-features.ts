import type { TopOfBook } from '../../../operators/book/top-of-book.ts';
import type { FeatureInput, Sample } from '../../../operators/features/feature-input.ts';
import type { Trade } from '../../../streams/events/trade.ts';

// Each feature of one moment anew from all that was before it: O(n²) over a recording, and close to the papers.

/** Latest time among the inputs: what is out of order does not turn time back. */
const latest = (inputs: readonly (TopOfBook | Trade | Sample)[]): number =>
  inputs.reduce((time, event) => Math.max(time, event.type === 'sample' ? event.timeMs : event.transactionTimeMs), 0);

const isQuote = (event: FeatureInput): event is TopOfBook => event.type === 'topOfBook';
const isTrade = (event: FeatureInput): event is Trade => event.type === 'trade';
const isSample = (event: FeatureInput): event is Sample => event.type === 'sample';
const isQuoteOrSample = (event: FeatureInput): event is TopOfBook | Sample => isQuote(event) || isSample(event);
const isTradeGap = (event: FeatureInput): boolean =>
  event.type === 'gap' && (event.channel === 'aggTrade' || event.channel === 'trade');

/** Quotes since the last break of the book. */
function unbrokenQuotes(past: readonly FeatureInput[]): TopOfBook[] {
  return past.slice(past.findLastIndex(({ type }) => type === 'bookBreak') + 1).filter(isQuote);
}

/** Cont, Kukanov & Stoikov (2014), eq. 3 and 4: the sum of e_n over the window. */
export function naiveOrderFlowImbalance(past: readonly FeatureInput[], windowMs: number): number | null {
  const quotes = unbrokenQuotes(past);
  const nowMs = latest(past.filter(isQuoteOrSample));
  // Time does not turn back at a break either.
  const timeOf = (n: number): number => latest(past.slice(0, past.indexOf(quotes[n]!) + 1).filter(isQuoteOrSample));
  if (quotes.length === 0 || nowMs - timeOf(0) < windowMs) return null;
  let sum = 0;
  for (let n = quotes.length - 1; n > 0 && timeOf(n) > nowMs - windowMs; n--) {
    const [{ bidTicks: P_b0, bidSteps: q_b0, askTicks: P_a0, askSteps: q_a0 }, now] = [quotes[n - 1]!, quotes[n]!];
    const { bidTicks: P_b, bidSteps: q_b, askTicks: P_a, askSteps: q_a } = now;
    const one = (is: boolean): number => (is ? 1 : 0);
    sum += q_b * one(P_b >= P_b0) - q_b0 * one(P_b <= P_b0) - q_a * one(P_a <= P_a0) + q_a0 * one(P_a >= P_a0);
  }
  return sum;
}

/** (V_buy − V_sell) / (V_buy + V_sell) over the window. */
export function naiveTradeImbalance(past: readonly FeatureInput[], windowMs: number): number | null {
  const timed = past.filter((event): event is Sample | Trade => isSample(event) || isTrade(event));
  const nowMs = latest(timed);
  const trades = past.slice(past.findLastIndex(isTradeGap) + 1).filter(isTrade);
  const timeOf = (trade: Trade): number => latest(timed.slice(0, timed.indexOf(trade) + 1));
  if (trades.length === 0 || nowMs - timeOf(trades[0]!) < windowMs) return null;
  const recent: Trade[] = [];
  for (let n = trades.length - 1; n >= 0 && timeOf(trades[n]!) > nowMs - windowMs; n--) recent.push(trades[n]!);
  const volume = (side: string): number =>
    recent.filter(({ aggressorSide }) => aggressorSide === side).reduce((sum, { qtySteps }) => sum + qtySteps, 0);
  const total = volume('buy') + volume('sell');
  return total === 0 ? null : (volume('buy') - volume('sell')) / total;
}

/** The root of the sum of squared log returns of the midprice at the ends of the last `samples` intervals. */
export function naiveRealizedVolatility(
  past: readonly FeatureInput[],
  intervalMs: number,
  samples: number,
): number | null {
  const quotes = unbrokenQuotes(past);
  if (quotes.length === 0) return null;
  const intervals: number[] = [];
  for (const { transactionTimeMs } of quotes)
    intervals.push(Math.max(intervals.at(-1) ?? 0, Math.floor(transactionTimeMs / intervalMs)));
  const [first, now] = [intervals[0]!, intervals.at(-1)!];
  if (now - first <= samples) return null;
  const closeOf = (interval: number): number => {
    const { bidTicks, askTicks } = quotes[intervals.findLastIndex((of) => of <= interval)]!;
    return (bidTicks + askTicks) / 2;
  };
  let sum = 0;
  for (let interval = now - samples; interval < now; interval++)
    sum += Math.log(closeOf(interval) / closeOf(interval - 1)) ** 2;
  return Math.sqrt(sum);
}
