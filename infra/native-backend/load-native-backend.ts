import { createRequire } from 'node:module';
import { join } from 'node:path';
import util from 'node:util';

/**
 * Loads tfjs-node with TensorFlow's C library into this process.
 * @param folder below which it is installed
 * @returns what the package exports
 * @throws Error where the package is not there, is not compiled, or its library does not load here
 */
export function loadNativeBackend(folder: string): unknown {
  // Node 23 took away what tfjs-node 4.22 calls.
  const taken = util as { isNullOrUndefined?: unknown; isArray?: unknown };
  taken.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined;
  taken.isArray ??= Array.isArray;
  // Its other kernels sum in an order that they choose as they run, took no less time here, and say on stderr that they do.
  process.env['TF_ENABLE_ONEDNN_OPTS'] ??= '0';
  // Else it tells of each processor feature that it was not compiled for.
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2';
  return createRequire(join(folder, 'package.json'))('@tensorflow/tfjs-node');
}
