import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { withFileLock } from '../../infra/file-lock.ts';
import { REPOSITORY } from '../../infra/home.ts';
import { TEST_HOME } from './servers.ts';

/** The native part of tulind 0.8.20, as far as it is of use here. */
interface Addon {
  readonly indicators: Readonly<Record<string, { readonly index: number }>>;
  callbyindex(
    index: number,
    inputs: readonly (readonly number[])[],
    options: readonly number[],
    done: (error: Error | null, outputs: number[][]) => void,
  ): void;
  startbyindex(index: number, options: readonly number[]): number;
}

/** The reference for indicators, in batch. */
export interface Tulind {
  /** @returns the outputs, and the input that their first values belong to */
  run(
    name: string,
    inputs: readonly (readonly number[])[],
    options: readonly number[],
  ): { readonly start: number; readonly outputs: readonly (readonly number[])[] };
}

const PACKAGE = join(REPOSITORY, 'node_modules', 'tulind');

/**
 * tulind, compiled once for this Node (6 s); undefined, and why is said, where that takes what is not here: a compiler,
 * Python, make, or Node's headers. Packages are installed without their scripts, so that npm does not do it.
 */
export async function loadTulind(): Promise<Tulind | undefined> {
  const folder = join(TEST_HOME, 'tulind', process.versions.modules);
  const built = join(folder, 'tulind.node');
  mkdirSync(folder, { recursive: true });
  const lacking = await withFileLock(join(folder, 'build.lock'), async () =>
    existsSync(built) ? undefined : compile(built),
  );
  if (lacking !== undefined) {
    console.log(`SKIP: tulind cannot be compiled here: ${lacking}`);
    return undefined;
  }
  const addon: Addon = createRequire(import.meta.url)(built);
  return {
    run(name, inputs, options) {
      const index = addon.indicators[name]?.index;
      if (index === undefined) throw new TypeError(`tulind: expected the name of an indicator, found ${name}`);
      let found: number[][] = [];
      addon.callbyindex(index, inputs, options, (error, outputs) => {
        if (error !== null) throw error;
        found = outputs;
      });
      return { start: addon.startbyindex(index, options), outputs: found };
    },
  };
}

/** @returns what is lacking */
function compile(built: string): string | undefined {
  const nodeFolder = dirname(dirname(process.execPath));
  if (!existsSync(join(nodeFolder, 'include', 'node', 'node.h'))) return `no headers beside ${process.execPath}`;
  for (const [program, package_] of Object.entries({ python3: 'python3', make: 'make', 'c++': 'g++' }))
    if (spawnSync(program, ['--version']).status !== 0) return `no ${program} (Debian: apt-get install ${package_})`;
  const gyp = createRequire(import.meta.url).resolve('node-gyp/bin/node-gyp.js');
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [gyp, 'rebuild', `--nodedir=${nodeFolder}`, '--module_name=tulind', '--module_path=./product'],
    { cwd: PACKAGE, env: withoutNpm(), encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`tulind: node-gyp ended with ${status}: ${(stdout + stderr).slice(-2_000)}`);
  copyFileSync(join(PACKAGE, 'build', 'Release', 'tulind.node'), built);
  return undefined;
}

/** What npm hands down goes before node-gyp's own arguments. */
function withoutNpm(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name)));
}
