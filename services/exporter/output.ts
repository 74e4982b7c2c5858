import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { SetupError } from '../../infra/setup-error.ts';

/** Where exported bytes go. */
export interface Output {
  write(bytes: Uint8Array): Promise<void>;
  /** Puts the file in its place. */
  commit(): Promise<void>;
  /** Leaves nothing behind. */
  abandon(): Promise<void>;
}

const ADVICE: Readonly<Record<string, string>> = {
  ENOENT: 'its folder does not exist: make it first',
  ENOTDIR: 'its folder is a file: name another',
  EISDIR: 'it is a folder: name a file in it',
  EACCES: 'permission is missing: name a file that this user may write',
  EROFS: 'the disk is read-only: name a file elsewhere',
  ENOSPC: 'the disk is full: free some space or name a file elsewhere',
};

/** A file that appears only when it is whole. @throws SetupError naming it, where it cannot be written */
export async function openFileOutput(path: string): Promise<Output> {
  const partial = `${path}.${process.pid}.partial`;
  const attempt = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    try {
      return await work();
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : '';
      const reason = ADVICE[code] ?? (error instanceof Error ? error.message : String(error));
      throw new SetupError(`--out: ${path} cannot be written, ${reason}`, { cause: error });
    }
  };
  const handle: FileHandle = await attempt(() => open(partial, 'w'));
  return {
    write: (bytes) => attempt(() => handle.writeFile(bytes)),
    async commit() {
      await handle.close();
      await attempt(() => rename(partial, path));
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
