// time limit: 480 s
import type { Locator } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { registerModel } from '../../services/trainer/registry/register-model.ts';
import { goodModel, home, pool } from '../services/trainer/registry/registry-rig.ts';
import { announced } from '../support/announced.ts';
import { closesBrowser, openBrowser } from '../support/browser.ts';
import { dashboardPages, live } from '../support/dashboard-page.ts';
import { begun, endRuns, measured, newRun, outcomeOf } from '../support/dashboard-training.ts';
import { seenAttribute } from '../support/seen.ts';
import { curvePoints, trainingPages } from '../support/training-page.ts';

// Training runs and models: the page against the real API, over rows that are written as training writes them.

const test = suite('e2e/dashboard-training');
const browser = await openBrowser();

if (browser !== undefined) {
  const withFixture = await dashboardPages(browser);
  const { api, withPage, readKey } = await trainingPages(browser);

  const listOf = (dialog: Locator, name: 'Runs' | 'Models') => dialog.getByRole('radio', { name }).click();
  const runRow = (dialog: Locator, id: string) => dialog.getByTestId('run').filter({ hasText: id });
  const openRun = (dialog: Locator, id: string) =>
    dialog.getByRole('button', { name: `Run ${id}, simulated:TEST 1m` }).click();

  test('where nothing was trained yet it says how that is done', () =>
    withPage(async (page, dialog) => {
      await dialog.getByText('Nothing was trained yet: npx don train').waitFor();
      await listOf(dialog, 'Models');
      await dialog.getByText('No model is registered yet: npx don train registers what it trains').waitFor();
      await page.getByTestId('training').getByText('no run').waitFor();
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'detached' });
      await page.keyboard.press('?');
      await page.getByRole('dialog', { name: 'Keyboard help' }).getByText('Training: runs, models').waitFor();
    }));

  test('a run is followed while it learns, is taken up again after a kill, and shows what it came to', () =>
    withPage(async (page, dialog) => {
      const run = newRun([1, 2]);
      // As one that is killed leaves it: it never says that it has ended.
      const killed = await begun(api, run, { to: 640 });
      await runRow(dialog, run.id)
        .getByText(/begun \d[^·]* ago · 1,280 of 5,120 steps/)
        .waitFor();
      assert.is(await runRow(dialog, run.id).getByRole('progressbar').getAttribute('value'), '0.25');
      await openRun(dialog, run.id);
      const course = dialog.getByTestId('run-course');
      await course.getByText('1,280 of 5,120 steps').waitFor();
      const cursor = dialog.getByRole('slider', { name: 'Mean episode return by steps' });
      await seenAttribute(cursor, 'aria-valuetext', /^step 640: seed 1 −?0\.0\d+, seed 2 −?0\.0\d+$/);
      // The first update had no episode yet.
      await curvePoints(dialog, 1, (count) => count === 19);

      // The update at 640 was behind the checkpoint: it comes once more.
      const resumed = await begun(api, run, { from: 640, to: 1_280, isNew: false });
      await course.getByText('2,560 of 5,120 steps').waitFor();
      await course.getByText('taken up again once').waitFor();
      await curvePoints(dialog, 2, (count) => count === 39);
      resumed.metrics(2, [measured(1_312, 2)], true);
      await course.getByText('2,592 of 5,120 steps').waitFor();

      await dialog
        .getByRole('combobox', { name: 'Metric that is drawn' })
        .selectOption({ label: 'Entropy of the policy, nats' });
      await dialog.getByRole('slider', { name: 'Entropy of the policy, nats by steps' }).focus();
      await page.keyboard.press('Home');
      const entropy = dialog.getByRole('slider', { name: /Entropy/ });
      await seenAttribute(entropy, 'aria-valuetext', /^step 32: seed 1 1\.08, seed 2 1\.08$/);
      await page.keyboard.press('ArrowRight');
      await seenAttribute(entropy, 'aria-valuetext', /^step 58: seed 1 1\.08/);

      const { summary } = await outcomeOf(api, run, 'followed');
      await killed.end('stopped');
      await dialog.getByText('goes on from the last checkpoint of each seed').waitFor();
      await resumed.end('done', { summary });
      await dialog.getByText(summary.verdict).waitFor();
      await announced(page, 'The run is done');
      const table = dialog.getByRole('table', { name: 'Test span' });
      const rows = await table.getByRole('row').allTextContents();
      assert.match(rows[1]!, /^seed 1\+10\.00%2\.000\.50 to 3\.505\.00%1,2041\.000\.00[0-9a-f]{16}$/);
      assert.match(rows[3]!, /^flat0\.00%––/);
      assert.match(rows[4]!, /^holding−6\.10%−0\.80/);
      await dialog.getByText('In-sample').click();
      await dialog.getByRole('table', { name: 'In-sample' }).getByText('+90.00%').first().waitFor();

      await table.getByRole('button', { name: 'Model of seed 2' }).click();
      await dialog.getByRole('heading', { name: 'followed:v2' }).waitFor();
      await dialog.getByRole('button', { name: run.id }).click();
      await dialog.getByText(summary.verdict).waitFor();
    }));

  test('thousands of updates are drawn with as many points as can be seen', () =>
    withPage(async (_page, dialog) => {
      const run = newRun([3], { ppo: { totalSteps: 200_000, stepsPerUpdate: 16, batchSize: 32, hiddenSizes: [8] } });
      const recorder = await begun(api, run, { to: 192_000 });
      await recorder.end('failed', { error: 'policyLoss: expected a finite number, found NaN at step 192,032' });
      await runRow(dialog, run.id).getByText('found NaN at step 192,032').waitFor();
      await openRun(dialog, run.id);
      await dialog.getByTestId('curves').waitFor();
      await dialog.getByTestId('run-course').getByText('192,000 of 200,000 steps · ended').waitFor();
      const points = await curvePoints(dialog, 3, (count) => count > 400 && count <= 800);
      assert.match(points.at(-1)!, /^1000,/);
      await dialog.getByText('expected a finite number').waitFor();
      await dialog.getByText('goes on from the last checkpoint').waitFor();
    }));

  test('a run that says nothing for long may have been killed; one that there is not is said to be none', () =>
    withPage(async (page, dialog) => {
      const run = newRun([4]);
      const recorder = await begun(api, run, { to: 320 });
      await runRow(dialog, run.id).getByText('320 of 2,560 steps').waitFor();
      await page.clock.install({ time: Date.now() + 1_200_000 });
      await openRun(dialog, run.id);
      await page.clock.runFor(2_000);
      await dialog.getByText(/^Silent for 2\d min.*If its process was killed/).waitFor();
      await recorder.end('stopped');
    }));

  test('a model is promoted with a reason, is taken back, and rules that it breaks are told in place', () =>
    withPage(async (page, dialog) => {
      const run = newRun([5, 6]);
      const recorder = await begun(api, run, { to: 320 });
      const { summary, models } = await outcomeOf(api, run, 'staged');
      await recorder.end('done', { summary });
      await listOf(dialog, 'Models');
      const table = dialog.getByRole('table', { name: 'Models of staged' });
      await table.waitFor();
      assert.match((await table.getByRole('row').allTextContents())[1]!, /^v2CANDIDATE2\.000\.50 to 3\.50\+1\.67%6/);
      await table.getByRole('button', { name: 'staged:v2' }).focus();
      await page.keyboard.press('Enter');
      const heading = dialog.getByRole('heading', { name: 'staged:v2' });
      await heading.waitFor();
      assert.ok(await heading.evaluate((found) => found === document.activeElement), 'the focus is on what was opened');
      const facts = (await dialog.locator('.facts').textContent())!;
      for (const part of [
        models[1]!.id,
        models[1]!.featureHash,
        run.id,
        '2023-01-01 00:00 to 2024-01-01 00:00 UTC',
        'Parentnone',
      ])
        assert.ok(facts.includes(part), `${part} in ${facts}`);

      await dialog.getByRole('button', { name: 'Promote to paper' }).click();
      const asked = page.getByRole('dialog', { name: 'Promote to paper: staged:v2' });
      await asked.getByRole('button', { name: 'Promote to paper' }).click();
      assert.is(await asked.count(), 1, 'not without a reason');
      await asked.getByLabel('Reason').fill(' better than v1 ');
      await page.keyboard.press('Enter');
      await asked.waitFor({ state: 'detached' });
      await dialog.getByText('PAPER', { exact: true }).waitFor();
      const stages = dialog.getByRole('table', { name: 'Stages' });
      assert.match(
        (await stages.getByRole('row').allTextContents())[1]!,
        /promotecandidate → paperkey test, by the dashboardbetter than v1$/,
      );
      await announced(page, 'staged:v2: Promote to paper: done');

      await dialog.getByRole('button', { name: 'Promote to live' }).click();
      const toLive = page.getByRole('dialog', { name: 'Promote to live: staged:v2' });
      await toLive.getByLabel('Reason').fill('it is time');
      await page.keyboard.press('Enter');
      const rules = toLive.getByRole('alert').getByRole('listitem');
      await rules.first().waitFor();
      assert.equal(await rules.allTextContents(), [
        'forward-test: expected its paper trading by --account NAME, run again, found none',
      ]);
      await page.keyboard.press('Escape');
      await toLive.waitFor({ state: 'detached' });
      assert.is(await dialog.count(), 1, 'only the question is closed');

      await dialog.getByRole('button', { name: 'Roll back' }).click();
      const back = page.getByRole('dialog', { name: 'Roll back: staged:v2' });
      await back.getByLabel('Reason').fill('it drifts');
      await page.keyboard.press('Enter');
      await back.getByText(/expected a model of staged that was on paper before, found only staged:v2/).waitFor();
      await back.getByRole('button', { name: 'Back', exact: true }).click();

      await dialog.getByRole('button', { name: 'Archive' }).click();
      await page.getByRole('dialog', { name: 'Archive: staged:v2' }).getByLabel('Reason').fill('it drifts');
      await page.keyboard.press('Enter');
      await dialog.getByText('ARCHIVED', { exact: true }).waitFor();
      await dialog.getByRole('button', { name: '← All models' }).click();
      await table.getByText('ARCHIVED').waitFor();
      const left = table.getByRole('button', { name: 'staged:v2' });
      assert.ok(await left.evaluate((found) => found === document.activeElement), 'and back where it was');
    }));

  test('a rollback brings back the model that was there before', () =>
    withPage(async (page, dialog) => {
      for (const seed of [71, 72])
        await registerModel(api.postgres, home, goodModel(seed), { name: 'rolled', who: 'eve' });
      await listOf(dialog, 'Models');
      const table = dialog.getByRole('table', { name: 'Models of rolled' });
      for (const [name, label] of [
        ['rolled:v1', 'Promote to paper'],
        ['rolled:v2', 'Promote to paper'],
        ['rolled:v2', 'Roll back'],
      ] as const) {
        await table.getByRole('button', { name }).click();
        await dialog.getByRole('button', { name: label }).click();
        await page
          .getByRole('dialog', { name: `${label}: ${name}` })
          .getByLabel('Reason')
          .fill('to see');
        await page.keyboard.press('Enter');
        await page.getByRole('dialog', { name: `${label}: ${name}` }).waitFor({ state: 'detached' });
        await dialog.getByRole('button', { name: '← All models' }).click();
      }
      await table.getByRole('row', { name: /^rolled:v2 ARCHIVED/ }).waitFor();
      await table.getByRole('row', { name: /^rolled:v1 PAPER/ }).waitFor();
    }));

  test('who may only read is told so, and the model stays', () =>
    withPage(
      async (page, dialog) => {
        await registerModel(api.postgres, home, goodModel(81), { name: 'refused', who: 'eve' });
        await listOf(dialog, 'Models');
        await dialog.getByRole('button', { name: 'refused:v1' }).click();
        await dialog.getByRole('button', { name: 'Archive' }).click();
        const asked = page.getByRole('dialog', { name: 'Archive: refused:v1' });
        await asked.getByLabel('Reason').fill('to see');
        await page.keyboard.press('Enter');
        await asked.getByText(/role: expected a key with the role admin or trade or train, found read/).waitFor();
        await page.keyboard.press('Escape');
        await dialog.getByText('CANDIDATE', { exact: true }).waitFor();
      },
      {},
      readKey,
    ));

  test('an API that fails is told in its own words, and asked again', () =>
    withFixture(async (page, fixture) => {
      await live(page);
      await page.keyboard.press('m');
      const dialog = page.getByRole('dialog', { name: 'Training' });
      await dialog.getByText('Nothing was trained yet').waitFor();
      fixture.behave('unavailable');
      await dialog.getByRole('alert').getByText('A server cannot be reached: QuestDB').waitFor();
      fixture.behave('well');
      await dialog.getByRole('alert').waitFor({ state: 'detached' });
      await dialog.getByText('Nothing was trained yet').waitFor();
    }));

  test('where a model trades its name leads to it', () =>
    withFixture(async (page, fixture) => {
      await live(page);
      const { record } = await registerModel(api.postgres, home, goodModel(91), { name: 'trading', who: 'eve' });
      await page.route('**/api/v1/models/*', async (route) => {
        const answer = await api.get(new URL(route.request().url()).pathname);
        await route.fulfill({ status: answer.status, contentType: 'application/json', body: await answer.text() });
      });
      fixture.trading.trade(`model:${record.id}`);
      await page.keyboard.press('o');
      const trading = page.getByRole('dialog', { name: 'Trading' });
      await trading.getByRole('button', { name: 'trading:v1' }).click();
      await page.getByRole('dialog', { name: 'Training' }).getByRole('heading', { name: 'trading:v1' }).waitFor();
      assert.is(await trading.count(), 0);
    }));

  test('on a narrow screen nothing is wider than the screen', () =>
    withPage(
      async (page, dialog) => {
        const fits = async (what: string) => {
          const [wanted, given] = await dialog.evaluate((found) => [found.scrollWidth, found.clientWidth]);
          assert.ok(wanted! <= given!, `${what}: ${wanted} in ${given}`);
        };
        await dialog.getByTestId('run').first().waitFor();
        await fits('runs');
        await dialog.getByTestId('run').filter({ hasText: 'Out of sample' }).first().getByRole('button').click();
        await dialog.getByTestId('curves').waitFor();
        await dialog.getByRole('table', { name: 'Test span' }).waitFor();
        await fits('a run');
        await listOf(dialog, 'Models');
        await dialog.getByRole('button', { name: 'rolled:v1' }).waitFor();
        await fits('models');
        await dialog.getByRole('button', { name: 'rolled:v1' }).click();
        await dialog.getByRole('table', { name: 'Stages' }).waitFor();
        await fits('a model');
        await page.keyboard.press('Escape');
      },
      { viewport: { width: 390, height: 844 } },
    ));

  closesBrowser(test, browser, async () => {
    await endRuns();
    await Promise.all([api.end(), pool.end()]);
  });
}

test.run();
