import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { makeHome, REPOSITORY } from '../../infra/home.ts';
import { explainFileError, SetupError } from '../../infra/setup-error.ts';

test('a home that cannot be made says where, why, and what to do', () => {
  const folder = mkdtempSync(join(tmpdir(), 'don-home-'));
  writeFileSync(join(folder, 'file'), '');
  assert.throws(() => makeHome(join(folder, 'file', 'home')), /ENOTDIR/);
  // Nobody may write into it; root may everywhere, so root becomes somebody else first.
  chmodSync(folder, 0o555);
  const script = `import { makeHome } from ${JSON.stringify(join(REPOSITORY, 'infra', 'home.ts'))};
    if (process.getuid?.() === 0) process.seteuid(65534);
    try { makeHome(process.argv[1]); } catch (error) { console.log(error.name + ': ' + error.message); }`;
  const args = ['--input-type=module', '-e', script, join(folder, 'home')];
  const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  assert.match(
    stdout,
    /^SetupError: Permission is missing: give this user write access there, or set DON_HOME to another folder\. \(.*home: EACCES/,
    stderr,
  );
  rmSync(folder, { recursive: true, force: true });
});

test('a full disk is explained wherever a file is written', () => {
  if (!existsSync('/dev/full')) {
    console.log('SKIP: there is no /dev/full here');
    return;
  }
  let full: unknown;
  try {
    writeFileSync('/dev/full', 'x');
  } catch (error) {
    full = explainFileError(error, '/home/of/don');
  }
  assert.instance(full, SetupError);
  assert.match(
    (full as Error).message,
    /^The disk is full: free some space there, or set DON_HOME to another folder\. \(\/home\/of\/don: ENOSPC/,
  );
});

test.run();
