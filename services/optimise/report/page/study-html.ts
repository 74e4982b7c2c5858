import { createHash } from 'node:crypto';
import { decimal, duration, percent, range, signed, utc } from '../../../backtest/report/numbers.ts';
import { intervalBar } from '../../../backtest/report/page/bars.ts';
import { Html, html } from '../../../backtest/report/page/html.ts';
import { STYLE } from '../../../backtest/report/page/style.ts';
import { timeChart } from '../../../backtest/report/page/time-chart.ts';
import type { StudyReport } from '../study-report.ts';
import { objectiveText, parametersText, WINDOW_KEY, windowCells } from '../study-text.ts';
import { windowStrip } from './window-strip.ts';

/** The policy under which the page runs: nothing from elsewhere, no script, and no style but its own. */
const STUDY_PAGE_POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; base-uri 'none'; form-action 'none'`;

/** A study's report as one page that needs nothing else: the same study gives the same bytes. */
export function studyHtml(report: StudyReport): string {
  const { id, settings, result, verdict, notes } = report;
  const { strategy, instrument, recording, search, trials, windows } = settings;
  const title = `${strategy} on ${instrument}: study`;
  const colour = result.total > 0 ? 'up' : result.total < 0 ? 'down' : 'neither';
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${STUDY_PAGE_POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} ${id}</title>
<style>${new Html(STYLE)}</style>
</head>
<body>
<header><h1>${title}</h1>
<p class="dim">${search} search of at most ${decimal(trials, 0)} trials in each of ${decimal(windows.length, 0)} windows · recording ${recording} · study <code>${id}</code></p>
<p class="verdict ${colour}">${verdict}</p>
<ul class="warnings" aria-label="Notes">${notes.map((note) => html`<li>${note}</li>\n`)}</ul></header>
<main>
${resultSection(report)}
${spanSection(report)}
${searchSection(report)}
${paretoSection(report)}
${assumptions(report)}
</main>
</body>
</html>
`.text;
}

/** The test spans as one. */
function resultSection({ result, settings }: StudyReport): Html {
  const { intervals, growth, periodMs } = result;
  const frame = { fromMs: result.fromMs, toMs: result.toMs, invalid: [] };
  const timesMs = [result.fromMs, ...growth.endsMs];
  const hasHeld = growth.held.length > 0;
  const period = duration(periodMs);
  const rows = [
    ['Return', null, result.total, percent, true],
    [`Mean return of ${period}`, intervals.meanReturn, result.mean, percent, true],
    ['Sharpe ratio a year', intervals.sharpe, result.sharpe, decimal, true],
    ['Sortino ratio a year', null, result.sortino, decimal, true],
    ['Volatility a year', null, result.volatility, percent, false],
    ['Greatest drawdown', intervals.maxDrawdown, result.maxDrawdown, percent, false],
    ['Holding the instrument', null, result.holding, percent, true],
    [`Return of ${period} above holding`, intervals.activeReturn, result.meanActive, percent, true],
    ['Fills', null, result.fills, (value: number | null) => decimal(value, 0), false],
  ] as const;
  return html`<section aria-labelledby="result"><h2 id="result">Result: out of sample, ${utc(result.fromMs)} to ${utc(result.toMs)} UTC</h2>
${timeChart({
  frame,
  title: 'What 1 became',
  unit: '',
  says: `From 1 to ${decimal(1 + result.total, 4)} over ${result.spans.length} test spans.`,
  height: 220,
  lines: [
    ...(hasHeld ? [{ timesMs, values: [1, ...growth.held], colour: 'other' as const }] : []),
    { timesMs, values: [1, ...growth.own], colour: 'main' },
  ],
  includes: [1],
  hasTimes: true,
})}
<p class="key"><span class="main">${settings.strategy}, with what was chosen before</span>${hasHeld && html` <span class="other">holding</span>`}</p>
<div class="wide"><table class="bars"><thead><tr><th scope="col">Figure</th><th scope="col" class="n">Value</th><th scope="col" class="n">${decimal(intervals.level * 100, 0)} % interval</th><th scope="col" class="drawn"><span class="unseen">Drawn, with a line at 0</span></th></tr></thead><tbody>
${rows.map(
  ([name, interval, value, write, isGain]) =>
    html`<tr><th scope="row">${name}</th><td class="n">${write(value)}</td><td class="n">${range(interval, write)}</td><td class="drawn">${interval !== null && intervalBar(interval, value, isGain)}</td></tr>\n`,
)}</tbody></table></div>
<p class="note">Intervals by the stationary bootstrap of ${decimal(result.periods, 0)} returns. Probability that the true Sharpe ratio is above 0: ${percent(result.probabilisticSharpe, 1)}.</p></section>`;
}

function spanSection({ result, settings }: StudyReport): Html {
  return html`<section aria-labelledby="spans"><h2 id="spans">Windows</h2>
${windowStrip(settings.windows)}
<p class="key"><span class="other">trained</span> <span class="main">tested</span></p>
<div class="wide"><table><thead><tr><th scope="col">Test from, UTC</th><th scope="col">With</th>${['Return', 'Sharpe', 'Drawdown', 'Fills', 'Holding'].map((head) => html`<th scope="col" class="n">${head}</th>`)}</tr></thead><tbody>
${result.spans.map(
  ({ fromMs, parameters, figures, holding, failure }) =>
    html`<tr><th scope="row">${utc(fromMs)}</th><td>${parametersText(parameters)}${failure !== null && ` (failed: ${failure})`}</td><td class="n">${signed(percent(figures?.total))}</td><td class="n">${decimal(figures?.sharpe)}</td><td class="n">${percent(figures?.maxDrawdown)}</td><td class="n">${decimal(figures?.fills, 0)}</td><td class="n">${signed(percent(holding))}</td></tr>\n`,
)}</tbody></table></div></section>`;
}

function searchSection(report: StudyReport): Html {
  const { head, rows } = windowCells(report);
  const { stability, says } = report.inSample;
  return html`<section aria-labelledby="search"><h2 id="search">How they were chosen: in-sample, no result</h2>
<p>${says}</p>
<div class="wide"><table><thead><tr>${head.map((title, n) => html`<th scope="col" class="${n > 0 && 'n'}">${title}</th>`)}</tr></thead><tbody>
${rows.map(([first, ...others]) => html`<tr><th scope="row">${first}</th>${others.map((cell) => html`<td class="n">${cell}</td>`)}</tr>\n`)}</tbody></table></div>
<p class="note">${WINDOW_KEY}</p>
<div class="wide"><table><thead><tr><th scope="col">Parameter</th>${['Least chosen', 'Median', 'Most', 'Spread, of the range'].map((title) => html`<th scope="col" class="n">${title}</th>`)}</tr></thead><tbody>
${stability.map(
  ({ name, least, median, most, spread }) =>
    html`<tr><th scope="row">${name}</th><td class="n">${least}</td><td class="n">${median}</td><td class="n">${most}</td><td class="n">${percent(spread, 0)}</td></tr>\n`,
)}</tbody></table></div></section>`;
}

function paretoSection({ inSample: { pareto }, settings }: StudyReport): Html {
  return html`<section aria-labelledby="pareto"><h2 id="pareto">Pareto front of the last training span: in-sample, no result</h2>
<div class="wide"><table><thead><tr><th scope="col">With</th>${settings.objectives.map((name) => html`<th scope="col" class="n">${name}</th>`)}</tr></thead><tbody>
${pareto.front.map(
  (point) =>
    html`<tr class="${point.isChosen && 'total'}"><th scope="row">${parametersText(point.parameters)}${point.isChosen && ' (chosen)'}</th>${settings.objectives.map((name) => html`<td class="n">${objectiveText(name, point.objectives[name])}</td>`)}</tr>\n`,
)}</tbody></table></div>
<p class="note">Points that no other is better than in every objective, ${utc(pareto.fromMs)} to ${utc(pareto.toMs)} UTC${pareto.points > pareto.front.length && `; the first ${pareto.front.length} of ${pareto.points}`}.</p></section>`;
}

/** All that the outcome depends on. */
function assumptions({ settings }: StudyReport): Html {
  const ranges = settings.space.map(({ name, least, most, step, isLog }) => [
    `range of ${name}`,
    `${least} to ${most}${step === null ? '' : ` by ${step}`}${isLog ? ', by ratios' : ''}`,
  ]);
  const facts = [
    ...ranges,
    ...Object.entries(settings.set).map(([name, value]) => [`parameter ${name}`, String(value)]),
    ['objectives', settings.objectives.join(', ')],
    ['purge, embargo', `${duration(settings.purgeMs)}, ${duration(settings.embargoMs)}`],
    ['training spans', settings.isAnchored ? 'all from the beginning' : 'equally long'],
    ['queue, latency', `${settings.queue}, ${settings.latency} ms`],
    ['initial balance', decimal(settings.balance)],
    ['leverage', decimal(settings.leverage, 0)],
    ['VIP level', decimal(settings.feeTier, 0)],
    ...Object.entries(settings.limits).map(([name, bound]) => [`limit ${name}`, String(bound)]),
    ['strategy', `${settings.strategy} (SHA-256 ${settings.strategyHash})`],
    ['seed', String(settings.seed)],
    ['simulator, optimiser', `${settings.simulator}, ${settings.optimiser}`],
  ];
  return html`<section aria-labelledby="assumed"><h2 id="assumed">What was studied, and how</h2>
<dl class="facts">${facts.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>\n`)}</dl></section>`;
}
