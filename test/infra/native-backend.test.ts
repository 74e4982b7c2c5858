import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { REPOSITORY, readIfThere } from '../../infra/home.ts';
import {
  type BuildMachine,
  checkBuildMachine,
  examineBuildMachine,
  lacking,
} from '../../infra/native-backend/build-machine.ts';
import { installNativeBackend } from '../../infra/native-backend/install-native-backend.ts';
import { STEPS, stepsLeft, tellingLines } from '../../infra/native-backend/installation-steps.ts';
import {
  bindingOf,
  findNativeBackend,
  nativeBackendFolder,
  TFJS_NODE_VERSION,
  tfjsNodePackage,
} from '../../infra/native-backend/native-backend-folder.ts';
import { pipArguments, placeInDeps, sha256, WHEEL } from '../../infra/native-backend/tensorflow-wheel.ts';
import { unpackWheel } from '../../infra/native-backend/unpack-wheel.ts';
import { SetupError } from '../../infra/setup-error.ts';
import { testHome } from '../support/servers.ts';
import { until } from '../support/until.ts';

// All but what is downloaded; that is in services/cli/setup.test.ts.
const test = suite('infra/native-backend');

const READY: BuildMachine = {
  platform: 'linux',
  arch: 'x64',
  hasGlibc: true,
  tools: '/tools',
  python: '/usr/bin/python3',
  hasPip: true,
  compiler: '/usr/bin/c++',
  make: '/usr/bin/make',
  nodeFolder: '/usr',
  hasHeaders: true,
  npm: ['/usr/bin/npm'],
  diskFree: 1e10,
};

const write = (path: string, text = ''): void => {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
};

/** A program that does what the shell is told. */
function program(folder: string, name: string, script: string): string {
  const path = join(folder, name);
  write(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
}

const rejection = (promise: Promise<unknown>): Promise<Error> =>
  promise.then(
    () => new Error('it was expected to fail and did not'),
    (error: Error) => error,
  );

test('everything that a machine lacks is named at once, each with what to do', () => {
  assert.equal(lacking(READY), []);
  const cases: [Partial<BuildMachine>, RegExp][] = [
    [{ python: undefined, hasPip: false }, /^python3 on PATH \(Debian: apt-get install python3 python3-pip\)$/],
    [{ hasPip: false }, /^pip for \/usr\/bin\/python3 \(Debian: apt-get install python3-pip/],
    [{ compiler: undefined }, /^a C\+\+ compiler.*apt-get install g\+\+/],
    [{ make: undefined }, /^make on PATH \(Debian: apt-get install make\)$/],
    [{ npm: undefined }, /^npm on PATH/],
    [{ hasHeaders: false }, /^Node's headers in \/usr\/include\/node: /],
    [{ tools: '/a b' }, /^a path without spaces, .*found "\/a b": set DON_TOOLS/],
    [{ diskFree: 1e9 }, /^2\.2 GB of disk, found 1\.0: free some, or set DON_TOOLS/],
    [{ arch: 'arm64', make: undefined }, /^a Linux on x64 with glibc, found linux on arm64: train on wasm there$/],
    [{ hasGlibc: false }, /found linux on x64 without glibc/],
    [{ platform: 'darwin', hasGlibc: false }, /found darwin on x64: /],
  ];
  for (const [missing, words] of cases) {
    const found = lacking({ ...READY, ...missing });
    assert.is(found.length, 1, found.join('\n'));
    assert.match(found[0]!, words);
  }
  try {
    checkBuildMachine({ ...READY, ...Object.assign({}, ...cases.slice(0, 8).map(([missing]) => missing)) });
    assert.unreachable('it must not pass');
  } catch (error) {
    assert.instance(error, SetupError);
    assert.is((error as Error).message.match(/^ {2}- /gm)?.length, 7, 'without Python nothing is said of its pip');
  }
});

test('a machine is looked at: with nothing on PATH, its programs are what is missing', () => {
  const home = testHome();
  const path = process.env['PATH'];
  assert.is(examineBuildMachine(join(home, 'not', 'there')).platform, process.platform);
  try {
    process.env['PATH'] = join(home, 'empty');
    const { python, hasPip, compiler, make, npm, diskFree } = examineBuildMachine(home, {});
    assert.equal([python, hasPip, compiler, make, npm], [undefined, false, undefined, undefined, undefined]);
    assert.ok(diskFree > 0);
    write(join(home, 'npm-11.6.2', 'bin', 'npm-cli.js'));
    const fetched = [process.execPath, join(home, 'npm-11.6.2', 'bin', 'npm-cli.js')];
    assert.equal(examineBuildMachine(home, {}).npm, fetched, 'the one that the launcher has fetched');
  } finally {
    process.env['PATH'] = path;
  }
});

test('what is fetched is pinned: the packages by their lock file, the wheel by its name and hash', async () => {
  const packages = join(REPOSITORY, 'infra', 'native-backend', 'packages');
  const read = (path: string) => JSON.parse(readFileSync(path, 'utf8'));
  const { dependencies } = read(join(packages, 'package.json'));
  assert.is(dependencies['@tensorflow/tfjs-node'], TFJS_NODE_VERSION);
  assert.is(read(join(REPOSITORY, 'package.json')).dependencies['@tensorflow/tfjs'], TFJS_NODE_VERSION);
  const lock = read(join(packages, 'package-lock.json')).packages;
  assert.equal(lock[''].dependencies, dependencies);
  for (const [path, { integrity, resolved }] of Object.entries<Record<string, string>>(lock))
    if (path !== '') assert.equal([/^sha512-/.test(integrity!), resolved], [true, undefined], path);
  const asked = pipArguments('/there').join(' ');
  const [, version, python, abi, platform] = /^tensorflow_cpu-(.*?)-cp(\d+)-(cp\d+)-(.*)\.whl$/.exec(WHEEL.file)!;
  for (const part of [`==${version}`, `--abi=${abi}`, `--platform=${platform}`, `=${python!.replace('3', '3.')}`])
    assert.ok(asked.includes(part), part);
  const file = join(testHome(), 'abc');
  write(file, 'abc');
  assert.is(await sha256(file), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad', 'FIPS 180-2');
});

test('what is half done is not found, and each part of it is done once', () => {
  const tools = testHome();
  const folder = nativeBackendFolder(tools);
  const partial = `${folder}.partial`;
  const left = (): number => stepsLeft(partial).length;
  assert.is(left(), 5);
  write(join(partial, 'node_modules', '.package-lock.json'));
  assert.is(left(), 4, 'the packages are there');
  write(join(partial, WHEEL.file));
  assert.is(left(), 3, 'the wheel is there');
  mkdirSync(join(tfjsNodePackage(partial), 'deps.partial'), { recursive: true });
  assert.is(left(), 3, 'half unpacked is not unpacked');
  mkdirSync(join(tfjsNodePackage(partial), 'deps'));
  assert.is(left(), 2);
  write(`${bindingOf(partial)}.partial`);
  assert.is(left(), 2);
  write(bindingOf(partial));
  assert.equal(stepsLeft(partial), STEPS.slice(-1));
  assert.is(findNativeBackend(tools), undefined);
  mkdirSync(folder);
  assert.is(findNativeBackend(tools), folder);
});

test('of the wheel the C library and its headers are taken, and nothing beside their folder', async () => {
  assert.is(placeInDeps('tensorflow/libtensorflow_cc.so.2'), 'lib/libtensorflow_cc.so.2');
  assert.is(placeInDeps('tensorflow/libtensorflow_framework.so.2'), 'lib/libtensorflow_framework.so.2');
  assert.is(placeInDeps('tensorflow/include/tensorflow/c/c_api.h'), 'include/tensorflow/c/c_api.h');
  for (const other of [
    'tensorflow/include/tensorflow/',
    'tensorflow/include/Eigen/Core',
    'tensorflow/python/libtensorflow_cc.so.2',
    'tensorflow/include/tensorflow/../../../../out',
    'tensorflow/__init__.py',
  ])
    assert.is(placeInDeps(other), undefined, other);
  const home = testHome();
  write(join(home, 'tensorflow', 'libtensorflow_cc.so.2'), 'library');
  write(join(home, 'tensorflow', 'include', 'xla', 'a.h'), 'header');
  write(join(home, 'tensorflow', 'other.py'), 'other');
  if (examineBuildMachine(home).python === undefined) return console.log('SKIP: no python3 to make an archive');
  execFileSync('python3', ['-m', 'zipfile', '-c', 'made.whl', 'tensorflow/'], { cwd: home });
  const bytes: number[][] = [];
  await unpackWheel(join(home, 'made.whl'), join(home, 'deps'), { onBytes: (...told) => bytes.push(told) });
  assert.equal(readdirSync(join(home, 'deps'), { recursive: true }).sort(), [
    'include',
    'include/xla',
    'include/xla/a.h',
    'lib',
    'lib/libtensorflow_cc.so.2',
  ]);
  assert.is(readFileSync(join(home, 'deps', 'lib', 'libtensorflow_cc.so.2'), 'utf8'), 'library');
  assert.equal(bytes.at(-1), [13, 13]);
});

test('of what a program that failed wrote, what is of the failure is told', () => {
  const gyp = [
    'gyp info it worked if it ends with ok',
    'a.cc:3:1: error: x was not declared',
    'gyp ERR! build error ',
    'gyp ERR! stack     at ChildProcess.emit',
    'gyp ERR! cwd /there',
    'gyp ERR! not ok',
  ];
  assert.equal(tellingLines(gyp.join('\n')), ['a.cc:3:1: error: x was not declared', 'gyp ERR! build error ']);
  assert.equal(tellingLines('ERROR: No matching distribution found\n\nhint'), [
    'ERROR: No matching distribution found',
  ]);
  assert.equal(tellingLines('one\ntwo\n'), ['one', 'two']);
});

/** A machine whose npm and Python write down that they ran, and then do as they are told. */
function scripted(home: string, python: string): { machine: BuildMachine; ran: () => string } {
  const ran = join(home, 'ran');
  return {
    machine: {
      ...READY,
      npm: [program(home, 'npm', `echo npm >> ${ran}; mkdir node_modules; touch node_modules/.package-lock.json`)],
      python: program(home, 'python3', `echo python >> ${ran}; for last; do :; done; ${python}`),
    },
    ran: () => readIfThere(ran)?.trim().split('\n').join(' ') ?? '',
  };
}

test('what fails says why, and what was done before it is not done again', async () => {
  const home = testHome();
  const tools = join(home, 'tools');
  const { machine, ran } = scripted(home, 'echo "no route to the index" >&2; exit 7');
  const said: string[] = [];
  const install = () => rejection(installNativeBackend(tools, { log: (line) => said.push(line), machine }));
  const error = await install();
  assert.instance(error, SetupError);
  assert.match(
    error.message,
    /^pip could not fetch TensorFlow \(exit 7\).*\n {2}no route to the index\nCheck that pip/,
  );
  assert.equal(said, ['npm packages (300 MB unpacked)', 'TensorFlow (274 MB)']);
  assert.is(findNativeBackend(tools), undefined);
  await install();
  assert.is(ran(), 'npm python python');
});

test('a wheel that is not the one of the hash is refused and removed', async () => {
  const home = testHome();
  const tools = join(home, 'tools');
  const { machine } = scripted(home, `echo other > "download/${WHEEL.file}"`);
  const error = await rejection(installNativeBackend(tools, { log: () => {}, machine }));
  assert.match(error.message, new RegExp(`expected SHA-256 ${WHEEL.sha256}, found [0-9a-f]{64}\\. It was removed`));
  const left = readdirSync(`${nativeBackendFolder(tools)}.partial`).sort();
  assert.equal(left, ['node_modules', 'package-lock.json', 'package.json']);
});

test('an interrupt ends what runs, with what that has started', async () => {
  const home = testHome();
  const { machine } = scripted(home, `sleep 600 >/dev/null 2>&1 & echo $! > ${home}/sleeper; wait`);
  const abort = new AbortController();
  const ended = rejection(installNativeBackend(join(home, 'tools'), { log: () => {}, machine, signal: abort.signal }));
  const sleeper = join(home, 'sleeper');
  const pid = Number(await until('the sleeper', () => /^\d+\n/.exec(readIfThere(sleeper) ?? '')?.[0]));
  assert.ok(existsSync(`/proc/${pid}`));
  abort.abort();
  assert.match((await ended).message, /was ended by SIGTERM\. Start again; it goes on from there/);
  await until('its end', () => !isAlive(pid));
});

/** A zombie that its new parent has not looked at is dead too. */
function isAlive(pid: number): boolean {
  return /^State:\s+[^Z]/m.test(readIfThere(`/proc/${pid}/status`) ?? '');
}

test('one that does not compute is removed, and says what was found', async () => {
  const home = testHome();
  const tools = join(home, 'tools');
  const partial = `${nativeBackendFolder(tools)}.partial`;
  write(join(partial, 'node_modules', '.package-lock.json'));
  mkdirSync(join(tfjsNodePackage(partial), 'deps'), { recursive: true });
  write(bindingOf(partial));
  const error = await rejection(installNativeBackend(tools, { log: () => {}, machine: READY }));
  assert.match(error.message, /does not compute here: .*Cannot find module '@tensorflow\/tfjs-node'/);
  assert.equal([existsSync(partial), findNativeBackend(tools)], [false, undefined]);
});

test('one that computes gets its name, and a second set-up does nothing', async () => {
  const home = testHome();
  const tools = join(home, 'tools');
  const partial = `${nativeBackendFolder(tools)}.partial`;
  write(join(partial, 'node_modules', '.package-lock.json'));
  mkdirSync(join(tfjsNodePackage(partial), 'deps', 'include'), { recursive: true });
  write(bindingOf(partial));
  write(join(partial, WHEEL.file));
  // In place of TensorFlow: what the look at it asks for.
  write(
    join(tfjsNodePackage(partial), 'index.js'),
    `const matrix = { matMul: () => matrix, dataSync: () => [11] };
     module.exports = { setBackend: async () => true, getBackend: () => 'tensorflow', tensor2d: () => matrix };`,
  );
  const options = { log: () => {}, machine: READY };
  const folder = nativeBackendFolder(tools);
  assert.equal(await installNativeBackend(tools, options), { folder, wasThere: false });
  assert.equal(
    [WHEEL.file, 'node_modules/@tensorflow/tfjs-node/deps/include'].filter((path) => existsSync(join(folder, path))),
    [],
    'what only served to build it is gone',
  );
  assert.is(existsSync(partial), false);
  const bare = { ...options, machine: { ...READY, python: undefined } };
  assert.equal(await installNativeBackend(tools, bare), { folder, wasThere: true });
});

test.run();
