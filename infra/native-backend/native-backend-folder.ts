import { existsSync } from 'node:fs';
import { join } from 'node:path';

export const TFJS_NODE_VERSION = '4.22.0';
/** The newest whose C library the binding of that tfjs-node was seen to work with. */
export const TENSORFLOW_VERSION = '2.21.0';

/** Where TensorFlow's C library lies with tfjs-node: outside any clone, so that installing packages leaves it alone. */
export function nativeBackendFolder(tools: string): string {
  return join(tools, 'native-backend', `tfjs-node-${TFJS_NODE_VERSION}-tensorflow-${TENSORFLOW_VERSION}`);
}

/** The installed one; undefined where there is none. It gets this name when it is whole and has been seen to compute. */
export function findNativeBackend(tools: string): string | undefined {
  const folder = nativeBackendFolder(tools);
  return existsSync(folder) ? folder : undefined;
}

/** The package tfjs-node below such a folder, or below one that becomes it. */
export function tfjsNodePackage(folder: string): string {
  return join(folder, 'node_modules', '@tensorflow', 'tfjs-node');
}

/** Its compiled binding. */
export function bindingOf(folder: string): string {
  return join(tfjsNodePackage(folder), 'lib', 'napi-v8', 'tfjs_binding.node');
}
