import type { BacktestReport, CalendarReturn } from '../backtest-report.ts';
import { amount, decimal, duration, exact, percent, signed } from '../numbers.ts';
import { costRows, ordersText } from '../report-text.ts';
import { histogram, scaledBar } from './bars.ts';
import { type Html, html } from './html.ts';

/** From what prices alone gave to the net, as steps. */
export function costSection({ costs, quoteAsset, traded, markouts }: BacktestReport): Html {
  if (traded === 0) return html``;
  let reached = 0;
  const rows = costRows(costs).map(([name, value], n, all) => {
    const isTotal = n === 0 || n === all.length - 1;
    const from = isTotal ? 0 : reached;
    reached = from + value;
    return { name, value, from, to: reached, isTotal };
  });
  const ends = [0, ...rows.flatMap(({ from, to }) => [from, to])];
  const [least, greatest] = [Math.min(...ends), Math.max(...ends)];
  const later = Object.entries(markouts).flatMap(([who, list]) => {
    const known = list.filter(({ fills }) => fills > 0);
    const said = known.map(({ horizonMs, bps }) => `${signed(decimal(bps))} bps after ${duration(horizonMs)}`);
    return said.length === 0
      ? []
      : [`${who === 'maker' ? 'fills that waited' : 'fills that took'}: ${said.join(', ')}`];
  });
  return html`<section aria-labelledby="costs"><h2 id="costs">What trading cost</h2>
<div class="wide"><table class="bars"><thead><tr><th scope="col">Step</th><th scope="col" class="n">${quoteAsset}</th><th scope="col" class="n">bps of traded</th><th scope="col" class="drawn"><span class="unseen">Drawn as steps</span></th></tr></thead><tbody>
${rows.map(
  ({ name, value, from, to, isTotal }) =>
    html`<tr class="${isTotal ? 'total' : 'step'}"><th scope="row">${name}</th><td class="n">${signed(amount(value))}</td><td class="n">${traded > 0 ? decimal((value / traded) * 10_000) : '–'}</td><td class="drawn">${scaledBar(from, to, least, greatest)}</td></tr>\n`,
)}</tbody></table></div>
${later.length > 0 && html`<p class="note">How the price moved after fills, in their favour: ${later.join('; ')}. Below 0 it is adverse selection.</p>`}</section>`;
}

/** How orders came to be filled, and what became of the rest. */
export function fillSection(report: BacktestReport): Html {
  const { outcomes, baseAsset, quoteAsset } = report;
  const all = outcomes.reduce((sum, { fills }) => sum + fills, 0);
  return html`<section aria-labelledby="fills"><h2 id="fills">Fills and orders</h2>
${
  all > 0 &&
  html`<div class="wide"><table class="bars"><thead><tr><th scope="col">Filled by</th><th scope="col" class="n">Fills</th><th scope="col" class="n">${baseAsset}</th><th scope="col" class="n">Fees, ${quoteAsset}</th><th scope="col" class="n">Spread paid</th><th scope="col" class="n">10 s later, bps</th><th scope="col" class="drawn"><span class="unseen">Share</span></th></tr></thead><tbody>
${outcomes.map(
  ({ outcome, fills, qty, fees, spread, markout }) =>
    html`<tr><th scope="row">${OUTCOMES[outcome]}</th><td class="n">${decimal(fills, 0)}</td><td class="n">${exact(qty)}</td><td class="n">${amount(fees)}</td><td class="n">${amount(spread)}</td><td class="n">${signed(decimal(markout.bps))}</td><td class="drawn">${scaledBar(0, fills, 0, all, true)}</td></tr>\n`,
)}</tbody></table></div>`
}
<p class="note">${ordersText(report)}.</p></section>`;
}

const OUTCOMES = {
  queue: 'its turn in the queue',
  through: 'the price going through it',
  taker: 'taking from the book',
  liquidation: 'liquidation',
} as const;

/** What each trade gave. */
export function tradeSection({ trades, quoteAsset }: BacktestReport): Html {
  if (trades.count === 0) return html``;
  const facts = [
    `mean win ${amount(trades.averageWin)}, mean loss ${amount(trades.averageLoss)} ${quoteAsset}`,
    `best ${amount(trades.best)}, worst ${amount(trades.worst)}`,
    `longest run of losses ${decimal(trades.losingStreak, 0)}`,
  ];
  return html`<section aria-labelledby="trades"><h2 id="trades">Results of ${decimal(trades.count, 0)} trades, ${quoteAsset}</h2>
${histogram(
  trades.closed.map(({ pnl }) => pnl),
  quoteAsset,
)}
<p class="note">A trade is from a flat position to the next flat one, after fees and funding: ${facts.join('; ')}.${trades.leftOut > 0 && ` Drawn are the first ${decimal(trades.closed.length, 0)}.`}</p></section>`;
}

/** Months by years, or days. */
export function calendarSection({ calendar: { unit, returns } }: BacktestReport): Html {
  if (returns.length === 0) return html``;
  const most = returns.reduce((size, entry) => Math.max(size, Math.abs(entry.return)), 0);
  const note = returns.some(({ isPartial }) => isPartial) && html`<p class="note">* cut by an end of the run.</p>`;
  if (unit === 'day')
    return html`<section aria-labelledby="calendar"><h2 id="calendar">Days, UTC</h2><ul class="days">${returns.map(
      (entry) =>
        html`<li class="${heat(entry, most)}"><span>${entry.name.slice(5)}${entry.isPartial && '*'}</span> ${signed(percent(entry.return))}</li>`,
    )}</ul>${note}</section>`;
  const years = Map.groupBy(returns, ({ name }) => name.slice(0, 4));
  const months = Array.from({ length: 12 }, (_, n) => String(n + 1).padStart(2, '0'));
  return html`<section aria-labelledby="calendar"><h2 id="calendar">Months, UTC, per cent</h2><div class="wide"><table class="months"><thead><tr><th scope="col">Year</th>${months.map(
    (month) => html`<th scope="col" class="n">${month}</th>`,
  )}<th scope="col" class="n">All</th></tr></thead><tbody>${[...years].map(([year, list]) => {
    const whole = list.reduce((product, entry) => product * (1 + entry.return), 1) - 1;
    const cells = months.map((month) => {
      const entry = list.find(({ name }) => name.endsWith(`-${month}`));
      return entry === undefined
        ? html`<td></td>`
        : html`<td class="n ${heat(entry, most)}">${decimal(entry.return * 100)}${entry.isPartial && '*'}</td>`;
    });
    return html`<tr><th scope="row">${year}</th>${cells}<td class="n">${decimal(whole * 100)}</td></tr>`;
  })}</tbody></table></div>${note}</section>`;
}

/** Its colour: of gain or loss, in three strengths. */
function heat(entry: CalendarReturn, most: number): string {
  if (entry.return === 0) return '';
  const strength = Math.min(3, Math.ceil((Math.abs(entry.return) / most) * 3));
  return `${entry.return > 0 ? 'gain' : 'fall'}-${strength}`;
}
