import { createReadStream } from 'node:fs';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { deserialize, serialize } from 'node:v8';
import { threadId } from 'node:worker_threads';
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { Tape } from './tape.ts';

/** What a tape file begins with. */
const MAGIC = 'don tape 1\n';
/** Reading is to cost less than the passes do: the quickest level. */
const COMPRESSION = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };
const LENGTH_BYTES = 4;
/** Above it a length is none: a part holds a million rows. */
const PART_BYTES_MAX = 1 << 30;

/** What is in a tape file, told at its end. */
export interface TapeFileTotals {
  readonly parts: number;
  readonly events: number;
  readonly rows: number;
}

/** A tape file that is being written; it takes its name when it is complete. */
export interface TapeWriter {
  write(tape: Tape): Promise<void>;
  /** Completes the file. */
  close(): Promise<TapeFileTotals>;
  /** Gives it up: nothing of it stays. */
  abandon(): Promise<void>;
}

/** @param path of the file once it is complete */
export async function writeTapeFile(path: string): Promise<TapeWriter> {
  const unfinished = `${path}.${process.pid}-${threadId}.part`;
  const file = await open(unfinished, 'w');
  await file.write(MAGIC);
  const totals = { parts: 0, events: 0, rows: 0 };
  return {
    async write(tape) {
      await writePart(file, tape);
      totals.parts++;
      totals.events += tape.events;
      totals.rows += tape.rows;
    },
    async close() {
      await writePart(file, totals);
      await file.sync();
      await file.close();
      await rename(unfinished, path);
      return totals;
    },
    async abandon() {
      await file.close();
      await rm(unfinished, { force: true });
    },
  };
}

async function writePart(file: FileHandle, part: Tape | TapeFileTotals): Promise<void> {
  const bytes = zstdCompressSync(serialize(part), COMPRESSION);
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32LE(bytes.length);
  await file.writev([length, bytes]);
}

/**
 * The tapes of a file, one after another, of which only one is held at a time.
 * @throws where the file is no tape, or ends before its end
 */
export async function* readTapeFile(path: string): AsyncGenerator<Tape> {
  const totals = { parts: 0, events: 0, rows: 0 };
  for await (const bytes of partsOf(path)) {
    const part: Tape | TapeFileTotals = deserialize(zstdDecompressSync(bytes));
    if ('parts' in part) {
      if (part.events === totals.events && part.rows === totals.rows && part.parts === totals.parts) return;
      break;
    }
    totals.parts++;
    totals.events += part.events;
    totals.rows += part.rows;
    yield part;
  }
  throw new Error(`${path}: expected a complete tape, found one that ends after ${totals.events} events`);
}

async function* partsOf(path: string): AsyncGenerator<Buffer> {
  let waiting: Buffer[] = [];
  let size = 0;
  let wanted = MAGIC.length;
  let isLength = false;
  let isStart = true;
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
    waiting.push(chunk);
    size += chunk.length;
    while (size >= wanted) {
      const all = waiting.length === 1 ? waiting[0]! : Buffer.concat(waiting);
      const part = all.subarray(0, wanted);
      waiting = [all.subarray(wanted)];
      size -= wanted;
      if (isStart) {
        if (part.toString() !== MAGIC)
          throw new Error(`${path}: expected a tape of this version, found ${JSON.stringify(part.toString())}`);
        isStart = false;
        isLength = true;
        wanted = LENGTH_BYTES;
      } else if (isLength) {
        wanted = part.readUInt32LE();
        if (wanted > PART_BYTES_MAX) throw new Error(`${path}: expected a part below 1 GiB, found ${wanted} bytes`);
        isLength = false;
      } else {
        yield part;
        isLength = true;
        wanted = LENGTH_BYTES;
      }
    }
  }
}
