import { createHash } from 'node:crypto';
import type { BacktestResult } from '../../backtest-result.ts';
import type { BacktestReport } from '../backtest-report.ts';
import { curveSamples } from '../curve-samples.ts';
import { decimal, duration, percent, utc } from '../numbers.ts';
import { intervalSection, keyFigures } from './figures.ts';
import { Html, html } from './html.ts';
import { readings, runCharts } from './run-charts.ts';
import { SCRIPT } from './script.ts';
import { STYLE } from './style.ts';
import { calendarSection, costSection, fillSection, tradeSection } from './tables.ts';

/**
 * The policy under which the page runs, which is in the page as well: nothing from elsewhere, and no style or script but
 * its own, by their hashes. For who serves it.
 */
export const REPORT_PAGE_POLICY = `default-src 'none'; style-src '${sha256(STYLE)}'; script-src '${sha256(SCRIPT)}'; base-uri 'none'; form-action 'none'`;

function sha256(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

/** A report as one page that needs nothing else: the same result gives the same bytes. */
export function reportHtml(report: BacktestReport, result: BacktestResult): string {
  const { settings, id, span, verdict, warnings, equity } = report;
  const title = `${settings.strategy} on ${settings.instrument}`;
  const colour = equity.net > 0 ? 'up' : equity.net < 0 ? 'down' : 'neither';
  const samples = curveSamples(result);
  const isDrawn = span.durationMs > 0;
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${REPORT_PAGE_POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}: backtest ${id}</title>
<style>${new Html(STYLE)}</style>
</head>
<body>
<svg class="symbols" aria-hidden="true"><defs><path id="buy" class="buy" d="M0 0l4.5 8h-9z"/><path id="sell" class="sell" d="M0 0l4.5 -8h-9z"/></defs></svg>
<header><h1>${title}</h1>
<p class="dim">${utc(span.fromMs)} to ${utc(span.toMs)} UTC, ${duration(span.durationMs)} · recording ${settings.recording} · run <code>${id}</code></p>
<p class="verdict ${colour}">${verdict}</p>
${
  warnings.length > 0 &&
  html`<ul class="warnings" aria-label="Warnings">${warnings.map(({ text }) => html`<li>${text}</li>\n`)}</ul>`
}</header>
<main>
${keyFigures(report)}
${isDrawn && runCharts(report, result, samples)}
${intervalSection(report)}
${costSection(report)}
${fillSection(report)}
${tradeSection(report)}
${calendarSection(report)}
${assumptions(report)}
</main>
${
  isDrawn &&
  html`<script type="application/json" id="readings">${new Html(JSON.stringify(readings(result, samples)).replaceAll('<', '\\u003c'))}</script>
<script>${new Html(SCRIPT)}</script>`
}
</body>
</html>
`;
  return page.text;
}

/** All that the outcome depends on. */
function assumptions({ settings }: BacktestReport): Html {
  const { parameters, models, makerFee, takerFee } = settings;
  const facts = [
    ...Object.entries(models),
    ['maker fee', percent(makerFee)],
    ['taker fee', percent(takerFee)],
    ['leverage', decimal(settings.leverage, 0)],
    ['initial balance', decimal(settings.initialBalance)],
    ...Object.entries(parameters).map(([name, value]) => [`parameter ${name}`, String(value)]),
    ['strategy', `${settings.strategy} (SHA-256 ${settings.strategyHash})`],
    ['from entry', settings.fromEntryId],
    ['to entry', settings.toEntryId],
    ['seed', String(settings.seed)],
    ['simulator', settings.simulator],
  ];
  return html`<section aria-labelledby="assumed"><h2 id="assumed">What was run, and what it assumes</h2>
<dl class="facts">${facts.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>\n`)}</dl></section>`;
}
