import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { type CaptureLine, parseLine } from './capture-line.ts';

/** A line with the file it is from; `line` is undefined for one without a receive time. */
export interface SourcedLine {
  readonly file: string;
  readonly line: CaptureLine | undefined;
}

/**
 * The lines of a recording (plain, .gz or .zst) in order.
 *
 * @throws Error naming the file when it cannot be read or unpacked.
 */
export async function* readCapture(file: string): AsyncGenerator<SourcedLine> {
  const source = createReadStream(file);
  const failure = new Promise<never>((_resolve, reject) => {
    source.on('error', reject);
  });
  failure.catch(() => {});
  const input = unpacked(file, source);
  try {
    for await (const text of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      if (text !== '') yield { file, line: parseLine(text) };
    }
  } catch (error) {
    throw new Error(`capture: ${file} cannot be read: ${(error as Error).message}`);
  } finally {
    source.destroy();
  }
}

function unpacked(file: string, source: Readable): Readable {
  if (!file.endsWith('.gz') && !file.endsWith('.zst')) return source;
  const unpack = file.endsWith('.gz') ? createGunzip() : createZstdDecompress();
  source.on('error', (error) => unpack.destroy(error));
  return source.pipe(unpack);
}

/** Several recordings as one, by receive time; within a file the order stays, whatever its times say. */
export async function* mergeCaptures(files: readonly string[]): AsyncGenerator<SourcedLine> {
  const readers = files.map(readCapture);
  try {
    const heads = await Promise.all(readers.map((reader) => reader.next()));
    for (;;) {
      let first = -1;
      let firstUs = Number.POSITIVE_INFINITY;
      heads.forEach((head, index) => {
        if (head.done) return;
        const receiveTimeUs = head.value.line?.receiveTimeUs ?? 0;
        if (receiveTimeUs < firstUs) {
          first = index;
          firstUs = receiveTimeUs;
        }
      });
      if (first < 0) return;
      yield heads[first]?.value as SourcedLine;
      heads[first] = await (readers[first] as AsyncGenerator<SourcedLine>).next();
    }
  } finally {
    for (const reader of readers) await reader.return(undefined);
  }
}
