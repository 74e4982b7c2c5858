import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { deserialize, serialize } from 'node:v8';
import { threadId } from 'node:worker_threads';
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { BarTape } from './bar-tape.ts';

/** What a file of candles begins with. */
const MAGIC = Buffer.from('don bars 1\n');
const COMPRESSION = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

/** Writes candles as a file, which takes its name when it is complete. */
export async function writeBarTapeFile(path: string, bars: BarTape): Promise<void> {
  const unfinished = `${path}.${process.pid}-${threadId}.part`;
  try {
    await writeFile(unfinished, Buffer.concat([MAGIC, zstdCompressSync(serialize(bars), COMPRESSION)]), {
      flush: true,
    });
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}

/** All candles of a file. @throws where the file holds none, or is cut */
export async function readBarTapeFile(path: string): Promise<BarTape> {
  const bytes = await readFile(path);
  if (!bytes.subarray(0, MAGIC.length).equals(MAGIC))
    throw new Error(
      `${path}: expected candles of this version, found ${JSON.stringify(bytes.toString('latin1', 0, MAGIC.length))}`,
    );
  try {
    return deserialize(zstdDecompressSync(bytes.subarray(MAGIC.length))) as BarTape;
  } catch (error) {
    throw new Error(`${path}: expected complete candles, found ${bytes.length} bytes that do not hold them`, {
      cause: error,
    });
  }
}
