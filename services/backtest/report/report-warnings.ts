import type { BacktestReport, ReportWarning } from './backtest-report.ts';
import { INTERVAL_COUNT_MIN } from './bootstrap-figures.ts';
import { amount, counted, decimal, duration, percent } from './numbers.ts';

type Figures = Omit<BacktestReport, 'verdict' | 'warnings'>;

const TRADES_MIN = 30;
const YEAR_DAYS = 365;
const SHORT_MS = 30 * 86_400_000;
/** Beyond this share of the orders, refusals are no accident. */
const REJECTED_MAX = 0.05;

/** What the reader must know before the figures are believed: first what the run said, then what they show. */
export function reportWarnings(report: Figures, said: readonly string[]): ReportWarning[] {
  const rules = [
    ruin,
    gaps,
    orders,
    luck,
    holding,
    search,
    shortSpan,
    fewPeriods,
    fewTrades,
    oneTrade,
    openTrade,
    noMid,
  ];
  return [...said.map((text) => ({ code: 'run', text })), ...rules.flatMap((rule) => rule(report) || [])];
}

type Rule = (report: Figures) => ReportWarning | undefined | false;

const ruin: Rule = ({ equity, liquidations }) => {
  if (equity.least <= 0)
    return {
      code: 'ruin',
      text: 'The equity came to 0 or below: returns end there, and what follows could not have been traded.',
    };
  return liquidations > 0 && { code: 'liquidation', text: `${counted(liquidations, 'liquidation')} by the exchange.` };
};

const gaps: Rule = ({ invalid }) => {
  if (invalid.spans === 0) return undefined;
  const reasons = Object.entries(invalid.byReason).map(([reason, count]) => `${reason} ${decimal(count, 0)}`);
  const traded = invalid.fills > 0 ? `, ${counted(invalid.fills, 'fill')} within them` : '';
  const held = invalid.held > 0 ? `, in ${decimal(invalid.held, 0)} of which a position was held` : '';
  return {
    code: 'gaps',
    text: `${counted(invalid.spans, 'span')} without a trustworthy market, ${duration(invalid.durationMs)} in all (${percent(invalid.share)} of the run; ${reasons.join(', ')})${held}${traded}: what happened there is not known.`,
  };
};

const orders: Rule = ({ orders: { sent, rejected, stopped } }) => {
  const sum = (counts: Readonly<Record<string, number>>) => Object.values(counts).reduce((a, b) => a + b, 0);
  // Nothing passes before the run trades, which tells nothing of the strategy.
  const { 'warm-up': _, ...byLimits } = stopped;
  const [refused, kept] = [sum(rejected), sum(byLimits)];
  if (refused <= REJECTED_MAX * sent && kept <= REJECTED_MAX * (sent + kept)) return undefined;
  return {
    code: 'orders',
    text:
      refused === 0
        ? `Risk limits stopped ${counted(kept, 'order')} beside ${decimal(sent, 0)} that ${sent === 1 ? 'was' : 'were'} sent.`
        : `The exchange refused ${decimal(refused, 0)} of ${counted(sent, 'order')}, and risk limits stopped ${decimal(kept, 0)} more.`,
  };
};

const luck: Rule = ({ intervals: { meanReturn, level } }) =>
  meanReturn !== null &&
  meanReturn.low <= 0 &&
  meanReturn.high >= 0 && {
    code: 'luck',
    text: `The interval of the mean return (${decimal(level * 100, 0)} %) holds 0: the result cannot be told from luck.`,
  };

const holding: Rule = ({ intervals: { activeReturn }, benchmark }) =>
  benchmark !== null &&
  activeReturn !== null &&
  activeReturn.low <= 0 && {
    code: 'holding',
    text:
      activeReturn.high < 0
        ? 'Worse than holding the instrument.'
        : 'No better than holding the instrument, as far as can be told: the interval of the return above it holds 0.',
  };

const search: Rule = ({ returns: { deflatedSharpe, trials } }) =>
  deflatedSharpe !== null &&
  deflatedSharpe < 0.95 && {
    code: 'search',
    text: `The best of ${trials} trials: that it has any skill is ${percent(deflatedSharpe, 1)} probable (deflated Sharpe ratio), where 95 % would be asked.`,
  };

const shortSpan: Rule = ({ span, outcomes }) =>
  outcomes.length > 0 &&
  span.durationMs < SHORT_MS && {
    code: 'short',
    text: `Ratios and volatility are scaled from ${duration(span.durationMs)} to a year of ${YEAR_DAYS} days, which such a run says little of.`,
  };

const fewPeriods: Rule = ({ returns: { periods, periodMs }, outcomes }) =>
  outcomes.length > 0 &&
  periods < INTERVAL_COUNT_MIN && {
    code: 'periods',
    text: `Only ${counted(periods, 'return')} of ${duration(periodMs)}: too few for intervals.`,
  };

const fewTrades: Rule = ({ trades: { count }, outcomes }) =>
  outcomes.length > 0 &&
  count < TRADES_MIN && {
    code: 'trades',
    text: `The position came back to flat ${count === 1 ? 'once' : `${count} times`}: figures of trades say little below ${TRADES_MIN}.`,
  };

const oneTrade: Rule = ({ trades: { best, count, expectancy }, quoteAsset }) => {
  const total = (expectancy ?? 0) * count;
  return (
    count > 1 &&
    best !== null &&
    total > 0 &&
    best > total && {
      code: 'one-trade',
      text: `Without the best trade (${amount(best)} ${quoteAsset}) the others together lost.`,
    }
  );
};

const openTrade: Rule = ({ trades: { open }, quoteAsset }) =>
  open !== null && {
    code: 'open',
    text: `The run ended with an open ${open.side} position, valued at the last price: its trade, ${amount(open.pnl)} ${quoteAsset} so far, is in the equity and not among the trades.`,
  };

const noMid: Rule = ({ costs: { withoutMid } }) =>
  withoutMid > 0 && {
    code: 'mid',
    text: `${counted(withoutMid, 'fill')} had no midprice: their spread and slippage are not counted.`,
  };
