import { spawnSync } from 'node:child_process';
import { existsSync, statfsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { findOnPath, foldersIn } from '../servers/find-program.ts';
import { SetupError } from '../setup-error.ts';

/** What the installation needs of a machine, as it was found. */
export interface BuildMachine {
  readonly platform: string;
  readonly arch: string;
  /** The C library is glibc. */
  readonly hasGlibc: boolean;
  /** Where it will lie. */
  readonly tools: string;
  /** Paths; undefined where there is none. */
  readonly python: string | undefined;
  readonly hasPip: boolean;
  readonly compiler: string | undefined;
  readonly make: string | undefined;
  /** Folder of this Node, below which `include/node` has its headers. */
  readonly nodeFolder: string;
  readonly hasHeaders: boolean;
  /** How npm is run: a program and its first arguments. */
  readonly npm: readonly string[] | undefined;
  /** Bytes. */
  readonly diskFree: number;
}

/** A machine that has all of it. */
export interface ReadyMachine extends BuildMachine {
  readonly python: string;
  readonly npm: readonly string[];
}

/** The packages, the wheel, what is unpacked of it, and the compiler's files, all at once. */
const DISK_MIN = 2.2e9;

/** Looks; starts nothing but `pip --version`. */
export function examineBuildMachine(tools: string, env: NodeJS.ProcessEnv = process.env): BuildMachine {
  const python = findOnPath('python3');
  const nodeFolder = dirname(dirname(process.execPath));
  const report = process.report.getReport() as { header: { glibcVersionRuntime?: string } };
  let folder = tools;
  while (!existsSync(folder)) folder = dirname(folder);
  const { bavail, bsize } = statfsSync(folder);
  return {
    platform: process.platform,
    arch: process.arch,
    hasGlibc: report.header.glibcVersionRuntime !== undefined,
    tools,
    python,
    hasPip: python !== undefined && spawnSync(python, ['-m', 'pip', '--version'], { stdio: 'ignore' }).status === 0,
    compiler: findOnPath('c++') ?? findOnPath('g++'),
    make: findOnPath('make'),
    nodeFolder,
    hasHeaders: existsSync(join(nodeFolder, 'include', 'node', 'node_api.h')),
    npm: npmOf(tools, env),
    diskFree: bavail * bsize,
  };
}

/** That which the launcher has fetched, else that which runs us, else that on PATH. */
function npmOf(tools: string, env: NodeJS.ProcessEnv): readonly string[] | undefined {
  const own = foldersIn(tools)
    .filter((name) => /^npm-[\d.]+$/.test(name))
    .map((name) => join(tools, name, 'bin', 'npm-cli.js'))
    .find((script) => existsSync(script));
  const handedDown = env['npm_execpath'];
  const script = own ?? (handedDown && /npm-cli\.[cm]?js$/.test(handedDown) ? handedDown : undefined);
  if (script !== undefined) return [process.execPath, script];
  const onPath = findOnPath('npm');
  return onPath === undefined ? undefined : [onPath];
}

/** Everything that is missing, each with what to do; none where all is there. */
export function lacking(machine: BuildMachine): string[] {
  const { platform, arch, hasGlibc, tools, python, hasPip, compiler, make, nodeFolder, hasHeaders, npm, diskFree } =
    machine;
  // Nothing else matters there.
  if (platform !== 'linux' || arch !== 'x64' || !hasGlibc)
    return [
      `a Linux on x64 with glibc, found ${platform} on ${arch}${platform === 'linux' && !hasGlibc ? ' without glibc' : ''}: train on wasm there`,
    ];
  return [
    ...(python === undefined ? ['python3 on PATH (Debian: apt-get install python3 python3-pip)'] : []),
    ...(python !== undefined && !hasPip
      ? [`pip for ${python} (Debian: apt-get install python3-pip; elsewhere: python3 -m ensurepip)`]
      : []),
    ...(compiler === undefined ? ['a C++ compiler, c++ or g++, on PATH (Debian: apt-get install g++)'] : []),
    ...(make === undefined ? ['make on PATH (Debian: apt-get install make)'] : []),
    ...(npm === undefined ? ['npm on PATH (Debian: apt-get install npm)'] : []),
    ...(hasHeaders
      ? []
      : [
          `Node's headers in ${join(nodeFolder, 'include', 'node')}: they are in Node's own archives and in the npm package node; Debian has them as libnode-dev`,
        ]),
    ...(/\s/.test(tools)
      ? [
          `a path without spaces, which make would take apart, found ${JSON.stringify(tools)}: set DON_TOOLS to another folder`,
        ]
      : []),
    ...(diskFree < DISK_MIN
      ? [
          `${DISK_MIN / 1e9} GB of disk, found ${(diskFree / 1e9).toFixed(1)}: free some, or set DON_TOOLS to another disk`,
        ]
      : []),
  ];
}

/** @throws SetupError that names everything that is missing, and what to do */
export function checkBuildMachine(machine: BuildMachine): ReadyMachine {
  const missing = lacking(machine);
  const { python, npm } = machine;
  if (missing.length === 0 && python !== undefined && npm !== undefined) return { ...machine, python, npm };
  throw new SetupError(
    `The native backend cannot be set up yet. Missing:\n${missing.map((line) => `  - ${line}`).join('\n')}\nMend that and run don setup native again. Nothing was changed; training works on wasm meanwhile.`,
  );
}
