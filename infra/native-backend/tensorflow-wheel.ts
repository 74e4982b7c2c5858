import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { TENSORFLOW_VERSION } from './native-backend-folder.ts';

/** The Python package that holds TensorFlow's C library and its headers. No Python of it is used. */
export const WHEEL = {
  file: `tensorflow_cpu-${TENSORFLOW_VERSION}-cp312-cp312-manylinux_2_27_x86_64.whl`,
  bytes: 274_000_871,
  sha256: 'dcc8afd32930e42d5296b6ee19078b773706830af4ea97fbe503b9f5e0f820cb',
} as const;

/** What pip is asked for: that very file, whatever Python it runs under. */
export function pipArguments(destination: string): string[] {
  return [
    '-m',
    'pip',
    'download',
    '--no-deps',
    '--only-binary=:all:',
    '--implementation=cp',
    '--python-version=3.12',
    '--abi=cp312',
    '--platform=manylinux_2_27_x86_64',
    '--disable-pip-version-check',
    '--no-input',
    '--quiet',
    `--dest=${destination}`,
    `tensorflow-cpu==${TENSORFLOW_VERSION}`,
  ];
}

/** Where a file of the wheel goes below tfjs-node's `deps`; undefined for what is not needed. */
export function placeInDeps(entry: string): string | undefined {
  const library = /^tensorflow\/(libtensorflow_(?:cc|framework)\.so\.2)$/.exec(entry)?.[1];
  if (library !== undefined) return `lib/${library}`;
  const header = /^tensorflow\/include\/((?:tensorflow|tsl|xla)\/.+[^/])$/.exec(entry)?.[1];
  return header === undefined || header.split('/').includes('..') ? undefined : `include/${header}`;
}

/** The names by which the binding is linked, and what they stand for. */
export const LIBRARY_LINKS: Readonly<Record<string, string>> = {
  'libtensorflow.so': 'libtensorflow_cc.so.2',
  'libtensorflow_framework.so': 'libtensorflow_framework.so.2',
};

export async function sha256(path: string): Promise<string> {
  const digest = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), digest);
  return digest.digest('hex');
}
