import util from 'node:util';
import type * as tfjs from '@tensorflow/tfjs';
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

/** Of a package that need not be there: the compiler does not look for it. */
const NATIVE: string = '@tensorflow/tfjs-node';

/** Its addresses have 32 bits. */
const WASM_HEAP_MAX = 2 ** 32;

/**
 * Opens the native backend where tfjs-node and its C library are there, and else the wasm one. A process has one of them:
 * the first call decides, unless it names one.
 * @param wanted which one, whatever else there is
 * @throws Error where the native one is wanted and is not there
 */
export async function openBackend(wanted?: 'native' | 'wasm'): Promise<Backend> {
  const native = wanted === 'wasm' ? { fault: 'wasm is wanted' } : await openNative();
  if (native.tf !== undefined) {
    const { tf } = native;
    return { name: 'native', tf, nativeFault: null, heapMax: Infinity, tensors: counter(tf) };
  }
  if (wanted === 'native') throw new Error(`backend: expected tfjs-node with its C library, found: ${native.fault}`);
  const tf = await import('@tensorflow/tfjs');
  await import('@tensorflow/tfjs-backend-wasm');
  if (!(await tf.setBackend('wasm'))) throw new Error('backend: expected wasm, found that it does not start');
  useExplicitTransposes(tf);
  return { name: 'wasm', tf, nativeFault: native.fault, heapMax: WASM_HEAP_MAX, tensors: counter(tf) };
}

async function openNative(): Promise<{ tf: TensorFlow; fault?: undefined } | { tf?: undefined; fault: string }> {
  // Node 23 took away what tfjs-node 4.22 calls.
  const taken = util as { isNullOrUndefined?: unknown; isArray?: unknown };
  taken.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined;
  taken.isArray ??= Array.isArray;
  try {
    const tf = (await import(NATIVE)) as TensorFlow;
    await tf.setBackend('tensorflow');
    return { tf };
  } catch (error) {
    return { fault: (error instanceof Error ? error.message : String(error)).split('\n')[0]!.trim() };
  }
}

function counter(tf: TensorFlow): () => number {
  return () => tf.memory().numTensors;
}
