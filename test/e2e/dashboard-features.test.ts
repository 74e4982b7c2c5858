// time limit: 480 s
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { closesBrowser, openBrowser } from '../support/browser.ts';
import { dashboardPages, live } from '../support/dashboard-page.ts';
import { seen, seenCount } from '../support/seen.ts';

// Features of the catalogue on the charts: added, read, remembered, removed, in a real browser against the fixture.

const test = suite('e2e/dashboard-features');
const browser = await openBrowser();

const chips = (page: Page) => page.getByTestId('added-chip');
const legend = (page: Page, text: string | RegExp) => page.getByTestId('pane-legend').filter({ hasText: text });

/** Into the features, then Tab until the focus is on a button of this name. */
async function tabTo(page: Page, name: string): Promise<void> {
  await page.keyboard.press('f');
  await page.waitForFunction(() => document.activeElement?.id === 'panel-features');
  for (let presses = 0; presses < 40; presses++) {
    const focused = await page.evaluate(() => {
      const element = document.activeElement;
      return element?.getAttribute('aria-label') ?? element?.textContent ?? '';
    });
    if (focused === name) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`expected a button ${name} within 40 presses of Tab`);
}

/** Opens the search, which takes what is typed once the catalogue is there, and chooses what it finds first. */
async function choose(page: Page, text: string): Promise<void> {
  await page.keyboard.press('a');
  await page.getByRole('combobox', { name: 'Search features' }).fill(text);
  await page.keyboard.press('Enter');
}

async function addBySearch(page: Page, text: string): Promise<void> {
  await choose(page, text);
  await page.getByRole('dialog').getByRole('button', { name: /^Add / }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
}

const RSI = { name: 'rsi', parameters: { period: 14 }, interval: '1m', isShown: true };

if (browser !== undefined) {
  const withPage = await dashboardPages(browser);

  test('a feature is added, found again after a reload and removed from the keyboard alone', () =>
    withPage(async (page, _fixture, faults) => {
      await live(page);
      await tabTo(page, 'Add feature');
      await page.keyboard.press('Enter');
      const dialog = page.getByRole('dialog', { name: 'Add feature' });
      await dialog.getByText('0 of at most 12 added').waitFor();
      await dialog.getByRole('combobox', { name: 'Search features' }).waitFor();
      await page.keyboard.type('stochastic oscillator');
      await dialog.getByRole('option', { name: /Stochastic oscillator/, selected: true }).waitFor();
      for (let letter = 0; letter < 'stochastic oscillator'.length; letter++) await page.keyboard.press('Backspace');
      await page.keyboard.type('rsi');
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('ArrowUp');
      await dialog.getByRole('option', { name: /Relative strength index.*rsi.*percent/s, selected: true }).waitFor();
      await page.keyboard.press('Enter');
      const period = dialog.getByRole('spinbutton', { name: 'Period' });
      assert.ok(await period.evaluate((input) => document.activeElement === input), 'what is typed next goes there');
      await dialog.getByText('Wilder (1978)').waitFor();
      await dialog.getByText('15 bars').waitFor();
      await page.keyboard.press('Control+A');
      await page.keyboard.type('9');
      await page.keyboard.press('Enter');
      await dialog.waitFor({ state: 'detached' });
      assert.is(await page.evaluate(() => document.activeElement?.textContent), 'Add feature', 'the focus is returned');
      await page.getByRole('button', { name: 'RSI 9 · 1m', exact: true, pressed: true }).waitFor();
      await legend(page, /RSI 9 · 1m \d+\.\d %/).waitFor();

      await page.reload();
      await live(page);
      await legend(page, /RSI 9 · 1m \d+\.\d %/).waitFor();
      await tabTo(page, 'Remove RSI 9 · 1m');
      await page.keyboard.press('Enter');
      await legend(page, 'RSI').waitFor({ state: 'detached' });
      await seenCount(chips(page), 0);
      assert.is(await page.evaluate(() => document.activeElement?.textContent), 'Add feature');
      await page.reload();
      await live(page);
      await legend(page, 'Queue imbalance').waitFor();
      assert.is(await chips(page).count(), 0, 'it is forgotten');
      assert.equal(faults, { errors: [], foreign: [] });
    }));

  test('the dialog keeps the focus, and Escape closes it', () =>
    withPage(async (page) => {
      await live(page);
      await page.keyboard.press('a');
      await page.getByRole('dialog', { name: 'Add feature' }).waitFor();
      for (let presses = 0; presses < 6; presses++) {
        await page.keyboard.press('Tab');
        const outside = await page.evaluate(
          () => document.activeElement !== document.body && document.activeElement?.closest('dialog') === null,
        );
        assert.not.ok(outside);
      }
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    }));

  test('what cannot be is said, and is not added', () =>
    withPage(async (page) => {
      await live(page);
      await choose(page, 'macd');
      const dialog = page.getByRole('dialog');
      const add = dialog.getByRole('button', { name: /^Add / });
      await dialog.getByRole('spinbutton', { name: 'Fast' }).fill('0.5');
      await dialog.getByText('Expected a whole number of bars from 1 to').waitFor();
      assert.ok(await add.isDisabled());
      await dialog.getByRole('spinbutton', { name: 'Fast' }).fill('40');
      await add.click();
      await dialog
        .getByRole('alert')
        .getByText(/fast: expected less than slow, 26, found 40/)
        .waitFor();
      assert.is(await chips(page).count(), 0, 'together they cannot be, says the API');
      await dialog.getByRole('spinbutton', { name: 'Fast' }).fill('5');
      await add.click();
      await legend(page, /MACD 5 26 9 · 1m.*line.*signal.*histogram/).waitFor();
      await addBySearch(page, 'rsi');
      await choose(page, 'rsi');
      await dialog.getByText('It is there already').waitFor();
      assert.ok(await add.isDisabled());
    }));

  test('prices are drawn over the candles of their bars, the rest of their outputs in panes by unit', () =>
    withPage(async (page) => {
      await live(page);
      await addBySearch(page, 'bollinger');
      const overlay = page.getByTestId('overlay');
      await overlay.getByText(/upper [\d,]+\.\d/).waitFor();
      await legend(page, /Bollinger bands 20 2 · 1m.*width/).waitFor();
      await legend(page, /Bollinger bands 20 2 · 1m.*percent b/).waitFor();
      await page.keyboard.press('i');
      await legend(page, /lower.*middle.*upper/).waitFor();
      // Other candles are shown now.
      await seenCount(overlay, 0);
      await page.getByRole('button', { name: 'Bollinger bands 20 2 · 1m', exact: true }).click();
      await legend(page, 'Bollinger').first().waitFor({ state: 'detached' });
      await page.getByRole('button', { name: 'Bollinger bands 20 2 · 1m', exact: true, pressed: false }).waitFor();
    }));

  test('values are kept up', () =>
    withPage(async (page, { computed }) => {
      await live(page);
      await page.keyboard.press('i');
      await addBySearch(page, 'rsi');
      const shown = legend(page, /RSI 14 · 1s \d+\.\d %/);
      await shown.waitFor();
      const asked = () => computed.filter((path) => path.includes('/features/rsi?'));
      const before = await shown.textContent();
      await page.waitForFunction(
        (text) => ![...document.querySelectorAll('.pane-legend')].some(({ textContent }) => textContent === text),
        before,
      );
      assert.ok(asked().length >= 2);
      const froms = asked().map((path) => new URL(path, 'http://don').searchParams.get('from')!);
      assert.ok(froms[1]! > froms[0]!, 'what is new is asked for');
    }));

  test('values are those under the pointer, else the newest', () =>
    withPage(async (page) => {
      await live(page);
      await addBySearch(page, 'rsi');
      const shown = legend(page, /RSI 14 · 1m \d+\.\d %/);
      await shown.waitFor();
      const look = async () => {
        const box = (await page.getByRole('application', { name: /Feature charts of minutes/ }).boundingBox())!;
        const panel = (await page.getByTestId('features').boundingBox())!;
        return { box, bottom: panel.y + panel.height };
      };
      const isInSight = ({ box, bottom }: Awaited<ReturnType<typeof look>>): boolean =>
        Math.abs(box.y + box.height - bottom) < 2;
      const { box, bottom } = await seen('a chart that is brought into sight', look, isInSight);
      const textAt = async (x: number, y: number): Promise<string | null> => {
        await page.mouse.move(x, y);
        await page.waitForTimeout(100);
        return shown.textContent();
      };
      await seen(
        'values under the pointer, and the newest before and after',
        async () => {
          const before = await textAt(10, 10);
          const under = [];
          for (const share of [0.3, 0.4, 0.5, 0.6]) under.push(await textAt(box.x + box.width * share, bottom - 60));
          return { before, under, after: await textAt(10, 10) };
        },
        ({ before, under, after }) => before === after && under.some((text) => text !== before),
      );
    }));

  test('a busy API is told of, and it goes on by itself when that is over', () =>
    withPage(
      async (page, fixture) => {
        await live(page);
        await addBySearch(page, 'rsi');
        const problem = page.getByText(/RSI 14 · 1m: Too many requests: expected at most 50 computations at once/);
        await problem.waitFor();
        fixture.behave('well');
        await legend(page, /RSI 14 · 1m \d+\.\d %/).waitFor();
        await problem.waitFor({ state: 'detached' });
      },
      {},
      (fixture) => fixture.behave('busy'),
    ));

  test('what the catalogue no longer knows is dropped, and there are twelve at most', () =>
    withPage(async (page) => {
      await live(page);
      const possible = Array.from({ length: 12 }, (_, at) => ({
        ...RSI,
        parameters: { period: at + 2 },
        isShown: at < 2,
      }));
      const impossible = [
        { ...RSI, name: 'gone' },
        { ...RSI, parameters: { period: 0 } },
      ];
      const visit = async (added: readonly object[]) => {
        await page.evaluate((text) => localStorage.setItem('don.settings', text), JSON.stringify({ added }));
        await page.reload();
        await live(page);
        await chips(page).first().waitFor();
      };
      await visit([...impossible, ...possible.slice(0, 3)]);
      await seenCount(chips(page), 3);
      await page.waitForFunction(() => JSON.parse(localStorage.getItem('don.settings')!).added.length === 3);
      await visit(possible);
      await seenCount(chips(page), 12);
      await choose(page, 'obv');
      await page.getByRole('dialog').getByText('12 of at most 12 added: remove one').waitFor();
      assert.ok(await page.getByRole('button', { name: /^Add OBV/ }).isDisabled());
    }));

  for (const colorScheme of ['light', 'dark'] as const)
    test(`fits a phone in ${colorScheme}`, () =>
      withPage(
        async (page) => {
          await page.getByTestId('connection').getByText('Live').waitFor();
          await page.getByRole('tab', { name: 'Features' }).click();
          await page.getByRole('button', { name: 'Add feature' }).click();
          await page.getByRole('option', { name: /Average directional index/ }).click();
          await page.getByRole('button', { name: /^Add ADX/ }).click();
          await legend(page, /ADX 14 · 1m.*adx.*plus di.*minus di/).waitFor();
          const folder = process.env['DON_SCREENSHOTS'];
          if (folder !== undefined) await page.screenshot({ path: join(folder, `features-${colorScheme}-390.png`) });
          assert.ok((await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)) <= 0);
        },
        { viewport: { width: 390, height: 844 }, colorScheme },
      ));

  closesBrowser(test, browser);
}

test.run();
