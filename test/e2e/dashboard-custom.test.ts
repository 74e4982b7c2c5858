// time limit: 480 s
import type { Page } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { closesBrowser, openBrowser } from '../support/browser.ts';
import { dashboardPages, live } from '../support/dashboard-page.ts';
import { seenCount, seenText } from '../support/seen.ts';

// Added features that are more than numbers of the catalogue: custom ones, those of two instruments, those since an instant.

const test = suite('e2e/dashboard-custom');
const browser = await openBrowser();

/** What is not streamed is asked for each 2 s. */
const LOOKED_AT_MS = 5_000;
/** What is streamed is asked for again after so long, in case that a stream cannot be had. */
const SELDOM_MS = 30_000;

const legend = (page: Page, text: string | RegExp) => page.getByTestId('pane-legend').filter({ hasText: text });
const chip = (page: Page, text: string | RegExp) => page.getByTestId('added-chip').filter({ hasText: text });

/** Opens the dialog at the one feature that is found by a text. */
async function choose(page: Page, text: string, option: RegExp) {
  await page.keyboard.press('a');
  await page.getByRole('combobox', { name: 'Search features' }).fill(text);
  await page.getByRole('option', { name: option }).click();
  return page.getByRole('dialog');
}

if (browser !== undefined) {
  const withPage = await dashboardPages(browser);

  test('a custom feature is found, drawn, streamed, and told to be off with the reason', () =>
    withPage(async (page, fixture, faults) => {
      await live(page);
      const refused = await choose(page, 'custom', /broken\.ts.*refused: expected a feature, found number/s);
      await refused.getByRole('alert').getByText('It is refused: expected a feature').waitFor();
      assert.ok(await refused.getByRole('button', { name: /^Add/ }).isDisabled());
      await page.keyboard.press('Escape');
      await refused.waitFor({ state: 'detached' });

      const dialog = await choose(page, 'pressure', /quote_pressure.*ratio/s);
      await dialog.getByText('period 7 quotes').waitFor();
      assert.is(await dialog.getByRole('spinbutton').count(), 0, 'it is set by its file');
      const addedMs = performance.now();
      await dialog.getByRole('button', { name: 'Add quote_pressure' }).click();
      const shown = legend(page, /quote_pressure −?\d\.\d{3}/);
      await shown.waitFor();
      // To whatever is asked for from now on the answer is nothing: what changes is streamed.
      let asked = 0;
      await page.route('**/features/quote_pressure?*', (route) => {
        asked++;
        return route.fulfill({ json: { items: [] } });
      });
      const routedMs = performance.now();
      for (let changes = 0; changes < 3 || performance.now() - routedMs < LOOKED_AT_MS; changes++) {
        const text = await shown.textContent();
        await page.waitForFunction(
          (old) => ![...document.querySelectorAll('.pane-legend')].some(({ textContent }) => textContent === old),
          text,
        );
      }
      // When its stream begins, and as seldom as what is missed is asked for.
      const allowed = 1 + (performance.now() - addedMs) / SELDOM_MS;
      assert.ok(asked <= allowed, `it is streamed, not asked for: asked ${asked} times, allowed ${allowed}`);
      await page.unroute('**/features/quote_pressure?*');

      fixture.custom.switchOff('it took 5 s for an event');
      await page.getByText('quote_pressure: switched off: it took 5 s for an event').waitFor();
      await chip(page, /quote_pressure.*off/).waitFor();
      await page.reload();
      await live(page);
      await chip(page, /quote_pressure.*off/).waitFor();
      assert.equal(faults, { errors: [], foreign: [] });
    }));

  test('a feature of two instruments is added beside another one, and is of none beside itself', () =>
    withPage(async (page, { computed }) => {
      await live(page);
      const dialog = await choose(page, 'pair_beta', /pair_beta/);
      const other = dialog.getByRole('combobox', { name: 'Other instrument' });
      await other.waitFor();
      assert.equal(await other.locator('option').allTextContents(), ['ETHUSDT · Simulator', 'SOLUSDT · Binance USD-M']);
      await other.selectOption('binance-usdm:SOLUSDT');
      await dialog.getByRole('button', { name: /^Add .* · SOLUSDT$/ }).click();
      await legend(page, /SOLUSDT.*beta −?\d/).waitFor();
      const told = computed.filter((path) => path.includes('/pair_beta?'));
      assert.ok(told.length > 0 && told.every((path) => path.includes('other=binance-usdm%3ASOLUSDT')), told.join());
      await page.reload();
      await live(page);
      await legend(page, /SOLUSDT.*beta −?\d/).waitFor();
      await page.keyboard.press('3');
      await page.getByRole('button', { name: /SOLUSDT.*REAL/s }).waitFor();
      await chip(page, /SOLUSDT.*not beside itself/).waitFor();
      await seenCount(legend(page, /beta/), 0);
    }));

  test('an instant is chosen as date and time, and told so', () =>
    withPage(async (page, { computed }) => {
      await live(page);
      const dialog = await choose(page, 'anchored', /Anchored VWAP/);
      const add = dialog.getByRole('button', { name: /^Add/ });
      // Nothing of an instant that is not chosen.
      await seenText(add, /^Add Anchored VWAP · 1m$/);
      const anchor = dialog.getByLabel('Anchor (UTC)');
      assert.is(await anchor.inputValue(), '');
      const at = new Date(Math.floor(Date.now() / 60_000) * 60_000 - 3_600_000).toISOString().slice(0, 19);
      await anchor.fill(at);
      await add.click();
      await chip(page, `Anchored VWAP since ${at.slice(0, 16).replace('T', ' ')} · 1m`).waitFor();
      await page.getByTestId('overlay').getByText('Anchored VWAP since').waitFor();
      assert.match(computed.at(-1)!, `anchorMs%3A${Date.parse(`${at}Z`)}`);
    }));

  closesBrowser(test, browser);
}

test.run();
