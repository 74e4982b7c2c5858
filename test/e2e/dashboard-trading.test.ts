// time limit: 480 s
import type { Page } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { announced } from '../support/announced.ts';
import { closesBrowser, openBrowser } from '../support/browser.ts';
import { dashboardPages, live } from '../support/dashboard-page.ts';
import { seen, seenAtRest, seenCount, seenText } from '../support/seen.ts';

// What trades, and the kill switch.

/** How many pixels of the price chart have one of the theme's colours. */
function pixelsOf(page: Page, name: string): Promise<number> {
  return page.evaluate((wanted) => {
    const probe = document.createElement('i');
    probe.style.color = `var(--${wanted})`;
    document.body.append(probe);
    const [red, green, blue] = getComputedStyle(probe).color.match(/\d+/g)!.map(Number);
    probe.remove();
    let count = 0;
    for (const canvas of document.querySelectorAll<HTMLCanvasElement>('[data-testid=candles] canvas')) {
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
      for (let at = 0; at < data.length; at += 4)
        if (data[at] === red && data[at + 1] === green && data[at + 2] === blue) count++;
    }
    return count;
  }, name);
}

/** Waits until so many are. */
function drawn(page: Page, name: string, isSo: (pixels: number) => boolean): Promise<number> {
  return seen(`pixels of --${name} in the price chart, ${isSo}`, () => pixelsOf(page, name), isSo);
}

const test = suite('e2e/dashboard-trading');
const browser = await openBrowser();

if (browser !== undefined) {
  const withPage = await dashboardPages(browser);

  test('the header tells whether something trades and how it does, the dialog tells what', () =>
    withPage(async (page, _fixture, faults) => {
      await live(page);
      await page.getByTestId('trading').getByText('running').waitFor();
      await seenText(page.getByTestId('trading'), /running\s*PAPER\s*\+\d+\.\d\d$/);
      await page.keyboard.press('o');
      const dialog = page.getByRole('dialog', { name: 'Trading' });
      const paper = dialog.getByRole('listitem', { name: 'Account paper' });
      const text = (await paper.textContent())!;
      for (const part of [
        'PAPER',
        '1,204 orders sent, 87 filled',
        'market-maker on simulated:BTCUSDT',
        'qty 0.01, maxQty 0.1',
        'Positionshort 0.02 BTC worth 1,945 USDT',
        'Mark price97,240.5 USDT',
        'Fees3.90 USDT',
        'Funding−0.30 USDT',
        'Stopped by risk limits: position 12',
      ])
        assert.ok(text.includes(part), `${part} in ${text}`);
      assert.not.match(text, /warm-up|halted/);
      assert.match((await paper.getByTestId('equity').textContent())!, /^10,0\d\d\.\d\d USDT$/);
      await paper.getByText(/^\+\d+\.\d\d USDT \(\+0\.\d\d%\) since the start$/).waitFor();
      await paper.getByRole('img', { name: /^Equity since \d\d:\d\d:\d\d UTC: 10,0.* USDT$/ }).waitFor();
      const orders = paper.getByRole('table', { name: 'Open orders' });
      await seenCount(orders.getByRole('row'), 4);
      assert.is(await orders.getByRole('row').nth(3).textContent(), 'buy97,900.5positionstop market');
      const fills = paper.getByRole('table', { name: 'Last fills' });
      const row = async (at: number) => (await fills.getByRole('row').nth(at).textContent())!;
      assert.match(
        await row(1),
        /sell97,244\.90\.010queue0\.1945–$/,
        'the digits of the instrument, whatever a float has',
      );
      assert.match(await row(2), /buy97,231\.00\.010through0\.1945\+0\.1370$/);
      const grid = dialog.getByRole('listitem', { name: 'Account grid' });
      assert.match((await grid.textContent())!, /gridstopped/);
      await grid.getByText('9,871.25 USDT at the end of its last session, simulated:ETHUSDT').waitFor();
      assert.equal(faults, { errors: [], foreign: [] });
    }));

  test('halted with the position closed, it says so, and is resumed', () =>
    withPage(async (page, { trading, markets }, faults) => {
      await live(page);
      await page.getByTestId('trading').click();
      const paper = page.getByRole('listitem', { name: 'Account paper' });
      await paper.getByRole('button', { name: 'Halt paper' }).click();
      const asked = page.getByRole('dialog', { name: 'Halt paper' });
      assert.ok(await asked.getByRole('radio', { name: 'Cancel orders', exact: true }).isChecked());
      await asked.getByRole('radio', { name: 'Cancel orders and close the position' }).check();
      await asked.getByLabel('Reason, if you like').fill(' spread too wide ');
      assert.equal(trading.told, [], 'not before it is said how');
      await asked.getByRole('button', { name: 'Halt', exact: true }).click();
      await paper.getByText('halted').first().waitFor();
      await paper.getByText('spread too wide').waitFor();
      const halt = 'halt {"flatten":true,"reason":"spread too wide"}';
      assert.equal(trading.told, [halt]);
      await seenText(paper, /Positionflat/);
      await page.getByTestId('trading').getByText('halted').waitFor();
      await announced(page, 'paper is halted: spread too wide');
      markets[0]?.openGap(Date.now());
      await page.getByTestId('gaps').getByText('open').waitFor();
      // Nothing that is told takes another thing away that may not have been read yet.
      await announced(page, 'paper is halted: spread too wide');
      await paper.getByRole('button', { name: 'Resume paper' }).click();
      await paper.getByRole('button', { name: 'Halt paper' }).waitFor();
      assert.equal(trading.told, [halt, 'resume {}']);
      assert.equal(faults, { errors: [], foreign: [] });
    }));

  test('what was told and not done yet is shown as told, also when it is looked at again; by keyboard alone', () =>
    withPage(async (page, { trading }) => {
      await live(page);
      trading.ignore();
      await page.keyboard.press('o');
      const paper = page.getByRole('listitem', { name: 'Account paper' });
      const halt = paper.getByRole('button', { name: 'Halt paper' });
      await halt.focus();
      await page.keyboard.press('Enter');
      const asked = page.getByRole('dialog', { name: 'Halt paper' });
      await asked.waitFor();
      await page.keyboard.press('Escape');
      await asked.waitFor({ state: 'detached' });
      assert.ok(await halt.evaluate((button) => button === document.activeElement), 'the focus is where it was');
      await page.keyboard.press('Enter');
      await asked.waitFor();
      await page.keyboard.press('Enter');
      await paper.getByText('told to halt').waitFor();
      // The account says how it stands, and that it is halted is not among it.
      for (let times = 0; times < 2; times++) {
        const equity = await paper.getByTestId('equity').textContent();
        await seen(
          'another equity',
          () => paper.getByTestId('equity').textContent(),
          (text) => text !== equity,
        );
      }
      await page.keyboard.press('Escape');
      await paper.waitFor({ state: 'detached' });
      await page.keyboard.press('o');
      await paper.getByText('told to halt').waitFor();
      assert.match((await paper.textContent())!, /running/, 'it is not halted');
      assert.equal(trading.told, ['halt {"flatten":false}']);
      assert.ok(await halt.isVisible(), 'it can be told to close the position too');
    }));

  test('halted with its position, it can be closed still; halted by another after a resume, it is not told to resume', () =>
    withPage(async (page, { trading }) => {
      await live(page);
      await page.keyboard.press('o');
      const paper = page.getByRole('listitem', { name: 'Account paper' });
      trading.tell('paper', 'halt', { flatten: false });
      await paper.getByRole('button', { name: 'Close position of paper' }).click();
      const asked = page.getByRole('dialog', { name: 'Halt paper' });
      assert.ok(await asked.getByRole('radio', { name: 'Cancel orders and close the position' }).isChecked());
      await page.keyboard.press('Enter');
      await paper.getByText('flat', { exact: true }).waitFor();
      await paper.getByRole('button', { name: 'Resume paper' }).click();
      await paper.getByRole('button', { name: 'Halt paper' }).waitFor();
      trading.tell('paper', 'halt', { flatten: true });
      await paper.getByRole('button', { name: 'Resume paper' }).waitFor();
      assert.is(await paper.getByText(/told to/).count(), 0);
    }));

  test('a refusal is shown, and nothing is said to be told', () =>
    withPage(async (page) => {
      await live(page);
      await page.route('**/trading/paper/halt', (route) =>
        route.fulfill({
          status: 503,
          contentType: 'application/problem+json',
          body: '{"type":"urn:don:problem:unavailable","title":"A server cannot be reached","status":503,"detail":"Redis"}',
        }),
      );
      await page.keyboard.press('o');
      const paper = page.getByRole('listitem', { name: 'Account paper' });
      await paper.getByRole('button', { name: 'Halt paper' }).click();
      await page.getByRole('dialog', { name: 'Halt paper' }).getByRole('button', { name: 'Halt', exact: true }).click();
      await paper.getByRole('alert').waitFor();
      assert.match((await paper.getByRole('alert').textContent())!, /A server cannot be reached: Redis/);
      assert.is(await paper.getByText(/told to/).count(), 0);
    }));

  test('own fills are marked on the chart of their instrument only, and so are open orders until they are cancelled', () =>
    withPage(async (page, fixture) => {
      await live(page);
      await drawn(page, 'accent', (pixels) => pixels > 50);
      fixture.behave('still');
      const before = await seenAtRest('pixels of --down', () => pixelsOf(page, 'down'), 500);
      // The label of the sell order alone is more than that.
      fixture.trading.tell('paper', 'halt', { flatten: false });
      await drawn(page, 'down', (pixels) => pixels < before - 500);
      await page.keyboard.press('2');
      await drawn(page, 'accent', (pixels) => pixels === 0);
    }));

  test('without a connection it says of when that is', () =>
    withPage(async (page, fixture) => {
      await live(page);
      await page.keyboard.press('o');
      await page.getByRole('listitem', { name: 'Account paper' }).waitFor();
      const dialog = page.getByRole('dialog', { name: 'Trading' });
      assert.is(await dialog.getByText('Not connected').count(), 0);
      fixture.behave('unavailable');
      fixture.cut();
      await dialog.getByText(/^Not connected: this is how they stood at \d\d:\d\d:\d\d UTC$/).waitFor();
    }));

  test('on a narrow screen nothing is wider than the screen', () =>
    withPage(
      async (page) => {
        await page.getByTestId('trading').getByText('running').waitFor();
        // The header's row may be wider; what trades, and that it is paper, is in sight.
        await seen(
          'the chip within the screen',
          () => page.getByTestId('trading').boundingBox(),
          (chip) => chip !== null && chip.x >= 0 && chip.x + chip.width <= 390,
        );
        assert.ok(await page.getByTestId('trading').getByText('PAPER').isVisible());
        await page.keyboard.press('o');
        await page.getByRole('listitem', { name: 'Account paper' }).waitFor();
        const width = await page.getByRole('dialog').evaluate((dialog) => [dialog.scrollWidth, dialog.clientWidth]);
        assert.ok(width[0]! <= width[1]!, `${width}`);
      },
      { viewport: { width: 390, height: 844 } },
    ));

  closesBrowser(test, browser);
}

test.run();
