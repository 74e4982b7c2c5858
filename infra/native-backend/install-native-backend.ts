import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withFileLock } from '../file-lock.ts';
import type { Log } from '../servers/private-server.ts';
import { runProgram } from '../servers/run-program.ts';
import { explainFileError, SetupError } from '../setup-error.ts';
import { type BuildMachine, checkBuildMachine, examineBuildMachine } from './build-machine.ts';
import { type StepProgress, stepsLeft } from './installation-steps.ts';
import { findNativeBackend, nativeBackendFolder } from './native-backend-folder.ts';

export interface InstallOptions {
  readonly log: Log;
  readonly onProgress?: (progress: StepProgress) => void;
  readonly signal?: AbortSignal;
  /** This machine, where it is not said. */
  readonly machine?: BuildMachine;
}

export interface Installed {
  readonly folder: string;
  /** It was there before. */
  readonly wasThere: boolean;
}

const CHECK = join(dirname(fileURLToPath(import.meta.url)), 'check-native-backend.ts');

/**
 * Installs tfjs-node with TensorFlow's C library below the tools folder: whole or not at all. What was done before an
 * interruption or a failure stays beside it, and is gone on from.
 * @throws SetupError naming what is missing or has failed, and what to do; another Error where the signal aborts
 */
export async function installNativeBackend(tools: string, options: InstallOptions): Promise<Installed> {
  const found = findNativeBackend(tools);
  if (found !== undefined) return { folder: found, wasThere: true };
  const onWait = (pid: number): void => options.log(`another process (${pid}) is setting it up: waiting for it`);
  try {
    return await withFileLock(join(tools, 'native-backend.lock'), () => install(tools, options), onWait);
  } catch (error) {
    throw explainFileError(error, tools);
  }
}

async function install(
  tools: string,
  { log, onProgress = () => {}, signal, machine }: InstallOptions,
): Promise<Installed> {
  const folder = nativeBackendFolder(tools);
  if (existsSync(folder)) return { folder, wasThere: true };
  const ready = checkBuildMachine(machine ?? examineBuildMachine(tools));
  const partial = `${folder}.partial`;
  mkdirSync(partial, { recursive: true });
  for (const { what, perform } of stepsLeft(partial)) {
    signal?.throwIfAborted();
    log(what);
    await perform({ folder: partial, machine: ready, signal, onProgress });
  }
  log('looking whether it computes');
  const fault = await faultOf(partial, signal);
  if (fault !== undefined) {
    rmSync(partial, { recursive: true, force: true });
    throw new SetupError(
      `TensorFlow's C library was set up, and does not compute here: ${fault}. It was removed; train on wasm. (It takes a processor with AVX.)`,
    );
  }
  renameSync(partial, folder);
  return { folder, wasThere: false };
}

/** Why it does not compute; undefined where it does. */
async function faultOf(folder: string, signal: AbortSignal | undefined): Promise<string | undefined> {
  try {
    const { status, output } = await runProgram(process.execPath, [CHECK, folder], { signal });
    if (status === 0) return undefined;
    return (
      output
        .split('\n')
        .find((line) => /^\w*Error: /.test(line))
        ?.trim() ?? output.trim().slice(-300)
    );
  } catch (error) {
    // An interrupted look says nothing of it.
    if (signal?.aborted) throw error;
    return error instanceof Error ? error.message : String(error);
  }
}
