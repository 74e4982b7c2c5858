import { existsSync, lstatSync, mkdirSync, readdirSync, readlinkSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { withFileLock } from '../file-lock.ts';
import { SetupError } from '../setup-error.ts';
import { findOnPath, foldersIn } from './find-program.ts';
import type { Log } from './private-server.ts';
import { runProgram } from './run-program.ts';

/** Whether this machine can fetch and unpack Debian packages. */
export function hasDebianPackages(): boolean {
  return findOnPath('apt-get') !== undefined && findOnPath('dpkg') !== undefined;
}

/**
 * Downloads a Debian package with what it needs beyond what is installed, and unpacks it into a folder of its own
 * below the tools folder. Nothing is installed, no script of a package runs, and it needs no rights.
 * @returns the folder that stands for `/`.
 */
export async function unpackDebianPackage(tools: string, name: string, log: Log): Promise<string> {
  const folder = join(tools, 'debian', name);
  if (existsSync(folder)) return folder;
  return withFileLock(join(tools, 'debian', 'lock'), async () => {
    if (existsSync(folder)) return folder;
    const archives = await download(join(tools, 'debian'), name, log);
    const partial = `${folder}.partial`;
    rmSync(partial, { recursive: true, force: true });
    mkdirSync(partial, { recursive: true });
    for (const archive of archives) await unpack(archive, partial);
    relink(partial, partial);
    renameSync(partial, folder);
    for (const archive of archives) rmSync(archive, { force: true });
    return folder;
  });
}

/** What a program unpacked there needs to find its libraries. */
export function unpackedEnv(root: string): Record<string, string> {
  const folders = ['usr/lib', 'lib'].flatMap((parent) =>
    foldersIn(join(root, parent))
      .filter((name) => name.includes('-linux-gnu'))
      .map((name) => join(root, parent, name)),
  );
  const inherited = process.env['LD_LIBRARY_PATH'];
  return { LD_LIBRARY_PATH: [...folders, ...(inherited ? [inherited] : [])].join(':') };
}

async function download(folder: string, name: string, log: Log): Promise<string[]> {
  const archives = join(folder, 'archives', name);
  mkdirSync(join(archives, 'partial'), { recursive: true });
  log(`Debian: fetching the package ${name} (unpacked privately, nothing is installed)`);
  const options = [
    `Dir::Cache::archives=${archives}/`,
    'Debug::NoLocking=true',
    'Acquire::Retries=2',
    'APT::Sandbox::User=root',
  ];
  const lists = join(folder, 'lists');
  const withOwnLists = [
    ...options,
    `Dir::State::lists=${lists}/`,
    `Dir::Cache::pkgcache=${folder}/pkgcache.bin`,
    `Dir::Cache::srcpkgcache=${folder}/srcpkgcache.bin`,
    'Acquire::Languages=none',
  ];
  const fetch = (settings: readonly string[]) =>
    aptGet(['install', '--download-only', '--yes', '--no-install-recommends', name], settings);
  const first = await fetch(existsSync(lists) ? withOwnLists : options);
  if (first.status === 0) return archivesIn(archives);
  // The machine's lists of packages are empty or too old: fetch lists of our own beside them.
  log('Debian: fetching the lists of packages');
  mkdirSync(join(lists, 'partial'), { recursive: true });
  // One unreachable source among several makes the update fail as a whole; whether it was enough is seen below.
  await aptGet(['update'], withOwnLists);
  const second = await fetch(withOwnLists);
  if (second.status === 0) return archivesIn(archives);
  throw new SetupError(
    `The Debian package ${name} could not be fetched: ${lastErrorLines(second.output)}. Check the network and the disk, or install it yourself (apt-get install ${name}), and start again.`,
  );
}

function aptGet(args: readonly string[], options: readonly string[]): Promise<{ status: number; output: string }> {
  const env = { LC_ALL: 'C', DEBIAN_FRONTEND: 'noninteractive' };
  return runProgram('apt-get', [...options.flatMap((option) => ['-o', option]), ...args], { env });
}

function lastErrorLines(output: string): string {
  const lines = output.split('\n').filter((line) => line.startsWith('E:'));
  return (lines.length > 0 ? lines.slice(-3) : output.trim().split('\n').slice(-3)).join(' · ');
}

function archivesIn(folder: string): string[] {
  // The C library must be the one of the machine's own loader.
  return readdirSync(folder)
    .filter((file) => file.endsWith('.deb') && !/^libc6_|^libc-bin_/.test(file))
    .map((file) => join(folder, file));
}

async function unpack(archive: string, root: string): Promise<void> {
  const { status, output } = await runProgram('dpkg', ['-x', archive, root]);
  if (status === 0) return;
  throw new SetupError(
    `${archive} could not be unpacked: ${output.trim()}. Free some disk space if it is full, and start again.`,
  );
}

/** Packages hold links to absolute places; these now lie below the root. */
function relink(folder: string, root: string): void {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    const stat = lstatSync(path);
    if (stat.isDirectory()) relink(path, root);
    if (!stat.isSymbolicLink()) continue;
    const target = readlinkSync(path);
    if (!target.startsWith('/') || !lstatSync(join(root, target), { throwIfNoEntry: false })) continue;
    rmSync(path);
    symlinkSync(join(root, target).replace(/\.partial(?=\/)/, ''), path);
  }
}
