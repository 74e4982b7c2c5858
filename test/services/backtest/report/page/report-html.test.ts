import { createHash } from 'node:crypto';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { BacktestResult } from '../../../../../services/backtest/backtest-result.ts';
import { amount, percent } from '../../../../../services/backtest/report/numbers.ts';
import { REPORT_PAGE_POLICY, reportHtml } from '../../../../../services/backtest/report/page/report-html.ts';
import { summarise } from '../../../../../services/backtest/report/summarise.ts';
import { emptyRun, losingTaker, madeResult, marketMaker, nothingAtAll } from '../made-results.ts';

const test = suite('services/backtest/report/page/report-html');

const pageOf = (result: BacktestResult) => reportHtml(summarise(result), result);
const ALL = { marketMaker, losingTaker, emptyRun, nothingAtAll };

test('the same result gives the same bytes', () => {
  for (const make of Object.values(ALL)) {
    const [first, second] = [pageOf(make()), pageOf(make())];
    assert.ok(first === second, make.name);
  }
});

test('a result’s figures, warnings and assumptions are on it', () => {
  const result = marketMaker();
  const report = summarise(result);
  const page = reportHtml(report, result);
  const said = [
    report.id,
    amount(report.equity.net),
    percent(report.returns.total),
    percent(report.drawdown.deepest?.share),
    ...Object.values(result.settings.models),
    result.settings.strategyHash,
    'its turn in the queue',
    'disconnected',
  ];
  for (const text of said) assert.ok(page.includes(text), text);
  for (const { text } of report.warnings) assert.ok(page.includes(text), text);
});

test('needs nothing from elsewhere', () => {
  for (const make of Object.values(ALL)) {
    const outside =
      pageOf(make()).match(/(https?:)?\/\/[a-z][^\s"'<]*|\b(src|srcset|action)="[^"]*"|url\([^)]*\)|@import[^;]*/gi) ??
      [];
    assert.equal(
      outside.filter((text) => text !== 'http://www.w3.org/2000/svg'),
      [],
      make.name,
    );
    const links = [...pageOf(make()).matchAll(/href="([^"]*)"/g)].map((match) => match[1]!);
    assert.ok(
      links.every((link) => link.startsWith('#')),
      links.join(' '),
    );
  }
});

test('every style and script is in the policy by its hash, and nothing has a style or handler of its own', () => {
  const page = pageOf(marketMaker());
  const inline = [...page.matchAll(/<(style|script)>([\s\S]*?)<\/\1>/g)].map((match) => match[2]!);
  assert.is(inline.length, 2);
  for (const text of inline) assert.ok(REPORT_PAGE_POLICY.includes(createHash('sha256').update(text).digest('base64')));
  assert.not.match(page, /<[^>]* (style|on[a-z]+)=/);
});

/** Elements that have no end. */
const VOID = new Set(['meta', '!doctype']);

/** What is wrong with the order of a page's tags. */
function misnested(page: string): string[] {
  const open: string[] = [];
  const wrong: string[] = [];
  const bare = page.replace(/<(style|script)\b[^>]*>[\s\S]*?<\/\1>/g, '');
  for (const [tag, slash, name = '', , closed] of bare.matchAll(
    /<(\/?)([a-z!][a-z0-9]*)((?:\s+[\w:-]+(?:="[^"<]*")?)*)\s*(\/?)>/gi,
  )) {
    if (closed === '/' || VOID.has(name.toLowerCase())) continue;
    if (slash === '') open.push(name);
    else if (open.pop() !== name) wrong.push(tag);
  }
  const rest = bare.replace(/<(\/?)([a-z!][a-z0-9]*)((?:\s+[\w:-]+(?:="[^"<]*")?)*)\s*(\/?)>/gi, '');
  return [...wrong, ...open, ...(rest.match(/[<>]/g) ?? [])];
}

test('is well-formed', () => {
  for (const make of Object.values(ALL)) {
    const page = pageOf(make());
    assert.equal(misnested(page), [], make.name);
    const ids = [...page.matchAll(/ id="([^"]*)"/g)].map((match) => match[1]);
    assert.is(new Set(ids).size, ids.length, 'each id once');
    for (const [, id] of page.matchAll(/(?:aria-labelledby="|href="#)([^"]+)"/g)) assert.ok(ids.includes(id), id);
    assert.not.match(page.replace(/<script>[\s\S]*?<\/script>/, ''), /NaN|Infinity|undefined|\[object/);
  }
});

test('names are text, never tags', () => {
  const bad = '</script><script>alert(1)</script>"\'&';
  const result = marketMaker();
  const page = pageOf({
    ...result,
    quoteAsset: bad,
    baseAsset: bad,
    settings: { ...result.settings, strategy: bad, recording: bad, parameters: { [bad]: 1 }, models: { [bad]: bad } },
    invalidSpans: [{ ...result.invalidSpans[0]!, reason: bad }],
    warnings: [bad],
    orders: { ...result.orders, rejected: { [bad]: 1 } },
  });
  assert.not.match(page, /<script>alert/);
  assert.equal(misnested(page), []);
  assert.is(page.match(/<script/g)?.length, 2);
});

test('a long run is thinned to less than a megabyte', () => {
  const long = madeResult({
    strategy: 'busy',
    steps: 300_000,
    stepMs: 1_000,
    wants: (n) => (n % 2 === 0 ? undefined : { qty: n % 4 === 1 ? 0.1 : -0.1, outcome: 'queue' }),
    invalidSpans: Array.from({ length: 5_000 }, (_, n) => ({
      fromMs: Date.UTC(2024, 7, 8) + n * 60_000,
      toMs: Date.UTC(2024, 7, 8) + n * 60_000 + 1_000 + n,
      reason: 'silence',
    })),
  });
  const page = pageOf(long);
  assert.ok(page.length < 600_000, `${page.length} characters`);
});

test('an empty run draws no trades, and a run of no length no charts', () => {
  const empty = pageOf(emptyRun());
  assert.ok(empty.includes('there is nothing to judge'));
  assert.not.match(empty, /What trading cost|Results of/);
  const nothing = pageOf(nothingAtAll());
  assert.not.match(nothing, /data-plot|<script/);
});

test.run();
