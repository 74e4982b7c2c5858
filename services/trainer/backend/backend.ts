import type * as tfjs from '@tensorflow/tfjs';
import { donHome, REPOSITORY, toolsFolder } from '../../../infra/home.ts';
import { loadNativeBackend } from '../../../infra/native-backend/load-native-backend.ts';
import { findNativeBackend } from '../../../infra/native-backend/native-backend-folder.ts';
import { BadInput, SetupError } from '../../../infra/setup-error.ts';
import { useExplicitTransposes } from './mat-mul-gradient.ts';

export type TensorFlow = typeof tfjs;

/** TensorFlow.js on what it computes with here. */
export interface Backend {
  /** `native`: TensorFlow's C library through tfjs-node; `wasm`: WebAssembly with SIMD, on one thread. */
  readonly name: 'native' | 'wasm';
  readonly tf: TensorFlow;
  /** Why the native one is not used; null where it is. */
  readonly nativeFault: string | null;
  /** The most that it can hold at once, bytes. */
  readonly heapMax: number;
  /** How many tensors are held now: what it rises by over some work, the work has leaked. */
  readonly tensors: () => number;
}

/** Its addresses have 32 bits. */
const WASM_HEAP_MAX = 2 ** 32;

const CHOICES = ['wasm', 'native', 'auto'] as const;

/**
 * What `DON_BACKEND` says; wasm where it says nothing: a run is the same on one backend only, and wasm is always there.
 * `auto` is native where it is installed, else wasm.
 * @throws BadInput
 */
export function backendChoice(env: NodeJS.ProcessEnv = process.env): (typeof CHOICES)[number] {
  const said = env['DON_BACKEND'] || 'wasm';
  const choice = CHOICES.find((known) => known === said);
  if (choice === undefined)
    throw new BadInput(`DON_BACKEND: expected ${CHOICES.join(', ')}, found ${JSON.stringify(said)}.`);
  return choice;
}

/**
 * Opens a backend: the one that is wanted, else that of `DON_BACKEND`. The native one is that of `don setup native`, or
 * a tfjs-node among the clone's packages that was compiled.
 * @throws SetupError where the native one is wanted and is not there
 * @throws BadInput where `DON_BACKEND` is wrong
 */
export async function openBackend(wanted?: 'native' | 'wasm'): Promise<Backend> {
  const choice = wanted ?? backendChoice();
  const native = choice === 'wasm' ? { fault: 'wasm is wanted' } : await openNative();
  if (native.tf !== undefined) {
    const { tf } = native;
    return { name: 'native', tf, nativeFault: null, heapMax: Infinity, tensors: counter(tf) };
  }
  if (choice === 'native')
    throw new SetupError(
      `backend: expected tfjs-node with its C library, found: ${native.fault}. Install it by don setup native, or train on wasm.`,
    );
  const tf = await import('@tensorflow/tfjs');
  await import('@tensorflow/tfjs-backend-wasm');
  if (!(await tf.setBackend('wasm'))) throw new Error('backend: expected wasm, found that it does not start');
  useExplicitTransposes(tf);
  return { name: 'wasm', tf, nativeFault: native.fault, heapMax: WASM_HEAP_MAX, tensors: counter(tf) };
}

async function openNative(): Promise<{ tf: TensorFlow; fault?: undefined } | { tf?: undefined; fault: string }> {
  try {
    const tf = loadNativeBackend(findNativeBackend(toolsFolder(donHome())) ?? REPOSITORY) as TensorFlow;
    await tf.setBackend('tensorflow');
    return { tf };
  } catch (error) {
    return {
      fault: (error instanceof Error ? error.message : String(error)).split('\n')[0]!.trim().replace(/\.+$/, ''),
    };
  }
}

function counter(tf: TensorFlow): () => number {
  return () => tf.memory().numTensors;
}
