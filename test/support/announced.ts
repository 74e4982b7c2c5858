import type { Page } from 'playwright-core';

/** Waits until screen readers are told a text: an effect tells it, after what it tells of is drawn. */
export function announced(page: Page, text: string): Promise<void> {
  return page.locator('.unseen[aria-live]').getByText(text, { exact: true }).first().waitFor({ state: 'attached' });
}
