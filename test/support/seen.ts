import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { Locator, Page } from 'playwright-core';
import { until } from './until.ts';

/**
 * Looks at a page until it is as meant: what was done shows with a later drawing.
 * @returns what was seen
 * @throws after a minute, telling what was seen last
 */
export async function seen<Found>(
  what: string,
  look: () => Promise<Found>,
  isMeant: (found: Found) => boolean,
): Promise<Found> {
  let last: { readonly found: Found } | undefined;
  const lookAgain = async (): Promise<boolean> => {
    last = { found: await look() };
    return isMeant(last.found);
  };
  await until(what, lookAgain).catch((error: Error) => {
    throw new Error(`${error.message}; seen last: ${JSON.stringify(last?.found)}`);
  });
  return last!.found;
}

/** Waits until there are so many. */
export function seenCount(locator: Locator, count: number): Promise<number> {
  return seen(
    `${count} of ${locator}`,
    () => locator.count(),
    (found) => found === count,
  );
}

/** Waits until an element has such a text. */
export function seenText(locator: Locator, text: RegExp): Promise<string> {
  const look = async (): Promise<string> => (await locator.textContent()) ?? '';
  return seen(`${text} in ${locator}`, look, (found) => text.test(found));
}

/** Waits until an attribute of an element is such a text. */
export function seenAttribute(locator: Locator, name: string, text: RegExp): Promise<string> {
  const look = async (): Promise<string> => (await locator.getAttribute(name)) ?? '';
  return seen(`${text} as ${name} of ${locator}`, look, (found) => text.test(found));
}

/** Waits until the text of an element is another one. */
export async function changes(page: Page, testId: string): Promise<void> {
  const before = await page.getByTestId(testId).textContent();
  await page.waitForFunction(
    ([id, text]) => document.querySelector(`[data-testid=${id}]`)?.textContent !== text,
    [testId, before],
  );
}

/**
 * Looks again and again, each time twice, until both looks find the same, so that nothing moves, and it is as meant.
 * @param pauseMs between the two: longer than what moves rests
 * @returns what was seen
 */
export async function seenAtRest<Found>(
  what: string,
  look: () => Promise<Found>,
  pauseMs: number,
  { isSame = isDeepStrictEqual, isMeant = () => true }: RestOptions<Found> = {},
): Promise<Found> {
  const lookTwice = async (): Promise<readonly [Found, Found]> => {
    const before = await look();
    await sleep(pauseMs);
    return [before, await look()];
  };
  const isAtRest = ([before, after]: readonly [Found, Found]): boolean => isSame(before, after) && isMeant(before);
  return (await seen(`${what}, at rest`, lookTwice, isAtRest))[0];
}

interface RestOptions<Found> {
  readonly isSame?: (before: Found, after: Found) => boolean;
  readonly isMeant?: (found: Found) => boolean;
}
