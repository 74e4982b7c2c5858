#!/usr/bin/env node
// The first thing that runs: plain JavaScript that Node 18 understands. It brings along what Don needs to run
// (Node 24, the npm packages of the lock file), then hands over to the command line, or with `--run FILE` to that file.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { constants } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const NODE_VERSION = '24.21.0';
/** SHA-512 of the npm package that holds Node's binary, by platform: what the registry gives is checked against it. */
const NODE_INTEGRITY = {
  'linux-x64': '3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==',
  'linux-arm64': 'FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==',
};
/**
 * npm by which an older Node's host installs the packages: its own would leave out optional ones that are not for the
 * Node it runs under, such as the native part of the dashboard's bundler.
 */
const NPM_VERSION = '11.6.2';
const NPM_INTEGRITY = '7iKzNfy8lWYs3zq4oFPa8EXZz5xt9gQNKJZau3B1ErLBb6bF7sBJ00x09485DOvRT2l5Gerbl3VlZNT57MxJVA==';
const LOCK_STALE_MS = 10 * 60_000;

const root = dirname(dirname(realpathSync(fileURLToPath(import.meta.url))));
const home = donHome();
const tools = resolve(process.env.DON_TOOLS || join(home, 'tools'));

/** Inside the clone it is the clone's own `.don`; elsewhere the `.don` of the working folder. */
function donHome() {
  if (process.env.DON_HOME) return resolve(process.env.DON_HOME);
  const inClone = !relative(root, process.cwd()).startsWith('..');
  return join(inClone ? root : process.cwd(), '.don');
}

class SetupError extends Error {}

function say(line) {
  process.stderr.write(`don: ${line}\n`);
}

/** The host's npm is run by the host's own Node, because a distribution's npm may work under no other. */
function hostNpm() {
  const script = process.env.npm_execpath;
  return script && /\.[cm]?js$/.test(script) ? [process.execPath, script] : ['npm'];
}

/** Runs npm with these arguments; the first parameter is what npm is run by. */
function npm([command, ...first], args, cwd, output) {
  // Settings that npm hands down from the run that started us would steer this one too.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) =>
        !/^npm_(config_(local_prefix|prefix|workspace.*|json|silent|loglevel)|package_.*|lifecycle_.*|command)$/i.test(
          name,
        ),
    ),
  );
  const done = spawnSync(command, [...first, ...args], { cwd, env, stdio: ['ignore', output, 'inherit'] });
  if (done.error?.code === 'ENOENT') {
    throw new SetupError('npm was not found on PATH. Install npm (Debian: apt-get install npm), then run this again.');
  }
  if (done.signal)
    throw new SetupError(`npm ${args[0]} was interrupted. Run the same command again; it goes on from there.`);
  if (done.status !== 0) {
    throw new SetupError(
      `npm ${args[0]} failed (exit ${done.status}); its own words are above. Check that the npm registry is reachable and the disk is not full, then run this again.`,
    );
  }
}

/** Keeps two launches from installing the same thing at once; a lock whose owner died is taken over. */
async function locked(folder, work) {
  mkdirSync(dirname(folder), { recursive: true });
  for (let waits = 0; ; waits++) {
    try {
      mkdirSync(folder);
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    if (lockIsStale(folder)) rmSync(folder, { recursive: true, force: true });
    else if (waits === 0) say('another launch is installing; waiting for it');
    await new Promise((done) => setTimeout(done, 200));
  }
  try {
    writeFileSync(join(folder, 'pid'), String(process.pid));
    return await work();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function lockIsStale(folder) {
  try {
    const pid = Number(readFileSync(join(folder, 'pid'), 'utf8'));
    process.kill(pid, 0);
    return Date.now() - statSync(folder).mtimeMs > LOCK_STALE_MS;
  } catch (error) {
    if (error.code === 'EPERM') return false;
    if (error.code === 'ESRCH') return true;
    // The pid file is not there yet: its owner died between two lines, unless the lock is brand-new.
    try {
      return Date.now() - statSync(folder).mtimeMs > 2_000;
    } catch {
      return false;
    }
  }
}

/** Node to run under, and npm to install with: the host's where its Node is new enough, else those of npm packages. */
async function toolchain() {
  if (Number(process.versions.node.split('.')[0]) >= 24) return { node: process.execPath, npmProgram: hostNpm() };
  const folder = join(tools, `node-${NODE_VERSION}`);
  const node = join(folder, 'bin', 'node');
  const npmFolder = join(tools, `npm-${NPM_VERSION}`);
  const npmProgram = [node, join(npmFolder, 'bin', 'npm-cli.js')];
  if (existsSync(node) && existsSync(npmFolder)) return { node, npmProgram };
  const platform = `${process.platform}-${process.arch}`;
  const integrity = NODE_INTEGRITY[platform];
  if (!integrity) {
    throw new SetupError(
      `Don runs on Node 24, this is ${process.version}, and Don cannot fetch one for ${platform}. Install Node 24 and run this again.`,
    );
  }
  return locked(join(tools, 'node.lock'), () => {
    if (!existsSync(node)) {
      say(
        `Don runs on Node 24 and this is ${process.version}: fetching Node ${NODE_VERSION} through npm (50 MB, once)`,
      );
      fetchPackage(`node-${platform}`, NODE_VERSION, integrity, folder, checkNode);
    }
    if (!existsSync(npmFolder)) fetchPackage('npm', NPM_VERSION, NPM_INTEGRITY, npmFolder);
    return { node, npmProgram };
  });
}

function checkNode(folder) {
  const version = spawnSync(join(folder, 'bin', 'node'), ['--version'], { encoding: 'utf8' }).stdout?.trim();
  if (version === `v${NODE_VERSION}`) return;
  throw new SetupError(
    `The fetched Node does not run here: expected v${NODE_VERSION}, found ${version || 'no answer'}. Install Node 24 and run this again.`,
  );
}

/** Fetches one npm package into a folder of its own, whole or not at all. */
function fetchPackage(name, version, integrity, folder, check = () => {}) {
  const partial = `${folder}.partial`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true });
  npm(hostNpm(), ['pack', `${name}@${version}`, '--silent', '--ignore-scripts'], partial, 'ignore');
  const archive = join(partial, `${name}-${version}.tgz`);
  const found = createHash('sha512').update(readFileSync(archive)).digest('base64');
  if (found !== integrity) {
    throw new SetupError(
      `The package ${name}@${version} is not the one Don knows: expected sha512 ${integrity}, found ${found}. Nothing was run from it.`,
    );
  }
  const unpacked = spawnSync('tar', ['-xzf', archive, '-C', partial], { stdio: ['ignore', 'ignore', 'inherit'] });
  if (unpacked.status !== 0) {
    throw new SetupError(
      `tar could not unpack ${archive}. Is the disk full, or tar missing? Mend that and run this again.`,
    );
  }
  check(join(partial, 'package'));
  rmSync(folder, { recursive: true, force: true });
  renameSync(join(partial, 'package'), folder);
  rmSync(partial, { recursive: true, force: true });
}

/**
 * Whether node_modules holds what the lock file says. npm writes its own record of what it installed last of all,
 * so that an interrupted install has none. Optional packages may be missing, but not one for this very platform: an npm
 * under an older Node leaves those out.
 */
function packagesInstalled() {
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  let found;
  try {
    found = JSON.parse(readFileSync(join(root, 'node_modules', '.package-lock.json'), 'utf8')).packages;
  } catch {
    return false;
  }
  const matches = ([path, entry]) =>
    found[path] === undefined ? entry.optional === true && !isForHere(entry) : found[path].version === entry.version;
  return Object.entries(wanted).every(([path, entry]) => path === '' || matches([path, entry]));
}

function isForHere({ os, cpu, libc }) {
  if (!os?.includes(process.platform) || !cpu?.includes(process.arch)) return false;
  return !libc || libc.includes(process.report.getReport().header.glibcVersionRuntime ? 'glibc' : 'musl');
}

async function installPackages(npmProgram) {
  if (packagesInstalled()) return;
  await locked(join(root, '.don', 'npm.lock'), () => {
    if (packagesInstalled()) return;
    say('installing the npm packages of the lock file');
    const startedMs = Date.now();
    npm(npmProgram, ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], root, 'ignore');
    say(`npm packages installed in ${((Date.now() - startedMs) / 1000).toFixed(0)} s`);
  });
}

/** Runs the file as our child, passes on signals, and ends as it ends. The channel tells the child if we are killed. */
function handOver(node, file, args) {
  const env = { ...process.env, DON_HOME: home, DON_TOOLS: tools, PATH: `${dirname(node)}:${process.env.PATH ?? ''}` };
  const child = spawn(node, ['--disable-warning=ExperimentalWarning', file, ...args], {
    env,
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    say(`${node} could not be started: ${error.message}`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => process.exit(signal ? 128 + (constants.signals[signal] ?? 0) : (code ?? 1)));
}

try {
  const [first, second, ...rest] = process.argv.slice(2);
  const [file, args] = first === '--run' ? [second, rest] : ['services/cli/main.ts', process.argv.slice(2)];
  if (file === undefined) throw new SetupError('--run needs the file to run, for example: --run test/run.ts');
  const { node, npmProgram } = await toolchain();
  await installPackages(npmProgram);
  handOver(node, join(root, file), args);
} catch (error) {
  if (!(error instanceof SetupError) && !['ENOSPC', 'EACCES', 'EROFS', 'EPERM'].includes(error.code)) throw error;
  const advice = {
    ENOSPC: 'The disk is full: free some space',
    EACCES: 'Permission is missing',
    EROFS: 'The disk is read-only',
    EPERM: 'Permission is missing',
  }[error.code];
  say(
    advice
      ? `${advice} (${error.message}). Mend that, or set DON_HOME to a folder that can be written, and run this again.`
      : error.message,
  );
  process.exit(1);
}
