// time limit: 180 s
import type { Page } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openBrowser } from '../support/browser.ts';
import { dashboardPages, live } from '../support/dashboard-page.ts';
import { coloursAroundGap, columnColours, drawnGap } from '../support/page-drawing.ts';

// The charts as one: a common time axis and crosshair, what is missing, and how outputs are drawn.

const test = suite('e2e/dashboard-charts');
const browser = await openBrowser();

const legend = (page: Page, text: string | RegExp) => page.getByTestId('pane-legend').filter({ hasText: text });
const RSI = { name: 'rsi', parameters: { period: 14 }, interval: '1m', isShown: true };
const MACD = { name: 'macd', parameters: { fast: 12, slow: 26, signal: 9 }, interval: '1m', isShown: true };

async function visit(page: Page, settings: object): Promise<void> {
  await page.evaluate((text) => localStorage.setItem('don.settings', text), JSON.stringify(settings));
  await page.reload();
  await live(page);
}

/** What each chart says that it shows, seconds since the epoch: from, to. */
function spans(page: Page): Promise<[number, number][]> {
  return page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('.chart')].map(({ dataset }) => [
      Number(dataset['from']),
      Number(dataset['to']),
    ]),
  );
}

/** All that was done has been drawn. */
function drawnTwice(page: Page): Promise<unknown> {
  return page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
}

/** The span, as soon as all charts show the same one, are at rest, and `isMeant` is so of it. */
async function commonSpan(page: Page, count: number, isMeant: (from: number, to: number) => boolean) {
  let found: [number, number][] = [];
  let before: [number, number] | undefined;
  for (let attempt = 0; attempt < 80; attempt++) {
    found = await spans(page);
    const [first] = found;
    const isCommon = found.every((span) => Math.abs(span[0] - first![0]) < 2 && Math.abs(span[1] - first![1]) < 2);
    const isAtRest = before !== undefined && Math.abs(before[0] - first![0]) < 2;
    if (found.length === count && isCommon && isAtRest && isMeant(...first!)) return first!;
    before = first;
    await page.waitForTimeout(100);
  }
  throw new Error(
    `expected ${count} charts of one span, at rest, for which ${isMeant}, found ${JSON.stringify(found)}`,
  );
}

if (browser !== undefined) {
  const withPage = await dashboardPages(browser);

  test('charts of seconds and of minutes are zoomed and scrolled as one, by wheel, drag and keys', () =>
    withPage(
      async (page, _fixture, faults) => {
        await visit(page, { interval: '1m', features: ['midprice'], added: [RSI] });
        await legend(page, /RSI 14 · 1m \d+\.\d %/).waitFor();
        const [from, to] = await commonSpan(page, 3, (from, to) => to > from);
        const candles = (await page.getByTestId('candles').boundingBox())!;
        await page.mouse.move(candles.x + candles.width * 0.85, candles.y + candles.height / 2);
        await page.mouse.wheel(0, -600);
        const zoomed = await commonSpan(page, 3, (a, b) => b - a < 0.97 * (to - from));
        const features = (await page.locator('.feature-chart .chart').first().boundingBox())!;
        await page.mouse.move(features.x + 200, features.y + 30);
        await page.mouse.down();
        await page.mouse.move(features.x + 240, features.y + 30, { steps: 4 });
        await page.mouse.up();
        await drawnTwice(page);
        const scrolled = await commonSpan(page, 3, (a) => a < zoomed[0] - 150);
        assert.ok(Math.abs(scrolled[1] - scrolled[0] - (zoomed[1] - zoomed[0])) < 5, 'of the same length');
        await page.getByRole('application', { name: /^Feature charts:/ }).focus();
        await page.keyboard.press('ArrowRight');
        await commonSpan(page, 3, (a) => a > scrolled[0] + 590);
        await page.keyboard.press('End');
        await commonSpan(page, 3, (_, b) => b > Date.now() / 1000);
        assert.equal(faults, { errors: [], foreign: [] });
      },
      { viewport: { width: 1440, height: 1100 } },
    ));

  test('what is pointed at in one chart is shown in all', () =>
    withPage(
      async (page) => {
        await visit(page, { interval: '1s', features: ['midprice'], added: [{ ...RSI, interval: '1s' }, RSI] });
        const shown = legend(page, /RSI 14 · 1s \d+\.\d %/);
        await shown.waitFor();
        await commonSpan(page, 3, (from, to) => to > from);
        const figures = page.getByTestId('bar-figures');
        const chart = async (at: number) => (await page.locator('.chart').nth(at).boundingBox())!;
        const [candles, seconds, minutes] = [await chart(0), await chart(1), await chart(2)];
        /** Of the bar, and the value of the feature, a while after the pointer was moved. */
        async function told(): Promise<{ timeS: number; midprice: string }> {
          await page.waitForFunction(
            () =>
              Number(document.querySelector<HTMLElement>('[data-testid=bar-figures]')?.dataset['time']) <
              Date.now() / 1000 - 20,
          );
          await drawnTwice(page);
          const midprice = (await legend(page, 'Midprice').textContent())!;
          return { timeS: Number(await figures.getAttribute('data-time')), midprice };
        }
        const x = candles.x + 300;
        await page.mouse.move(x, candles.y + 100);
        const byCandles = await told();
        const newest = await legend(page, 'Midprice').textContent();
        await page.mouse.move(x, seconds.y + 40);
        const bySeconds = await told();
        // It goes on meanwhile, so that a second later stands where the pointer is.
        assert.ok(Math.abs(bySeconds.timeS - byCandles.timeS) <= 3, `${bySeconds.timeS} and ${byCandles.timeS}`);
        await page.mouse.move(x, minutes.y + minutes.height / 2);
        const byMinutes = await told();
        assert.ok(Math.abs(byMinutes.timeS - byCandles.timeS) <= 60, 'the same minute');
        await page.mouse.move(5, 5);
        await page.waitForFunction(
          (before) => [...document.querySelectorAll('.pane-legend')].every(({ textContent }) => textContent !== before),
          newest,
        );
      },
      { viewport: { width: 1440, height: 1200 } },
    ));

  test('a line breaks where its events are missing; that is shaded, and a tooltip says why', () =>
    withPage(async (page, { markets }) => {
      await visit(page, { interval: '1s', features: ['midprice', 'microprice'] });
      await commonSpan(page, 2, (from, to) => to > from);
      markets[0]?.openGap(Date.now() - 500);
      await page.getByTestId('book-invalid').waitFor();
      await page.waitForTimeout(4_000);
      markets[0]?.closeGap(Date.now());
      await page.getByTestId('gaps').getByText('snapshot').waitFor();
      await page.waitForFunction(() => document.querySelector('[data-testid=book-invalid]') === null);
      const box = (await page.locator('.feature-chart .chart').boundingBox())!;
      const tooltip = page.getByTestId('gap-tooltip');
      const middle = async () => {
        const columns = await drawnGap(page);
        return columns[Math.floor(columns.length / 2)]!;
      };
      // The gap moves to the left meanwhile, and was drawn up to the right edge while it was open.
      for (let attempt = 0; attempt < 50; attempt++) {
        await page.mouse.move(box.x + (await middle()), box.y + 40);
        const isTold = await tooltip.getByText('snapshot').isVisible();
        if (isTold) break;
        await page.waitForTimeout(100);
      }
      const text = (await tooltip.textContent({ timeout: 1_000 }))!;
      assert.match(text, /No value: Midprice/);
      assert.match(text, /Gap in depth.*sequence.*snapshot/);
      // Of one line alone the newest value is marked from edge to edge, in its colour.
      const found = await coloursAroundGap(page, '.feature-chart .chart', 'line-2');
      assert.equal(found, { isBefore: true, isWithin: false }, 'the line breaks');
    }));

  test('outputs are drawn as their definitions say', () =>
    withPage(
      async (page) => {
        await visit(page, { interval: '1m', features: [], added: [MACD] });
        await legend(page, /MACD 12 26 9 · 1m.*line.*signal.*histogram/).waitFor();
        const found = new Set<string>();
        for (let attempt = 0; attempt < 50 && found.size < 4; attempt++) {
          for (let x = 100; x < 600; x += 10)
            for (const name of await columnColours(page, '.feature-chart .chart', x, [
              'up',
              'down',
              'line-1',
              'line-2',
            ]))
              found.add(name);
          await page.waitForTimeout(100);
        }
        assert.equal([...found].sort(), ['down', 'line-1', 'line-2', 'up'], 'bars of two colours, and two lines');
      },
      { colorScheme: 'dark' },
    ));

  // The last of them: uvu loses what fails in a hook (style.md 4), and an open browser keeps this process alive.
  test('the browser is closed', async () => {
    await browser.close();
    assert.not.ok(browser.isConnected());
  });
}

test.run();
