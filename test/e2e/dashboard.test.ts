// time limit: 480 s
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { closesBrowser, openBrowser } from '../support/browser.ts';
import { dashboardPages, live } from '../support/dashboard-page.ts';
import { drawnGap, overlappingPanels, shadedColumns } from '../support/page-drawing.ts';
import { describeImage } from '../support/png-image.ts';
import { changes, seen, seenCount, seenText } from '../support/seen.ts';

// The page in a real browser, against a server in the shapes of the API that fails on demand. Where the data come from
// the real API, test/e2e has the whole system.

const test = suite('e2e/dashboard');

const browser = await openBrowser();

if (browser !== undefined) {
  const withPage = await dashboardPages(browser);

  test('price, ladder, tape, lag and status are live; nothing is asked of elsewhere, and nothing is complained of', () =>
    withPage(async (page, { markets }, faults) => {
      await live(page);
      await changes(page, 'last-price');
      await changes(page, 'book-asks');
      await changes(page, 'tape');
      await page
        .getByTestId('lag')
        .getByText(/[\d.]+ m?s · [\d.]+ m?s/)
        .waitFor();
      await page.getByTestId('services').getByText('recorder').waitFor();
      await seenText(page.getByTestId('recorder'), /\d+\/s · 0 gaps · 0 dead/);
      await seenCount(page.getByTestId('book-bids').getByRole('row'), 20);
      await seenCount(page.getByTestId('book-asks').getByRole('row'), 20);
      assert.is(await page.title(), `${markets[0]?.instrument.split(':')[1]} · Don`);
      assert.equal(faults, { errors: [], foreign: [] });
    }));

  test('a gap is shaded on the chart, told in a tooltip and the list, and the book says that it is not valid', () =>
    withPage(async (page, { markets }) => {
      await live(page);
      const [market] = markets;
      assert.equal(await shadedColumns(page), [], 'nothing is shaded before');
      market?.openGap(Date.now());
      await page.getByTestId('book-invalid').getByText('diffs are missing').waitFor();
      assert.is(
        await page.getByTestId('book-bids').getByRole('row').count(),
        0,
        'no level of an invalid book is shown',
      );
      await page.getByTestId('gaps').getByText('open').waitFor();
      await page.waitForTimeout(1_500);
      market?.closeGap(Date.now());
      await page.getByTestId('gaps').getByText('snapshot').waitFor();
      await page.getByTestId('book-invalid').waitFor({ state: 'detached' });
      const box = (await page.getByTestId('candles').boundingBox())!;
      const words = ['Gap in depth', 'sequence', 'Expected', 'Found', 'Length', 'snapshot'];
      // The chart moves on meanwhile, and the gap with it.
      const toldUnderPointer = async (): Promise<string> => {
        const columns = await drawnGap(page);
        await page.mouse.move(box.x + columns[0]! + 1, box.y + box.height / 2);
        return (await page.getByTestId('gap-tooltip').allTextContents()).join();
      };
      await seen('all of the gap in its tooltip', toldUnderPointer, (told) =>
        words.every((word) => told.includes(word)),
      );
    }, {}));

  test('everything is done from the keyboard', () =>
    withPage(async (page) => {
      await live(page);
      const focused = () => page.evaluate(() => document.activeElement?.id);
      for (const [key, panel] of Object.entries({ b: 'book', f: 'features', g: 'gaps', r: 'trades', c: 'candles' })) {
        await page.keyboard.press(key);
        await page.waitForFunction((id) => document.activeElement?.id === id, `panel-${panel}`);
      }
      await page.keyboard.press('Tab');
      const outline = await page.evaluate(() => getComputedStyle(document.activeElement!).outlineStyle);
      assert.is(outline, 'solid', 'the focus is seen');
      await page.keyboard.press('2');
      await page.getByRole('button', { name: /ETHUSDT/ }).waitFor();
      assert.match(page.url(), /#simulated:ETHUSDT$/);
      await page.keyboard.press('/');
      await page.keyboard.type('sol');
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: /SOLUSDT.*REAL/s }).waitFor();
      await page.keyboard.press('?');
      await page.getByRole('dialog', { name: 'Keyboard help' }).waitFor();
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      await page.keyboard.press('p');
      await page.getByRole('radio', { name: '0.1', exact: true, checked: true }).waitFor();
      const surface = () => page.evaluate(() => getComputedStyle(document.querySelector('.header')!).backgroundColor);
      const before = await surface();
      await page.keyboard.press('t');
      assert.is.not(await surface(), before);
      await page.reload();
      await live(page);
      assert.is.not(await surface(), before, 'it is remembered');
      assert.is(await focused(), '');
    }));

  test('the simulated is badged so, and the real otherwise', () =>
    withPage(async (page) => {
      await live(page);
      const badge = page.locator('.switcher .badge');
      assert.is(await badge.textContent(), 'SIMULATED');
      await page.keyboard.press('3');
      await page.getByRole('button', { name: /SOLUSDT/ }).waitFor();
      assert.is(await badge.textContent(), 'REAL');
    }));

  for (const colorScheme of ['light', 'dark'] as const) {
    for (const [width, height] of [
      [1440, 900],
      [1024, 768],
      [390, 844],
    ] as const) {
      test(`is drawn in ${colorScheme} at ${width} px, without scrolling sideways`, () =>
        withPage(
          async (page) => {
            await page.getByTestId('connection').getByText('Live').waitFor();
            const folder = process.env['DON_SCREENSHOTS'];
            const path = folder === undefined ? {} : { path: join(folder, `dashboard-${colorScheme}-${width}.png`) };
            await page.getByTestId('services').getByText('recorder').waitFor({ state: 'attached' });
            await seen(
              'many colours, light or dark',
              async () => describeImage(await page.screenshot(path)),
              ({ colours, brightness }) =>
                colours > 60 && (colorScheme === 'dark' ? brightness < 60 : brightness > 195),
            );
            const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
            assert.ok(overflow <= 0, `${overflow} px too wide`);
            assert.equal(await overlappingPanels(page), []);
          },
          { viewport: { width, height }, colorScheme },
        ));
    }
  }

  test('a cut stream says when it is tried again, and comes back', () =>
    withPage(async (page, fixture) => {
      await live(page);
      // By itself it does not try again then, but when the button is pressed.
      await page.evaluate(() => {
        const { setTimeout } = window;
        const hardly = (run: () => void, ms: number) => setTimeout(run, ms < 1_000 ? ms : 1_000_000_000);
        Object.assign(window, { setTimeout: hardly });
      });
      fixture.behave('unavailable');
      fixture.cut();
      const notice = page.getByTestId('notice');
      await seenText(
        notice,
        /Disconnected.*QuestDB at 127\.0\.0\.1:9000 refuses the connection.*Reconnecting in \d+ s/,
      );
      fixture.behave('well');
      await notice.getByRole('button', { name: 'Retry now' }).click();
      await live(page);
      await notice.waitFor({ state: 'detached' });
    }));

  test('a session that ends says what to do', () =>
    withPage(async (page, fixture) => {
      await live(page);
      fixture.behave('expired');
      fixture.cut();
      await page.getByTestId('notice').getByText('npx don start').waitFor();
      await page.reload();
      await page.getByTestId('page-state').getByText('Please log in').waitFor();
    }));

  test('an API that fails is told in its own words, with the id of the request', () =>
    withPage(
      async (page, fixture) => {
        const state = page.getByTestId('page-state');
        await state.getByText('QuestDB at 127.0.0.1:9000 refuses the connection').waitFor();
        await state.getByText('f1x7u4e').waitFor();
        fixture.behave('well');
        await state.getByRole('button', { name: 'Try again' }).click();
        await live(page);
      },
      {},
      (fixture) => fixture.behave('unavailable'),
    ));

  test('nothing recorded yet is said, with what to do', () =>
    withPage(
      async (page) => {
        await page.getByTestId('page-state').getByText('Nothing is recorded yet').waitFor();
      },
      {},
      (fixture) => fixture.behave('empty'),
    ));

  test('it opens with what is recorded live, not with an import before it, whose book says that nothing is live', () =>
    withPage(
      async (page) => {
        await live(page);
        assert.match(page.url(), /#simulated:BTCUSDT$/);
        await page.keyboard.press('1');
        await page.getByTestId('recorder').getByText('Imported, not live').waitFor();
        await page.locator('#panel-book').getByText('nothing of this instrument is recorded live').waitFor();
        assert.is(await page.getByTestId('book-invalid').count(), 0);
      },
      {},
      (fixture) => fixture.behave('imported'),
    ));

  test('what a server out of reach had not to answer is asked for again', () =>
    withPage(async (page) => {
      let isDown = true;
      await page.route(/\/api\/v1\/gaps/, (route) =>
        isDown
          ? route.fulfill({ status: 503, json: { title: 'A server is away', detail: 'timeout' } })
          : route.fallback(),
      );
      await page.reload();
      const gaps = page.locator('#panel-gaps');
      await gaps.getByText('It is tried again by itself').waitFor();
      isDown = false;
      await gaps.getByText('No gaps: nothing is known to be missing').waitFor();
    }));

  test('coarser price steps reach deeper than the streamed levels', () =>
    withPage(async (page) => {
      await live(page);
      await page.getByRole('radio', { name: '10', exact: true }).click();
      const isTen = (text: string): boolean => {
        const tens = Number(text.replaceAll(',', '')) / 10;
        return Math.abs(tens - Math.round(tens)) < 1e-9;
      };
      await seen(
        'more than five levels of whole tens',
        () => page.locator('[data-testid=book-bids] .level-price').allTextContents(),
        (prices) => prices.length > 5 && prices.every(isTen),
      );
    }));

  test('jobs are told of with their progress, and can be cancelled', () =>
    withPage(async (page, _fixture, faults) => {
      await live(page);
      await page.keyboard.press('j');
      const dialog = page.getByRole('dialog', { name: 'Jobs' });
      const job = dialog.getByTestId('job').filter({ hasText: 'features-backfill' });
      await job.getByText(/filling live: \d[\d,]* of 90,000 rows · 100\/s · 1 min 30 s left/).waitFor();
      assert.is(await job.getByRole('progressbar').getAttribute('value'), '0.4');
      await seenText(dialog, /verify.*scheduled.*due 2027-01-15 08:00:00 UTC/);
      await dialog.getByText(/Verified .* UTC: 41,200 rows, none differs/).waitFor();
      // What runs comes first.
      await seenText(dialog.getByTestId('job').first(), /^features-backfill/);
      await job.getByRole('button', { name: 'Cancel features-backfill' }).click();
      await job.getByText('cancelled').waitFor();
      await seenCount(dialog.getByRole('button', { name: /^Cancel/ }), 0);
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'detached' });
      assert.equal(faults, { errors: [], foreign: [] });
    }));

  closesBrowser(test, browser);
}

test.run();
