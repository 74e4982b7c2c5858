import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ordinaryUser } from '../../infra/servers/ordinary-user.ts';

test('a program that root runs as somebody else reads its own files and its data, wherever they lie', () => {
  if (process.getuid?.() !== 0) {
    console.log('SKIP: only root runs programs as somebody else');
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), 'don-user-'));
  const [open, closed] = ['open', 'closed'].map((name) => join(folder, name)) as [string, string];
  chmodSync(folder, 0o755);
  mkdirSync(open, { mode: 0o755 });
  mkdirSync(join(closed, 'inner'), { recursive: true });
  chmodSync(closed, 0o700);
  writeFileSync(join(closed, 'inner', 'library'), 'read');
  const read = (folders: readonly string[]): string => {
    const { command, args } = ordinaryUser(folders);
    const program = 'test $(id -u) -ne 0 && cat "$0"';
    return spawnSync(command, [...args, 'sh', '-c', program, join(closed, 'inner', 'library')], { encoding: 'utf8' })
      .stdout;
  };
  assert.is(read([open, join(closed, 'inner')]), 'read', 'the second folder needs the capability');
  assert.is(read([join(closed, 'inner'), open]), 'read', 'so does the first');
  assert.is(read([open]), '', 'without need it has none');
  rmSync(folder, { recursive: true, force: true });
});

test.run();
