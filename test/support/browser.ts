import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { REPOSITORY } from '../../infra/home.ts';
import { hasDebianPackages, unpackDebianPackage, unpackedEnv } from '../../infra/servers/debian-packages.ts';
import { findOnPath } from '../../infra/servers/find-program.ts';

const TOOLS = process.env['DON_TOOLS'] || join(REPOSITORY, '.don', 'tools');

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
 * A Chromium: the one that `DON_CHROMIUM` names, else one on PATH, else Debian's, unpacked privately. Where there is
 * none it says so in a line that begins with `SKIP:` and gives undefined.
 */
export async function openBrowser(): Promise<Browser | undefined> {
  const program = await findChromium().catch((error: unknown) => String(error));
  if (typeof program === 'string') {
    console.log(`SKIP: no Chromium to test the dashboard with (set DON_CHROMIUM to its path): ${program}`);
    return undefined;
  }
  return chromium.launch({ executablePath: program.path, args: QUIET, env: { ...definedEnv(), ...program.env } });
}

async function findChromium(): Promise<Program> {
  const given = process.env['DON_CHROMIUM'] || findOnPath('chromium') || findOnPath('google-chrome');
  if (given !== undefined) return { path: given, env: {} };
  if (!hasDebianPackages()) throw new Error('none is installed, and this machine has no Debian packages');
  const log = (line: string): void => void process.stderr.write(`${line}\n`);
  const root = await unpackDebianPackage(TOOLS, 'chromium', log);
  const fonts = await unpackDebianPackage(TOOLS, 'fonts-liberation', log);
  return {
    path: join(root, 'usr/lib/chromium/chromium'),
    env: { ...unpackedEnv(root), XDG_DATA_HOME: join(fonts, 'usr/share') },
  };
}

function definedEnv(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).filter((pair): pair is [string, string] => pair[1] !== undefined),
  );
}
