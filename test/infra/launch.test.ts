import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { REPOSITORY } from '../../infra/home.ts';

// The launcher in a clone of its own: under this Node, and under the machine's older one where it has one.

const test = suite('infra/launch');
const NODE = '24.21.0';
const NPM = '11.6.2';

/** A clone with the launcher, no packages, and a program that says what it was given. */
function makeClone(): string {
  const clone = mkdtempSync(join(tmpdir(), 'don-clone-'));
  process.on('exit', () => rmSync(clone, { recursive: true, force: true }));
  mkdirSync(join(clone, 'infra'));
  cpSync(join(REPOSITORY, 'infra', 'launch.mjs'), join(clone, 'infra', 'launch.mjs'));
  // One small package without dependencies, as our own lock file has it.
  const { version, integrity } = JSON.parse(readFileSync(join(REPOSITORY, 'package-lock.json'), 'utf8')).packages[
    'node_modules/kleur'
  ];
  const root = { name: 'clone', version: '1.0.0', dependencies: { kleur: version } };
  const packages = { '': root, 'node_modules/kleur': { version, integrity } };
  writeFileSync(join(clone, 'package.json'), JSON.stringify({ ...root, type: 'module', private: true }));
  writeFileSync(
    join(clone, 'package-lock.json'),
    JSON.stringify({ name: 'clone', version: '1.0.0', lockfileVersion: 3, requires: true, packages }),
  );
  writeFileSync(
    join(clone, 'program.ts'),
    `const version: string = process.version;
     process.on('SIGTERM', () => { console.log('told'); process.exit(7); });
     process.on('disconnect', () => { console.log('alone'); process.exit(8); });
     console.log(JSON.stringify({ version, args: process.argv.slice(2), home: process.env['DON_HOME'] }));
     if (process.argv.includes('wait')) setInterval(() => {}, 1000); else process.exit(5);`,
  );
  return clone;
}

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function launch(
  clone: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
  node = process.execPath,
): ChildProcess {
  const base = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(DON_|npm_)/.test(name)));
  return spawn(node, [join(clone, 'infra', 'launch.mjs'), '--run', 'program.ts', ...args], {
    cwd: clone,
    env: { ...base, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function ended(child: ChildProcess): Promise<Ended> {
  let [stdout, stderr] = ['', ''];
  child.stdout!.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr!.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const [code] = await once(child, 'close');
  return { code, stdout, stderr };
}

/** Resolves when the program has said its first line. */
async function speaking(child: ChildProcess): Promise<void> {
  await once(child.stdout!, 'data');
}

/** The machine's own Node where it is older than 24. */
function olderNode(): string | undefined {
  const candidates = [process.env['DON_OLD_NODE'] ?? '', '/usr/bin/node', '/usr/local/bin/node'].filter(
    (path) => path !== '' && existsSync(path),
  );
  return candidates.find(
    (path) => Number.parseInt(execFileSync(path, ['-p', 'process.versions.node'], { encoding: 'utf8' }), 10) < 24,
  );
}

const SAID_INSTALLING = /installing the npm packages of the lock file/;

test('installs the packages once, passes arguments on, and ends with the exit status of what it ran', async () => {
  const clone = makeClone();
  const first = await ended(launch(clone, ['one', '--two']));
  assert.is(first.code, 5, first.stderr);
  assert.match(first.stderr, SAID_INSTALLING);
  assert.equal(JSON.parse(first.stdout), {
    version: process.version,
    args: ['one', '--two'],
    home: join(clone, '.don'),
  });
  const second = await ended(launch(clone, []));
  assert.is(second.stderr, '', 'a second run has nothing to say');
});

test('installs again when the lock file changes, and after an install that was interrupted', async () => {
  const clone = makeClone();
  await ended(launch(clone, []));
  // An interrupted npm has written some packages but not its record of them, which comes last.
  rmSync(join(clone, 'node_modules', '.package-lock.json'), { force: true });
  assert.match((await ended(launch(clone, []))).stderr, SAID_INSTALLING);
  const lock = join(clone, 'package-lock.json');
  writeFileSync(lock, readFileSync(lock, 'utf8').replaceAll(/"version":"4[^"]*"/g, '"version":"0.0.0-none"'));
  const changed = await ended(launch(clone, []));
  assert.match(changed.stderr, SAID_INSTALLING);
  assert.is(changed.code, 1);
  assert.match(
    changed.stderr,
    /npm ci failed \(exit \d+\); its own words are above\. Check that the npm registry is reachable/,
  );
});

test('installs again where a package for this very platform was left out, as npm under an older Node does', async () => {
  for (const [os, isInstalledAgain] of [
    [process.platform, true],
    ['another', false],
  ] as const) {
    const clone = makeClone();
    const lock = join(clone, 'package-lock.json');
    const locked = JSON.parse(readFileSync(lock, 'utf8'));
    Object.assign(locked.packages['node_modules/kleur'], { optional: true, os: [os], cpu: [process.arch] });
    for (const root of [locked.packages[''], JSON.parse(readFileSync(join(clone, 'package.json'), 'utf8'))]) {
      root.optionalDependencies = root.dependencies;
      delete root.dependencies;
      if (root.private) writeFileSync(join(clone, 'package.json'), JSON.stringify(root));
    }
    writeFileSync(lock, JSON.stringify(locked));
    mkdirSync(join(clone, 'node_modules'));
    writeFileSync(join(clone, 'node_modules', '.package-lock.json'), JSON.stringify({ packages: {} }));
    assert.is(SAID_INSTALLING.test((await ended(launch(clone, []))).stderr), isInstalledAgain, os);
  }
});

test('a lock that a killed launch left is taken over', async () => {
  const clone = makeClone();
  mkdirSync(join(clone, '.don', 'npm.lock'), { recursive: true });
  const dead = spawn('true');
  await once(dead, 'exit');
  writeFileSync(join(clone, '.don', 'npm.lock', 'pid'), String(dead.pid));
  assert.is((await ended(launch(clone, []))).code, 5);
});

test('passes signals on, and what it runs notices when it is killed', async () => {
  const clone = makeClone();
  const told = launch(clone, ['wait']);
  const toldEnd = ended(told);
  await speaking(told);
  told.kill('SIGTERM');
  const { code, stdout } = await toldEnd;
  assert.is(code, 7);
  assert.match(stdout, /told/);
  const killed = launch(clone, ['wait']);
  const killedEnd = ended(killed);
  await speaking(killed);
  killed.kill('SIGKILL');
  assert.match((await killedEnd).stdout, /alone/);
});

test('DON_HOME is passed on as it was given', async () => {
  const clone = makeClone();
  const { stdout } = await ended(launch(clone, [], { DON_HOME: join(clone, 'elsewhere') }));
  assert.is(JSON.parse(stdout).home, join(clone, 'elsewhere'));
});

test('an older Node brings Node 24 along, once, and refuses a package that is not the known one', async () => {
  const old = olderNode();
  if (old === undefined) {
    console.log('SKIP: this machine has no Node below 24; DON_OLD_NODE may name one');
    return;
  }
  const clone = makeClone();
  // Left by an interrupted download.
  mkdirSync(join(clone, '.don', 'tools', `node-${NODE}.partial`, 'package'), { recursive: true });
  const env = {
    PATH: `${join(old, '..')}:${process.env['PATH']
      ?.split(':')
      .filter((folder) => !existsSync(join(folder, 'node')))
      .join(':')}`,
  };
  const first = await ended(launch(clone, ['x'], env, old));
  assert.is(first.code, 5, first.stderr);
  assert.is(JSON.parse(first.stdout).version, `v${NODE}`);
  assert.match(first.stderr, /Don runs on Node 24 and this is v\d+[^:]*: fetching Node 24\.21\.0 through npm/);
  assert.ok(
    existsSync(join(clone, '.don', 'tools', `npm-${NPM}`, 'bin', 'npm-cli.js')),
    'it installs by an npm for it',
  );
  const second = await ended(launch(clone, ['x'], env, old));
  assert.is(second.stderr, '', 'nothing is fetched twice');
  const other = makeClone();
  const shared = await ended(launch(other, ['x'], { ...env, DON_TOOLS: join(clone, '.don', 'tools') }, old));
  assert.not.match(shared.stderr, /fetching Node/, 'homes can share their tools');

  const forged = makeClone();
  const folder = join(forged, 'bin');
  mkdirSync(folder);
  const npm = join(folder, 'npm');
  writeFileSync(npm, `#!/bin/sh\necho forged > node-${process.platform}-${process.arch}-${NODE}.tgz\n`);
  chmodSync(npm, 0o755);
  const refused = await ended(launch(forged, ['x'], { ...env, PATH: `${folder}:${env.PATH}` }, old));
  assert.is(refused.code, 1);
  assert.match(refused.stderr, /is not the one Don knows: expected sha512 .* Nothing was run from it/);
});

test.run();
