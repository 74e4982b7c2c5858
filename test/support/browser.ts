import { join } from 'node:path';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium } from 'playwright-core';
import type { Test } from 'uvu';
import * as assert from 'uvu/assert';
import { REPOSITORY } from '../../infra/home.ts';
import { hasDebianPackages, unpackDebianPackage, unpackedEnv } from '../../infra/servers/debian-packages.ts';
import { findOnPath } from '../../infra/servers/find-program.ts';

const TOOLS = process.env['DON_TOOLS'] || join(REPOSITORY, '.don', 'tools');

/** What a page may take on a machine that is busy with other tests, not what it should take. */
const PATIENCE_MS = 60_000;

/** Nothing but what a page asks for, and no sandbox, which root may not use. */
const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

interface Program {
  readonly path: string;
  readonly env: Readonly<Record<string, string>>;
}

/**
 * A Chromium: the one that `DON_CHROMIUM` names, else one on PATH, else Debian's, unpacked privately. Where none can be
 * had it says so in a line that begins with `SKIP:` and gives undefined.
 * @throws where one that is installed does not start
 */
export async function openBrowser(): Promise<Browser | undefined> {
  const path = process.env['DON_CHROMIUM'] || findOnPath('chromium') || findOnPath('google-chrome');
  if (path !== undefined) return launch({ path, env: {} });
  try {
    return await launch(await unpackChromium());
  } catch (error) {
    const reason = String(error).match(/error while loading.*|.+/)?.[0];
    console.log(`SKIP: no Chromium to test the dashboard with (set DON_CHROMIUM to the path of one): ${reason}`);
    return undefined;
  }
}

/** A context of its own, as large as a screen where `options` do not say otherwise, that waits with patience. */
export async function openContext(browser: Browser, options: BrowserContextOptions = {}): Promise<BrowserContext> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
  context.setDefaultTimeout(PATIENCE_MS);
  return context;
}

/**
 * The last test of a file: uvu loses what fails in a hook (style.md 4), and an open browser keeps the process alive.
 * @param end of what else is open
 */
export function closesBrowser(test: Test, browser: Browser, end = async (): Promise<void> => {}): void {
  test('what was opened is closed', async () => {
    await browser.close();
    await end();
    assert.not.ok(browser.isConnected());
  });
}

function launch({ path, env }: Program): Promise<Browser> {
  return chromium.launch({ executablePath: path, args: QUIET, env: { ...definedEnv(), ...env } });
}

async function unpackChromium(): Promise<Program> {
  if (!hasDebianPackages()) throw new Error('none is installed, and this machine has no Debian packages');
  const log = (line: string): void => void process.stderr.write(`${line}\n`);
  const root = await unpackDebianPackage(TOOLS, 'chromium', log);
  const fonts = await unpackDebianPackage(TOOLS, 'fonts-liberation', log);
  const { LD_LIBRARY_PATH: libraries = '' } = unpackedEnv(root);
  // PulseAudio keeps a library of its own in a folder below.
  const folders = libraries.split(':').flatMap((folder) => [folder, join(folder, 'pulseaudio')]);
  return {
    path: join(root, 'usr/lib/chromium/chromium'),
    env: { LD_LIBRARY_PATH: folders.join(':'), XDG_DATA_HOME: join(fonts, 'usr/share') },
  };
}

function definedEnv(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).filter((pair): pair is [string, string] => pair[1] !== undefined),
  );
}
