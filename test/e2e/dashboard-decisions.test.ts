// time limit: 480 s
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Decided } from '../../operators/ledger/ledger-event.ts';
import type { DecisionComparison } from '../../services/trader/compare-decisions.ts';
import { compareEquity } from '../../services/trader/equity-comparison.ts';
import { closesBrowser, openBrowser } from '../support/browser.ts';
import { dashboardPages, live } from '../support/dashboard-page.ts';
import { seenAttribute } from '../support/seen.ts';

// A forward test beside the backtest of its span.

const test = suite('e2e/dashboard-decisions');
const browser = await openBrowser();

if (browser !== undefined) {
  const withPage = await dashboardPages(browser);

  test('the decisions of a model are verified: the same in words and curves, or the first that is not by its name', () =>
    withPage(async (page, fixture) => {
      const beganMs = Date.UTC(2026, 10, 27, 9);
      const decided = (n: number, equity: number): Decided => ({
        type: 'decided',
        timeUs: (beganMs + n * 60_000) * 1_000,
        entryId: `${beganMs + n * 60_000}-0`,
        observation: [0.5, n],
        action: 1,
        targetSteps: 10,
        equity,
      });
      const backtest = Array.from({ length: 120 }, (_, n) => decided(n, 10_000 + 40 * Math.sin(n / 11) + n / 2));
      const forward = backtest.map((one, n) => (n < 70 ? one : { ...one, equity: one.equity - (n - 69) / 4 }));
      const common = {
        account: 'paper',
        session: '0a1b2c3d4e5f',
        strategy: 'model:ab',
        instrument: 'simulated:BTCUSDT',
      };
      const same: DecisionComparison = {
        ...common,
        ...{ obstacle: null, events: 400, decisions: 120, difference: null, divergence: null },
        ...compareEquity(backtest, backtest),
      };
      const parted: DecisionComparison = {
        ...same,
        ...{ decisions: 70, difference: 'event 230 of the session was …' },
        divergence: {
          ...{ event: 230, stored: forward[70]!, again: backtest[70]!, fields: ['equity'] },
          ...{ entryId: forward[70]!.entryId, timeMs: forward[70]!.timeUs / 1_000 },
        },
        ...compareEquity(forward, backtest),
      };
      let result: DecisionComparison = same;
      let isRunning = true;
      const job = (state: string, more: object) => ({
        ...{
          id: '9',
          kind: 'verify-decisions',
          state,
          data: { account: 'paper' },
          error: null,
          result: null,
          starts: 1,
        },
        ...{ progress: null, dueTime: null, createdTime: 1e15, startedTime: 1e15, endedTime: null },
        ...more,
      });
      const asked: unknown[] = [];
      await page.route(/\/api\/v1\/jobs(\/9)?$/, (route) => {
        const isPost = route.request().method() === 'POST';
        if (isPost) asked.push(route.request().postDataJSON());
        const told = { text: 'running the last session of paper again', done: 60, of: 120, unit: 'decisions' };
        const body =
          isPost || isRunning
            ? job('running', { progress: { ...told, share: 0.5, rate: null, secondsLeft: null } })
            : job('done', { result, endedTime: 2e15 });
        return route.fulfill({ status: isPost ? 202 : 200, json: body });
      });
      await page.route('**/api/v1/models/*', (route) => route.fulfill({ status: 404, json: {} }));
      await live(page);
      fixture.trading.trade('model:0123456789abcdef');
      await page.keyboard.press('o');
      const paper = page.getByRole('dialog', { name: 'Trading' }).getByRole('listitem', { name: 'Account paper' });
      const verify = paper.getByRole('button', { name: 'Verify decisions' });
      await verify.click();
      await paper.getByText('60 of 120 decisions').waitFor();
      isRunning = false;
      await paper.getByTestId('verified').getByText('the same: 120 decisions, to the last bit.').waitFor();
      await paper.getByTestId('verified').getByText('The difference of their equity is 0 throughout').waitFor();
      const points = (name: string) => paper.locator(`polyline[data-line="${name}"]`).getAttribute('points');
      assert.is((await points('forward test'))!.split(' ').length, 120);
      assert.is(await points('forward test'), await points('backtest'));
      assert.is(await paper.getByTestId('apart').count(), 0);
      assert.equal(asked, [{ kind: 'verify-decisions', data: { account: 'paper' } }]);

      result = parted;
      // A key right behind Escape is not lost.
      await page.keyboard.press('Escape');
      await page.keyboard.press('o');
      await verify.click();
      const divergence = paper.getByTestId('divergence');
      await divergence.getByText(`behind entry ${forward[70]!.entryId} of the log, comes out otherwise`).waitFor();
      assert.match(
        (await divergence.textContent())!,
        /^The decision of 2026-11-27 10:10:00 UTC, event 230 .*70 decisions before it are the same\.equity: was 10,?0\d\d/,
      );
      await paper.getByText('Their equities are 12.50 USDT apart at most.').waitFor();
      assert.is.not(await points('forward test'), await points('backtest'));
      const apart = paper.getByRole('slider', { name: 'Difference of the equities by time' });
      await seenAttribute(apart, 'aria-valuetext', /^10:59:00 UTC: forward test less backtest −12\.5000 USDT$/);
      await apart.focus();
      await page.keyboard.press('Home');
      await seenAttribute(apart, 'aria-valuetext', /^09:00:00 UTC: forward test less backtest 0\.0000 USDT$/);
      fixture.trading.trade('market-maker');
      await verify.waitFor({ state: 'detached' });
    }));

  closesBrowser(test, browser);
}

test.run();
