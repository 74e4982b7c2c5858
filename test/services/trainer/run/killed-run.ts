import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readReport, runFolder } from '../../../../services/trainer/run/run-folder.ts';
import { until } from '../../../support/until.ts';

/** All that a run has come to, but for checkpoints, whose bytes hold what an update took. */
export function keptOf(home: string, id: string): Record<string, string> {
  const folder = runFolder(home, id);
  const files = readdirSync(folder).filter((name) => name.endsWith('.json') || name.endsWith('.jsonl'));
  return {
    models: readdirSync(join(home, 'models')).sort().join(),
    ...Object.fromEntries(files.sort().map((name) => [name, readFileSync(join(folder, name), 'utf8')])),
  };
}

/**
 * Begins a run in a process and kills it, once it has so many updates, again and again.
 * @returns updates that the first seed had at each kill
 */
export async function killAgainAndAgain(
  on: 'bars' | 'book',
  { home, id, more, updates }: { home: string; id: string; more: object; updates: readonly number[] },
): Promise<number[]> {
  const folder = runFolder(home, id);
  const lines = (seed: number): number => {
    const path = join(folder, `seed-${seed}.metrics.jsonl`);
    return existsSync(path) ? readFileSync(path, 'utf8').split('\n').length - 1 : 0;
  };
  const seen: number[] = [];
  for (const least of updates) {
    const child = fork(new URL('./run-process.ts', import.meta.url), [on, home, JSON.stringify(more)]);
    const exited = once(child, 'exit');
    await until(`${least} updates`, async () => lines(1) >= least || lines(2) >= least || readReport(folder));
    child.kill('SIGKILL');
    await exited;
    seen.push(lines(1));
  }
  return seen;
}
