import { createWriteStream, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import yauzl from 'yauzl';
import { placeInDeps } from './tensorflow-wheel.ts';

export interface UnpackOptions {
  readonly signal?: AbortSignal | undefined;
  /** Bytes written so far, of how many. */
  readonly onBytes?: (done: number, of: number) => void;
}

/** Unpacks the C library and its headers out of TensorFlow's wheel. @throws Error where the archive is damaged */
export async function unpackWheel(
  wheel: string,
  folder: string,
  { signal, onBytes }: UnpackOptions = {},
): Promise<void> {
  const zip = await yauzl.openPromise(wheel, { lazyEntries: true, autoClose: false });
  try {
    const wanted: { readonly entry: yauzl.Entry; readonly place: string }[] = [];
    for await (const entry of zip.eachEntry()) {
      const place = placeInDeps(entry.fileName);
      if (place !== undefined) wanted.push({ entry, place });
    }
    const bytes = wanted.reduce((sum, { entry }) => sum + entry.uncompressedSize, 0);
    let done = 0;
    for (const { entry, place } of wanted) {
      const path = join(folder, place);
      mkdirSync(dirname(path), { recursive: true });
      const source = await zip.openReadStreamPromise(entry);
      source.on('data', (chunk: Buffer) => {
        done += chunk.length;
        onBytes?.(done, bytes);
      });
      await pipeline(source, createWriteStream(path), { signal });
    }
  } finally {
    zip.close();
  }
}
