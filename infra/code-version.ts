import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY } from './home.ts';

/** Which Don this is: the clone's commit, with `-dirty` where files differ from it; outside a clone the package's version. */
export function codeVersion(): string {
  const { status, stdout } = spawnSync('git', ['describe', '--always', '--dirty', '--abbrev=12', '--exclude=*'], {
    cwd: REPOSITORY,
    encoding: 'utf8',
  });
  if (status === 0) return stdout.trim();
  return (JSON.parse(readFileSync(join(REPOSITORY, 'package.json'), 'utf8')) as { version: string }).version;
}
