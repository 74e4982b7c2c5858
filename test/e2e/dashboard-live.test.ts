// time limit: 600 s
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { REPOSITORY } from '../../infra/home.ts';
import { openBrowser, openContext } from '../support/browser.ts';
import { freePort } from '../support/free-port.ts';
import { changes, seen } from '../support/seen.ts';
import { testHome } from '../support/servers.ts';

// What a newcomer does: start Don, open the printed link, look. And what happens on the page when frames are lost.

const test = suite('e2e/dashboard-live');
const MAIN = join(REPOSITORY, 'services', 'cli', 'main.ts');

interface Running {
  readonly child: ChildProcess;
  readonly dashboard: string;
  readonly home: string;
}

async function startDon(): Promise<Running> {
  const home = testHome();
  const env = {
    ...process.env,
    DON_HOME: home,
    DON_PORT: String(await freePort()),
    DON_INSTRUMENTS: INSTRUMENTS.join(),
  };
  const child = spawn(process.execPath, [MAIN, 'start', '--json'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  // A test that fails leaves nothing behind: it ends all that it started.
  process.on('exit', () => child.kill('SIGTERM'));
  const ended = once(child, 'exit').then(() => Promise.reject(new Error('don start ended before it was ready')));
  ended.catch(() => {});
  const [line] = await Promise.race([once(child.stdout!.setEncoding('utf8'), 'data'), ended]);
  return { child, dashboard: JSON.parse(line).dashboard, home };
}

const INSTRUMENTS = ['simulated:BTCUSDT', 'simulated:ETHUSDT'];

/** Of these the page asks again where the API says that a server cannot be reached just now. */
const ASKED_AGAIN =
  /^\/api\/v1\/(gaps|features|runs|[^/]+\/(book|trades|bars|features(\/[^/]+)?|liquidations|mark-prices))$/;

function isAskedAgain(url: string): boolean {
  return URL.canParse(url) && ASKED_AGAIN.test(new URL(url).pathname);
}

/** On a busy machine a server may answer too late, for which the API's answer is 503. Seldom, and the page asks again. */
function watchRefused(page: Page): { untilAnswered(): Promise<void> } {
  const counts = { answers: 0, refusals: 0 };
  const paths = new Set<string>();
  page.on('response', (response) => {
    if (!isAskedAgain(response.url())) return;
    const { pathname } = new URL(response.url());
    counts.answers++;
    if (response.status() === 503) {
      counts.refusals++;
      paths.add(pathname);
    } else paths.delete(pathname);
  });
  return {
    async untilAnswered() {
      await seen(
        'an answer to all that was refused',
        async () => [...paths],
        ({ length }) => length === 0,
      );
      assert.ok(counts.refusals <= counts.answers / 4, `${counts.refusals} of ${counts.answers} answers were 503`);
    },
  };
}

/** Has the venue lose depth frames of BTCUSDT. */
async function loseDepth(origin: string, home: string): Promise<void> {
  const key = readFileSync(join(home, 'api-key'), 'utf8').trim();
  const answer = await fetch(`${origin}/api/v1/status`, { headers: { authorization: `Bearer ${key}` } });
  const { services } = await answer.json();
  const venue = services.find(({ service }: { service: string }) => service === 'venue');
  const dropped = await fetch(`http://127.0.0.1:${venue.heartbeat.port}/control/faults`, {
    method: 'POST',
    body: JSON.stringify({ kind: 'drop', stream: 'btcusdt@depth*', count: 3 }),
  });
  assert.is(dropped.status, 200, await dropped.text());
}

const browser = await openBrowser();

if (browser !== undefined) {
  test('the printed link opens a live dashboard, once; lost frames are a gap on it', async () => {
    const { child, dashboard, home } = await startDon();
    const { origin } = new URL(dashboard);
    const page = await (await openContext(browser)).newPage();
    const complaints: string[] = [];
    page.on('pageerror', ({ message }) => complaints.push(message));
    const refused = watchRefused(page);
    page.on('console', (message) => {
      const { url } = message.location();
      const isPassing = message.text().includes('status of 503') && isAskedAgain(url);
      if (['error', 'warning'].includes(message.type()) && !isPassing) complaints.push(`${message.text()}: ${url}`);
    });
    page.on('request', (request) => {
      if (!request.url().startsWith(origin)) complaints.push(`asked for ${request.url()}`);
    });

    await page.goto(dashboard);
    await page.getByTestId('connection').getByText('Live').waitFor();
    await page.getByTestId('book-bids').getByRole('row').nth(5).waitFor();
    await changes(page, 'last-price');
    await changes(page, 'book-asks');
    await changes(page, 'tape');
    for (const service of ['venue', 'recorder', 'deriver', 'api'])
      await page
        .getByTestId('services')
        .getByRole('row', { name: new RegExp(`${service}.*up`) })
        .waitFor();
    await page
      .getByTestId('lag')
      .getByText(/[\d.]+ m?s · [\d.]+ m?s/)
      .waitFor();
    await page.getByTestId('features').locator('canvas').first().waitFor();
    await page.getByRole('radio', { name: '10', exact: true }).click();
    await page.getByTestId('book-bids').getByRole('row').nth(10).waitFor();

    await loseDepth(origin, home);
    const gap = page.getByTestId('gaps').getByRole('row', { name: /depth.*sequence.*snapshot/ });
    await gap.first().waitFor();
    await page
      .getByTestId('recorder')
      .getByText(/[1-9]\d* gap/)
      .waitFor();
    await page.getByTestId('book-bids').getByRole('row').nth(5).waitFor();

    await refused.untilAnswered();
    await page.keyboard.press('2');
    await page.getByRole('button', { name: /ETHUSDT/ }).waitFor();
    await changes(page, 'last-price');
    await refused.untilAnswered();
    assert.equal(complaints, []);

    const stranger = await openContext(browser);
    const second = await stranger.newPage();
    assert.is((await second.goto(dashboard))?.status(), 401, 'the link logs in once');
    await second.goto(origin);
    await second.getByTestId('page-state').getByText('Please log in').waitFor();

    const exited = once(child, 'exit');
    child.kill('SIGINT');
    await page.getByTestId('notice').getByText('Disconnected').waitFor();
    await exited;
    await browser.close();
  });
}

test.run();
