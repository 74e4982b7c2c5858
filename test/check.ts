import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { REPOSITORY } from '../infra/home.ts';

/** The compiler's and the linter's complaints: what `npm run check` runs. */
export const CHECKS: ReadonlyArray<{ readonly name: string; readonly args: readonly string[] }> = [
  { name: 'tsc --noEmit', args: [join('node_modules', 'typescript', 'bin', 'tsc'), '--noEmit'] },
  {
    name: 'biome check',
    args: [join('node_modules', '@biomejs', 'biome', 'bin', 'biome'), 'check', '--diagnostic-level=error'],
  },
];

if (import.meta.main) {
  const failed = CHECKS.filter(({ name, args }) => {
    process.stderr.write(`${name}\n`);
    return spawnSync(process.execPath, args, { cwd: REPOSITORY, stdio: 'inherit' }).status !== 0;
  });
  process.exit(failed.length === 0 ? 0 : 1);
}
