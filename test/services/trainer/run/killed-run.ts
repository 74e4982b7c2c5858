import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
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

export interface KilledRun {
  readonly home: string;
  readonly id: string;
  readonly more: object;
  /** How many the first or second seed has at each kill, at least. */
  readonly updates: readonly number[];
  /** The first seed has fewer than so many at the first kill. */
  readonly below?: number;
}

/**
 * Begins a run in a process and kills it, once it has so many updates, again and again. One that is killed too late, as
 * where this process is late, does not count.
 */
export async function killAgainAndAgain(
  on: 'bars' | 'book',
  { home, id, more, updates, below = Number.POSITIVE_INFINITY }: KilledRun,
): Promise<void> {
  const folder = runFolder(home, id);
  const lines = (seed: number): number => {
    const path = join(folder, `seed-${seed}.metrics.jsonl`);
    return existsSync(path) ? readFileSync(path, 'utf8').split('\n').length - 1 : 0;
  };
  const kill = async (least: number): Promise<void> => {
    const child = fork(new URL('./run-process.ts', import.meta.url), [on, home, JSON.stringify(more)]);
    const exited = once(child, 'exit');
    await until(`${least} updates`, async () => lines(1) >= least || lines(2) >= least || readReport(folder));
    child.kill('SIGKILL');
    await exited;
  };
  const [first, ...others] = updates as readonly [number, ...number[]];
  for (let tries = 0; ; tries++) {
    await kill(first);
    if (lines(1) < below) break;
    if (tries === 20) throw new Error(`${lines(1)} updates when it was first killed`);
    rmSync(home, { recursive: true, force: true });
  }
  for (const least of others) await kill(least);
}
