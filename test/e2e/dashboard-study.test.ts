// time limit: 480 s
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { closesBrowser, openBrowser } from '../support/browser.ts';
import { begun, endRuns, newRun } from '../support/dashboard-training.ts';
import { trainingPages } from '../support/training-page.ts';

// A run that chooses its settings by a study: the page against the real API.

const test = suite('e2e/dashboard-study');
const browser = await openBrowser();

if (browser !== undefined) {
  const { api, withPage } = await trainingPages(browser);

  test('a run says that its study chooses, until a seed trains with what is chosen', () =>
    withPage(async (_page, dialog) => {
      const study = { vary: { gamma: { from: 0.9, to: 0.99 } }, trials: 4 };
      const run = newRun([1], { study, earlyStopping: {} });
      const recorder = await begun(api, run, { to: 0 });
      const row = dialog.getByTestId('run').filter({ hasText: run.id });
      await row.getByText(/ago · choosing among 4 settings$/).waitFor();
      assert.is(await row.getByRole('progressbar').getAttribute('value'), null);
      await dialog.getByRole('button', { name: `Run ${run.id}` }).click();
      const course = dialog.getByTestId('run-course');
      await course.getByText('choosing among 4 settings · for').waitFor();
      await dialog.getByText('Its study tries them on the validation span first').waitFor();
      await begun(api, run, { to: 640, isNew: false });
      await course.getByText('640 of 2,560 steps').waitFor();
      await dialog.getByTestId('curves').waitFor();
      await recorder.end('stopped');
    }));

  closesBrowser(test, browser, async () => {
    await endRuns();
    await api.end();
  });
}

test.run();
