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

/** npm is run by the host's own Node, because a distribution's npm may work under no other. */
function npm(args, cwd, output) {
  const script = process.env.npm_execpath;
  const [command, first] = script && /\.[cm]?js$/.test(script) ? [process.execPath, [script]] : ['npm', []];
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

/** The Node to run under: this one when it is new enough, else Node 24 out of its npm package. */
async function nodeBinary() {
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  const folder = join(tools, `node-${NODE_VERSION}`);
  const binary = join(folder, 'bin', 'node');
  if (existsSync(binary)) return binary;
  const platform = `${process.platform}-${process.arch}`;
  const integrity = NODE_INTEGRITY[platform];
  if (!integrity) {
    throw new SetupError(
      `Don runs on Node 24, this is ${process.version}, and Don cannot fetch one for ${platform}. Install Node 24 and run this again.`,
    );
  }
  return locked(join(tools, 'node.lock'), () => {
    if (!existsSync(binary)) fetchNode(platform, integrity, folder);
    return binary;
  });
}

function fetchNode(platform, integrity, folder) {
  say(`Don runs on Node 24 and this is ${process.version}: fetching Node ${NODE_VERSION} through npm (50 MB, once)`);
  const partial = `${folder}.partial`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true });
  npm(['pack', `node-${platform}@${NODE_VERSION}`, '--silent', '--ignore-scripts'], partial, 'ignore');
  const archive = join(partial, `node-${platform}-${NODE_VERSION}.tgz`);
  const found = createHash('sha512').update(readFileSync(archive)).digest('base64');
  if (found !== integrity) {
    throw new SetupError(
      `The package node-${platform}@${NODE_VERSION} is not the one Don knows: expected sha512 ${integrity}, found ${found}. Nothing was run from it.`,
    );
  }
  const unpacked = spawnSync('tar', ['-xzf', archive, '-C', partial], { stdio: ['ignore', 'ignore', 'inherit'] });
  if (unpacked.status !== 0) {
    throw new SetupError(
      `tar could not unpack ${archive}. Is the disk full, or tar missing? Mend that and run this again.`,
    );
  }
  const version = spawnSync(join(partial, 'package', 'bin', 'node'), ['--version'], {
    encoding: 'utf8',
  }).stdout?.trim();
  if (version !== `v${NODE_VERSION}`) {
    throw new SetupError(
      `The fetched Node does not run here: expected v${NODE_VERSION}, found ${version || 'no answer'}. Install Node 24 and run this again.`,
    );
  }
  rmSync(folder, { recursive: true, force: true });
  renameSync(join(partial, 'package'), folder);
  rmSync(partial, { recursive: true, force: true });
}

/**
 * Whether node_modules holds what the lock file says. npm writes its own record of what it installed last of all,
 * so that an interrupted install has none.
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
    found[path] === undefined ? entry.optional === true : found[path].version === entry.version;
  return Object.entries(wanted).every(([path, entry]) => path === '' || matches([path, entry]));
}

async function installPackages() {
  if (packagesInstalled()) return;
  await locked(join(root, '.don', 'npm.lock'), () => {
    if (packagesInstalled()) return;
    say('installing the npm packages of the lock file');
    const startedMs = Date.now();
    npm(['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], root, 'ignore');
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
  const node = await nodeBinary();
  await installPackages();
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
