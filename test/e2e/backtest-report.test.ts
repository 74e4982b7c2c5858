import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { reportHtml } from '../../services/backtest/report/page/report-html.ts';
import { summarise } from '../../services/backtest/report/summarise.ts';
import { emptyRun, losingTaker, marketMaker, nothingAtAll } from '../services/backtest/report/made-results.ts';
import { openBrowser, openContext } from '../support/browser.ts';
import { seen, seenText } from '../support/seen.ts';

// The page of a backtest as a browser shows it, from a file and under its own policy.

const test = suite('e2e/backtest-report');
const browser = await openBrowser();

/** Shows the page of each result at this width; what the browser complains of fails. */
async function shown(width: number, look: (page: Page, strategy: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'don-report-'));
  const context = await openContext(browser!, { viewport: { width, height: 800 } });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('request', (request) => {
    if (!request.url().startsWith('file:')) complaints.push(`asked for ${request.url()}`);
  });
  try {
    for (const make of [marketMaker, losingTaker, emptyRun, nothingAtAll]) {
      const result = make();
      const file = join(folder, `${make.name}.html`);
      writeFileSync(file, reportHtml(summarise(result), result));
      await page.goto(pathToFileURL(file).href);
      await look(page, make.name);
    }
    assert.equal(complaints, []);
  } finally {
    await context.close();
    rmSync(folder, { recursive: true });
  }
}

if (browser !== undefined) {
  test('needs nothing, breaks no policy, and is never wider than the window', async () => {
    for (const width of [1200, 400])
      await shown(width, async (page, name) => {
        const wide = await page.evaluate(() => document.documentElement.scrollWidth);
        assert.is(wide, width, `${name} at ${width}`);
      });
  });

  test('the pointer and the keys read all charts at once', async () => {
    await shown(1200, async (page, name) => {
      if (name !== 'marketMaker') return;
      const reading = page.locator('#reading');
      const usual = await reading.textContent();
      const plot = page.locator('.plot').nth(2);
      await plot.hover({ position: { x: 200, y: 50 } });
      await seenText(reading, /^2024-08-08 0\d:.*equity .*drawdown .*position .*price /);
      const places = await page.locator('.cursor').evaluateAll((lines) => lines.map((line) => line.getAttribute('x1')));
      assert.is(places.length, 4);
      assert.is(new Set(places).size, 1);
      await page.mouse.move(0, 0);
      await seen(
        'the usual reading',
        () => reading.textContent(),
        (text) => text === usual,
      );
      await page.locator('.chart').first().focus();
      await page.keyboard.press('Home');
      await seenText(reading, /^2024-08-08 00:00:/);
    });
  });

  test('the browser is closed', async () => {
    await browser.close();
  });
}

test.run();
