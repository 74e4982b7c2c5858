import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { buildDashboard } from '../../services/dashboard/build.ts';
import { openContext } from './browser.ts';
import { type DashboardFixture, startDashboardFixture } from './dashboard-fixture.ts';

/** What a page did that it must not do. */
export interface Faults {
  readonly errors: string[];
  readonly foreign: string[];
}

/** Opens the dashboard in a page of its own for `work`, against a fixture of its own. */
export type WithPage = (
  work: (page: Page, fixture: DashboardFixture, faults: Faults) => Promise<void>,
  options?: BrowserContextOptions,
  prepare?: (fixture: DashboardFixture) => void,
) => Promise<void>;

/** Builds the dashboard, into a folder that goes with the process. */
export async function dashboardPages(browser: Browser): Promise<WithPage> {
  const folder = mkdtempSync(join(tmpdir(), 'don-dashboard-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  await buildDashboard(folder);

  return async (work, options = {}, prepare = () => {}) => {
    const fixture = await startDashboardFixture(folder);
    const context = await openContext(browser, options);
    try {
      prepare(fixture);
      const page = await context.newPage();
      const faults: Faults = { errors: [], foreign: [] };
      page.on('pageerror', (error) => faults.errors.push(error.message));
      page.on('console', (message) => {
        if (message.type() === 'error' || message.type() === 'warning') faults.errors.push(message.text());
      });
      page.on('request', (request) => {
        if (!request.url().startsWith(fixture.url)) faults.foreign.push(request.url());
      });
      await page.goto(fixture.url);
      await work(page, fixture, faults);
    } finally {
      await context.close();
      await fixture.close();
    }
  };
}

/** The page shows live data. */
export async function live(page: Page): Promise<void> {
  await page.getByTestId('connection').getByText('Live').waitFor();
  await page.getByTestId('book-bids').getByRole('row').first().waitFor();
  await page.getByTestId('last-price').waitFor();
}
