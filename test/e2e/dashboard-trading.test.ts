// time limit: 120 s
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openBrowser } from '../support/browser.ts';
import { dashboardPages, live } from '../support/dashboard-page.ts';

// What trades, and the kill switch.

const test = suite('e2e/dashboard-trading');
const browser = await openBrowser();

if (browser !== undefined) {
  const withPage = await dashboardPages(browser);

  test('the header tells whether something trades and how it does, the dialog tells what', () =>
    withPage(async (page, _fixture, faults) => {
      await live(page);
      await page.getByTestId('trading').getByText('running').waitFor();
      assert.match((await page.getByTestId('trading').textContent())!, /running\s*PAPER\s*\+\d+\.\d\d$/);
      await page.keyboard.press('o');
      const dialog = page.getByRole('dialog', { name: 'Trading' });
      const paper = dialog.getByRole('listitem', { name: 'Account paper' });
      const text = (await paper.textContent())!;
      for (const part of [
        'PAPER',
        '1,204 orders sent, 87 filled',
        'market-maker on simulated:BTCUSDT',
        'qty 0.01, maxQty 0.1',
        'Positionshort 0.02 worth 1,945',
        'Fees3.90',
        'Funding−0.30',
        'Stopped by risk limits: position 12',
      ])
        assert.ok(text.includes(part), `${part} in ${text}`);
      assert.not.match(text, /warm-up/);
      const orders = paper.getByRole('table', { name: 'Open orders' });
      assert.is(await orders.getByRole('row').count(), 3);
      const fills = paper.getByRole('table', { name: 'Last fills' });
      assert.match((await fills.getByRole('row').nth(2).textContent())!, /buy97231\.20\.01through0\.1945\+0\.1370/);
      assert.match((await dialog.getByRole('listitem', { name: 'Account grid' }).textContent())!, /gridstopped/);
      assert.equal(faults, { errors: [], foreign: [] });
    }));

  test('halted with the position closed, it says so, and is resumed', () =>
    withPage(async (page, { trading }, faults) => {
      await live(page);
      await page.getByTestId('trading').click();
      const paper = page.getByRole('listitem', { name: 'Account paper' });
      await paper.getByRole('button', { name: 'Halt paper' }).click();
      assert.equal(trading.told, [], 'not before it is said how');
      await paper.getByRole('button', { name: 'Cancel orders and close the position' }).click();
      await paper.getByText('halted').first().waitFor();
      await paper.getByText('told so').waitFor();
      assert.equal(trading.told, ['halt {"flatten":true}']);
      assert.match((await paper.textContent())!, /Positionflat/);
      await page.getByTestId('trading').getByText('halted').waitFor();
      await paper.getByRole('button', { name: 'Resume paper' }).click();
      await paper.getByRole('button', { name: 'Halt paper' }).waitFor();
      assert.equal(trading.told, ['halt {"flatten":true}', 'resume {}']);
      assert.equal(faults, { errors: [], foreign: [] });
    }));

  test('what was told and not done yet is shown as told', () =>
    withPage(async (page, { trading }) => {
      await live(page);
      trading.ignore();
      await page.keyboard.press('o');
      const paper = page.getByRole('listitem', { name: 'Account paper' });
      await paper.getByRole('button', { name: 'Halt paper' }).click();
      await paper.getByRole('button', { name: 'Back' }).click();
      await paper.getByRole('button', { name: 'Halt paper' }).click();
      await paper.getByRole('button', { name: 'Cancel orders', exact: true }).click();
      await paper.getByText('told to halt').waitFor();
      await page.waitForTimeout(1_500);
      assert.is(await paper.getByText('told to halt').count(), 1);
      assert.match((await paper.textContent())!, /running/, 'it is not halted');
      assert.equal(trading.told, ['halt {"flatten":false}']);
    }));

  test('on a narrow screen nothing is wider than the screen', () =>
    withPage(
      async (page) => {
        await page.getByTestId('trading').getByText('running').waitFor();
        await page.keyboard.press('o');
        await page.getByRole('listitem', { name: 'Account paper' }).waitFor();
        const width = await page.getByRole('dialog').evaluate((dialog) => [dialog.scrollWidth, dialog.clientWidth]);
        assert.ok(width[0]! <= width[1]!, `${width}`);
      },
      { viewport: { width: 390, height: 844 } },
    ));

  // The last of them: uvu loses what fails in a hook (style.md 4), and an open browser keeps this process alive.
  test('the browser is closed', async () => {
    await browser.close();
    assert.not.ok(browser.isConnected());
  });
}

test.run();
