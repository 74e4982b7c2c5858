// time limit: 480 s
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { closesBrowser, openBrowser } from '../support/browser.ts';
import { begun, endRuns, newRun } from '../support/dashboard-training.ts';
import { seenAttribute } from '../support/seen.ts';
import { trainingPages } from '../support/training-page.ts';

// Episodes of training runs: the page against the real API, over rows that are written as training writes them.

const test = suite('e2e/dashboard-episodes');
const browser = await openBrowser();

if (browser !== undefined) {
  const { api, withPage } = await trainingPages(browser);

  test('how the returns of episodes lie over the training is drawn, once enough of them have ended', () =>
    withPage(async (page, dialog) => {
      const run = newRun([1, 2]);
      const recorder = await begun(api, run, { to: 96 });
      await dialog.getByRole('button', { name: `Run ${run.id}` }).click();
      await dialog.getByTestId('curves').waitFor();
      const panel = dialog.getByRole('region', { name: 'Episodes' });
      assert.is(await panel.count(), 0, 'of so few no band can be told');
      await recorder.end('stopped');
      const resumed = await begun(api, run, { from: 96, to: 2_560, isNew: false });
      await resumed.end('done');
      const slider = dialog.getByRole('slider', { name: 'Episode return by steps, median and band' });
      await slider.waitFor();
      await seenAttribute(
        slider,
        'aria-valuetext',
        /^step 2,\d\d\d: median 0\.02\d*, eight of ten from 0\.01\d* to 0\.03\d*$/,
      );
      await dialog
        .getByTestId('endings')
        .getByText(
          /^320 episodes of all seeds: 304 cut at their greatest length, 10 cut at the end of the data, 6 ruined$/,
        )
        .waitFor();
      await dialog
        .getByRole('combobox', { name: 'Quantity of the episodes' })
        .selectOption({ label: 'Change of equity in an episode, %' });
      const gains = dialog.getByRole('slider', { name: 'Change of equity in an episode, % by steps, median and band' });
      await gains.focus();
      await page.keyboard.press('Home');
      await seenAttribute(gains, 'aria-valuetext', /: median −\d\.\d\d%, eight of ten from −\d\.\d\d% to/);
    }));

  closesBrowser(test, browser, async () => {
    await endRuns();
    await api.end();
  });
}

test.run();
