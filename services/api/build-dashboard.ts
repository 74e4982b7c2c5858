import { spawn } from 'node:child_process';
import { globSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY } from '../../infra/home.ts';

export const DASHBOARD_FOLDER = join(REPOSITORY, 'services', 'dashboard', 'dist');
const SOURCES = 'services/dashboard/{build.ts,src/**}';
const BUILD = join(REPOSITORY, 'services', 'dashboard', 'build.ts');

/** The bundler runs in a process of its own, since its memory would stay with this one. */
const SCRIPT = `
  const { buildDashboard } = await import(process.argv[1]);
  await buildDashboard(process.argv[2]);`;

/**
 * Builds the dashboard's page where it is missing or older than its sources.
 * @throws with the bundler's words where it cannot be built
 */
export async function ensureDashboard(): Promise<void> {
  if (isFresh()) return;
  const child = spawn(process.execPath, ['--input-type=module', '-e', SCRIPT, BUILD, DASHBOARD_FOLDER], {
    cwd: REPOSITORY,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let words = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    words += text;
  });
  const status = await new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  if (status !== 0) throw new Error(`the dashboard could not be built: ${words.trim().slice(-2_000)}`);
}

function isFresh(): boolean {
  const built = statSync(join(DASHBOARD_FOLDER, 'index.html'), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const sources = globSync(SOURCES, { cwd: REPOSITORY });
  return sources.every((file) => statSync(join(REPOSITORY, file)).mtimeMs <= built);
}
