import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type RunOptions, runProgram } from '../servers/run-program.ts';
import { SetupError } from '../setup-error.ts';
import type { ReadyMachine } from './build-machine.ts';
import { bindingOf, tfjsNodePackage } from './native-backend-folder.ts';
import { LIBRARY_LINKS, pipArguments, sha256, WHEEL } from './tensorflow-wheel.ts';
import { unpackWheel } from './unpack-wheel.ts';

/** How far a step is. */
export interface StepProgress {
  readonly what: string;
  /** From 0 to 1; undefined where it is not known. */
  readonly share: number | undefined;
  readonly done: number;
  readonly unit: string;
  /** Not to be reckoned where they are null. */
  readonly rate?: null;
  readonly secondsLeft?: null;
}

/** What a step is given. */
export interface StepContext {
  /** Where it is put together. */
  readonly folder: string;
  readonly machine: ReadyMachine;
  readonly signal: AbortSignal | undefined;
  readonly onProgress: (progress: StepProgress) => void;
}

/** A part of the installation. One that was interrupted leaves nothing that passes for done, and is done again. */
export interface Step {
  readonly what: string;
  readonly isDone: (folder: string) => boolean;
  readonly perform: (context: StepContext) => Promise<void>;
}

const LOCK_FILES = join(dirname(fileURLToPath(import.meta.url)), 'packages');
const WATCH_MS = 250;
const WORDS_MAX = 6;

const deps = (folder: string): string => join(tfjsNodePackage(folder), 'deps');
const isUnpacked = (folder: string): boolean => existsSync(deps(folder));
const isCompiled = (folder: string): boolean => existsSync(bindingOf(folder));

/** In this order. What a later step has made says that those before it are done. */
export const STEPS: readonly Step[] = [
  {
    what: 'npm packages (300 MB unpacked)',
    // npm writes it last of all.
    isDone: (folder) => existsSync(join(folder, 'node_modules', '.package-lock.json')),
    perform: installPackages,
  },
  {
    what: 'TensorFlow (274 MB)',
    isDone: (folder) => existsSync(join(folder, WHEEL.file)) || isUnpacked(folder),
    perform: fetchWheel,
  },
  { what: 'unpacking the C library', isDone: isUnpacked, perform: unpack },
  { what: 'compiling the binding', isDone: isCompiled, perform: compile },
  { what: 'taking away what is not needed', isDone: () => false, perform: tidy },
];

/** What is still to be done below a folder. */
export function stepsLeft(folder: string): Step[] {
  return STEPS.filter(({ isDone }) => !isDone(folder));
}

async function installPackages({ folder, machine, signal, onProgress }: StepContext): Promise<void> {
  cpSync(LOCK_FILES, folder, { recursive: true });
  const [npm, ...first] = machine.npm as [string, ...string[]];
  const args = [...first, 'ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  await watched(filling('npm packages', join(folder, 'node_modules')), onProgress, () =>
    run(
      npm,
      args,
      { cwd: folder, env: withoutHandedDown(), signal },
      'npm could not install tfjs-node',
      'Check that npm reaches its registry',
    ),
  );
}

async function fetchWheel({ folder, machine, signal, onProgress }: StepContext): Promise<void> {
  const download = join(folder, 'download');
  rmSync(download, { recursive: true, force: true });
  mkdirSync(download);
  // pip writes to its temporary folder first; there its progress can be seen.
  const env = { TMPDIR: download };
  await watched(filling('TensorFlow', download, WHEEL.bytes), onProgress, () =>
    run(
      machine.python,
      pipArguments(download),
      { cwd: folder, env, signal },
      'pip could not fetch TensorFlow',
      'Check that pip reaches its index',
    ),
  );
  const fetched = join(download, WHEEL.file);
  const digest = existsSync(fetched) ? await sha256(fetched) : `another file: ${readdirSync(download).join(', ')}`;
  if (digest === WHEEL.sha256) renameSync(fetched, join(folder, WHEEL.file));
  rmSync(download, { recursive: true, force: true });
  if (digest !== WHEEL.sha256)
    throw new SetupError(
      `The fetched ${WHEEL.file} is not the one Don knows: expected SHA-256 ${WHEEL.sha256}, found ${digest}. It was removed; run don setup native again.`,
    );
}

async function unpack({ folder, signal, onProgress }: StepContext): Promise<void> {
  const partial = `${deps(folder)}.partial`;
  rmSync(partial, { recursive: true, force: true });
  await unpackWheel(join(folder, WHEEL.file), partial, {
    signal,
    onBytes: (done, of) =>
      onProgress({ what: 'unpacking', share: done / of, done: Math.round(done / 1e6), unit: 'MB' }),
  });
  for (const [name, target] of Object.entries(LIBRARY_LINKS)) symlinkSync(target, join(partial, 'lib', name));
  renameSync(partial, deps(folder));
}

async function compile({ folder, machine, signal, onProgress }: StepContext): Promise<void> {
  const cwd = tfjsNodePackage(folder);
  const args = [
    join(folder, 'node_modules', 'node-gyp', 'bin', 'node-gyp.js'),
    'rebuild',
    `--nodedir=${machine.nodeFolder}`,
    `--python=${machine.python}`,
    '--module_name=tfjs_binding',
    '--module_path=./lib/napi-v8',
    '--napi_build_version=8',
  ];
  // What npm hands down goes before node-gyp's own arguments.
  const env = withoutVariables(/^npm_/i);
  await watched(lasting('compiling'), onProgress, () =>
    run(
      process.execPath,
      args,
      { cwd, env, signal },
      'The binding of tfjs-node did not compile',
      'Check the compiler (g++ 9 or newer)',
    ),
  );
  const built = join(cwd, 'build', 'Release', 'tfjs_binding.node');
  const binding = bindingOf(folder);
  mkdirSync(dirname(binding), { recursive: true });
  copyFileSync(built, `${binding}.partial`);
  renameSync(`${binding}.partial`, binding);
}

/** Of what is there only to build it. */
async function tidy({ folder }: StepContext): Promise<void> {
  const own = tfjsNodePackage(folder);
  for (const path of [join(folder, WHEEL.file), join(deps(folder), 'include'), join(own, 'build')])
    rmSync(path, { recursive: true, force: true });
}

/** Does the work, and tells meanwhile how far it is. */
async function watched(
  look: () => StepProgress,
  onProgress: StepContext['onProgress'],
  work: () => Promise<void>,
): Promise<void> {
  const timer = setInterval(() => onProgress(look()), WATCH_MS);
  try {
    await work();
  } finally {
    clearInterval(timer);
  }
}

/** By the bytes in the folder that is filled; how many there will be is not always known. */
function filling(what: string, folder: string, bytes?: number): () => StepProgress {
  return () => {
    // pip has it twice for a moment.
    const done = Math.min(sizeOf(folder), bytes ?? Infinity);
    const share = bytes === undefined ? undefined : done / bytes;
    return { what, share, done: Math.round(done / 1e6), unit: 'MB' };
  };
}

function lasting(what: string): () => StepProgress {
  const startMs = performance.now();
  const seconds = (): number => Math.round((performance.now() - startMs) / 1_000);
  return () => ({ what, share: undefined, done: seconds(), unit: 's', rate: null, secondsLeft: null });
}

/** Bytes of the files below a folder, which others are writing to. */
function sizeOf(folder: string): number {
  if (!existsSync(folder)) return 0;
  let bytes = 0;
  for (const name of readdirSync(folder, { recursive: true }))
    bytes += statSync(join(folder, String(name)), { throwIfNoEntry: false })?.size ?? 0;
  return bytes;
}

async function run(
  command: string,
  args: readonly string[],
  options: RunOptions,
  failure: string,
  advice: string,
): Promise<void> {
  const { status, output } = await runProgram(command, args, options);
  if (status === 0) return;
  const words = tellingLines(output)
    .map((line) => `  ${line}`)
    .join('\n');
  throw new SetupError(
    `${failure} (exit ${status}). Its words:\n${words}\n${advice}, and the disk, and run don setup native again; it goes on from there.`,
  );
}

/** Of what a failed program wrote, what is of the failure; the last lines where nothing is. */
export function tellingLines(output: string): string[] {
  const lines = output.trim().split('\n');
  const isAbout = (line: string): boolean =>
    /\b(error|err!|fatal|no space|denied)\b/i.test(line) &&
    !/^gyp (info|ERR! (System|command|cwd|node|not ok|stack +at))/.test(line);
  const telling = lines.filter(isAbout);
  return (telling.length > 0 ? telling : lines).slice(-WORDS_MAX);
}

/** Of the npm that started us, what would steer this one too; where its registry is stays. */
function withoutHandedDown(): Record<string, undefined> {
  return withoutVariables(
    /^npm_(config_(local_prefix|prefix|workspace.*|json|silent|loglevel|omit|global)|package_.*|lifecycle_.*|command)$/i,
  );
}

function withoutVariables(pattern: RegExp): Record<string, undefined> {
  return Object.fromEntries(
    Object.keys(process.env)
      .filter((name) => pattern.test(name))
      .map((name) => [name, undefined]),
  );
}
