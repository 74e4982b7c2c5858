import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { explainFileError } from '../../infra/setup-error.ts';

/** Where exported bytes go. */
export interface Output {
  write(bytes: Uint8Array): Promise<void>;
  /** Puts the file in its place. */
  commit(): Promise<void>;
  /** Leaves nothing behind. */
  abandon(): Promise<void>;
}

/** A file that appears only when it is whole. @throws SetupError where the disk or its permissions do not allow it */
export async function openFileOutput(path: string): Promise<Output> {
  const partial = `${path}.${process.pid}.partial`;
  let handle: FileHandle;
  try {
    handle = await open(partial, 'w');
  } catch (error) {
    throw explainFileError(error, dirname(path));
  }
  return {
    async write(bytes) {
      try {
        await handle.writeFile(bytes);
      } catch (error) {
        throw explainFileError(error, dirname(path));
      }
    },
    async commit() {
      await handle.close();
      await rename(partial, path);
    },
    async abandon() {
      await handle.close().catch(() => {});
      await rm(partial, { force: true });
    },
  };
}

/** A stream, at the pace of whoever reads it. */
export function streamOutput(stream: NodeJS.WritableStream): Output {
  return {
    write: (bytes) =>
      new Promise((resolve, reject) => {
        stream.write(bytes, (error) => (error ? reject(error) : resolve()));
      }),
    commit: async () => {},
    abandon: async () => {},
  };
}
