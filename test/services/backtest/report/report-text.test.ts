import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { reportText } from '../../../../services/backtest/report/report-text.ts';
import { summarise } from '../../../../services/backtest/report/summarise.ts';
import { emptyRun, losingTaker, marketMaker } from './made-results.ts';

const test = suite('services/backtest/report/report-text');

test('says what was run, the verdict, the figures and what must be known', () => {
  const report = summarise(marketMaker());
  const text = reportText(report);
  assert.match(text, /^market-maker \(spreadTicks 2, size 0\.01\) on simulated:BTCUSDT\n/);
  assert.ok(text.includes(`run ${report.id}`));
  assert.ok(text.includes(report.verdict));
  assert.match(text, /Sharpe ratio +\d+\.\d\d +[\d.]+ to [\d.]+/);
  assert.match(text, /maker fees +−\d/);
  assert.match(text, /\nqueue +\d+/);
  for (const warning of report.warnings) assert.ok(text.includes(`! ${warning.text}`));
});

test('a step that cost nothing is left out', () => {
  const text = reportText(summarise(losingTaker()));
  assert.not.match(text, /\n(maker fees|funding|spread earned)/);
  assert.match(text, /taker fees +−/);
});

test('an empty run is a few lines', () => {
  const lines = reportText(summarise(emptyRun())).split('\n');
  assert.ok(lines.length <= 8, lines.join('\n'));
  assert.ok(lines.includes('0 orders sent, 0 filled, 0 cancelled'));
});

test('fits a terminal of 120 columns but for sentences, and says no NaN', () => {
  for (const result of [marketMaker(), losingTaker(), emptyRun()]) {
    const text = reportText(summarise(result));
    assert.not.match(text, /NaN|Infinity|undefined|null/);
    for (const line of text.split('\n')) assert.ok(line.length <= 120 || /[.!:] /.test(line), line);
  }
});

test.run();
