import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import * as assert from 'uvu/assert';
import { buildDashboard } from '../../services/dashboard/build.ts';
import { LIVE } from '../../streams/keys.ts';
import { registerRecording } from '../../streams/recordings.ts';
import { startTestApi, type TestApi } from '../services/api/test-api.ts';
import { openContext } from './browser.ts';
import { seen } from './seen.ts';
import { testInstrument } from './servers.ts';

export interface TrainingPages {
  readonly api: TestApi;
  /** Text of a key that may only read. */
  readonly readKey: string;
  /** Opens the training dialog by its key in a page of its own, logged in with a key (one that may do all if not said). */
  withPage(
    work: (page: Page, dialog: Locator) => Promise<void>,
    options?: BrowserContextOptions,
    key?: string,
  ): Promise<void>;
}

/** The dashboard on the real API, which knows one instrument without data. */
export async function trainingPages(browser: Browser): Promise<TrainingPages> {
  const folder = mkdtempSync(join(tmpdir(), 'don-dashboard-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  await buildDashboard(folder);
  const api = await startTestApi({ change: () => ({ dashboardFolder: folder }) });
  await api.listen();
  await registerRecording(api.redis, testInstrument(), { recording: LIVE, kind: 'live' });

  return {
    api,
    readKey: await api.keyOf('read'),
    async withPage(work, options = {}, key = api.key) {
      const context = await openContext(browser, options);
      try {
        const page = await context.newPage();
        const errors: string[] = [];
        page.on('pageerror', ({ message }) => errors.push(message));
        const link = await api.app.request(`${api.origin}/api/v1/login-links`, {
          method: 'POST',
          headers: { authorization: `Bearer ${key}` },
        });
        await page.goto(((await link.json()) as { url: string }).url);
        await page.getByTestId('training').waitFor();
        await page.keyboard.press('m');
        const dialog = page.getByRole('dialog', { name: 'Training', exact: true });
        await dialog.waitFor();
        await work(page, dialog);
        assert.equal(errors, []);
      } finally {
        await context.close();
      }
    },
  };
}

/**
 * Waits until a seed's curve is drawn with so many points.
 * @returns `x,y` of each; 1000 is the right edge
 */
export function curvePoints(dialog: Locator, seed: number, isMeant: (count: number) => boolean): Promise<string[]> {
  return seen(
    `points of seed ${seed}, ${isMeant}`,
    async () => (await dialog.locator(`polyline[data-seed="${seed}"]`).getAttribute('points'))!.split(' '),
    ({ length }) => isMeant(length),
  );
}
