// time limit: 480 s
import type { Page } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { closesBrowser, openBrowser } from '../support/browser.ts';
import { dashboardPages, live } from '../support/dashboard-page.ts';
import { coloursAroundGap, columnColours, drawnGap } from '../support/page-drawing.ts';
import { seen, seenAtRest } from '../support/seen.ts';

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

type Spans = [from: number, to: number][];

/** What each chart says that it shows, seconds since the epoch: from, to. */
function spans(page: Page): Promise<Spans> {
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
  const areNear = (some: Spans, others: Spans): boolean =>
    some.every((span, at) => span.every((edge, side) => Math.abs(edge - others[at]![side]!) < 2));
  const found = await seenAtRest(`${count} charts of one span, for which ${isMeant}`, () => spans(page), 100, {
    isSame: (before, after) => before.length === after.length && areNear(before, after),
    isMeant: (all) =>
      all.length === count &&
      isMeant(...all[0]!) &&
      areNear(
        all,
        all.map(() => all[0]!),
      ),
  });
  return found[0]!;
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
      async (page, fixture) => {
        await visit(page, { interval: '1s', features: ['midprice'], added: [{ ...RSI, interval: '1s' }, RSI] });
        const shown = legend(page, /RSI 14 · 1s \d+\.\d %/);
        await shown.waitFor();
        // Else it goes on meanwhile, so that a later second stands where the pointer is.
        fixture.behave('still');
        await commonSpan(page, 3, (from, to) => to > from);
        const chart = async (at: number) => (await page.locator('.chart').nth(at).boundingBox())!;
        const [candles, seconds, minutes] = [await chart(0), await chart(1), await chart(2)];
        /** Second of the bar that is told of, and the value of the feature. */
        const look = async () => ({
          timeS: Number(await page.getByTestId('bar-figures').getAttribute('data-time')),
          midprice: await legend(page, 'Midprice').textContent(),
        });
        const newest = await seenAtRest('the newest bar', look, 1_000);
        /** What is told of where the pointer is, then of the newest again. */
        async function told(x: number, y: number) {
          await page.mouse.move(x, y);
          const isOfPast = ({ timeS, midprice }: typeof newest): boolean =>
            timeS < newest.timeS - 10 && midprice !== newest.midprice;
          const found = await seen('a bar under the pointer', look, isOfPast);
          await page.mouse.move(5, 5);
          const isNewest = ({ timeS, midprice }: typeof newest): boolean =>
            timeS === newest.timeS && midprice === newest.midprice;
          await seen('the newest bar again', look, isNewest);
          return found;
        }
        const x = candles.x + 300;
        const byCandles = await told(x, candles.y + 100);
        const bySeconds = await told(x, seconds.y + 40);
        assert.ok(Math.abs(bySeconds.timeS - byCandles.timeS) <= 1, `${bySeconds.timeS} and ${byCandles.timeS}`);
        const byMinutes = await told(x, minutes.y + minutes.height / 2);
        assert.ok(Math.abs(byMinutes.timeS - byCandles.timeS) <= 60, 'the same minute');
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
      // The gap moves to the left meanwhile, and was drawn up to the right edge while it was open.
      const toldUnderPointer = async (): Promise<string> => {
        const columns = await drawnGap(page);
        await page.mouse.move(box.x + columns[Math.floor(columns.length / 2)]!, box.y + 40);
        return (await tooltip.allTextContents()).join();
      };
      await seen(
        'what has no value, and why',
        toldUnderPointer,
        (told) => /No value: Midprice/.test(told) && /Gap in depth.*sequence.*snapshot/.test(told),
      );
      // Of one line alone the newest value is marked from edge to edge, in its colour.
      await seen(
        'a line that breaks',
        () => coloursAroundGap(page, '.feature-chart .chart', 'line-2'),
        ({ isBefore, isWithin }) => isBefore && !isWithin,
      );
    }));

  test('outputs are drawn as their definitions say', () =>
    withPage(
      async (page) => {
        await visit(page, { interval: '1m', features: [], added: [MACD] });
        await legend(page, /MACD 12 26 9 · 1m.*line.*signal.*histogram/).waitFor();
        const colours = ['up', 'down', 'line-1', 'line-2'];
        const found = new Set<string>();
        await seen(
          'bars of two colours, and two lines',
          async () => {
            for (let x = 100; x < 600; x += 10)
              for (const name of await columnColours(page, '.feature-chart .chart', x, colours)) found.add(name);
            return [...found];
          },
          ({ length }) => length === colours.length,
        );
      },
      { colorScheme: 'dark' },
    ));

  closesBrowser(test, browser);
}

test.run();
