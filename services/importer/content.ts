import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline, type Readable, type Transform } from 'node:stream';
import { crc32, createGunzip, createZstdDecompress } from 'node:zlib';
import yauzl from 'yauzl';
import { ImportRefusal } from './import-refusal.ts';

export type Container = 'plain' | 'gzip' | 'zstd' | 'zip';

/** What a file holds when it is unpacked. */
export interface Content {
  readonly container: Container;
  /** Name of the file inside a zip; undefined in other containers. */
  readonly innerName: string | undefined;
  /** Size of the file as it lies on the disk. */
  readonly bytesTotal: number;
  /** How much of `bytesTotal` has been read. */
  bytesRead(): number;
  /** Why the content ends before its end; undefined while it is whole. Known after `chunks` ended. */
  cutShort(): string | undefined;
  /** To be iterated once. @throws ImportRefusal where the packed data are damaged */
  readonly chunks: AsyncIterable<Buffer>;
}

const CHUNK_BYTES = 256 * 1024;

/**
 * Opens a file and unpacks it; the container is recognised by its first bytes, not by its name.
 * @throws ImportRefusal where the file cannot be read, is empty, or is an archive of other than one file
 */
export async function openContent(file: string): Promise<Content> {
  const { head, bytesTotal } = await readHead(file);
  const container = containerOf(head);
  if (container === 'zip') return openZip(file, bytesTotal);
  const source = createReadStream(file, { highWaterMark: CHUNK_BYTES });
  const unpack =
    container === 'gzip'
      ? createGunzip({ chunkSize: CHUNK_BYTES })
      : container === 'zstd'
        ? createZstdDecompress({ chunkSize: CHUNK_BYTES })
        : undefined;
  const stream = unpack === undefined ? source : joined(source, unpack);
  return contentOf({ file, container, innerName: undefined, bytesTotal, bytesRead: () => source.bytesRead, stream });
}

async function readHead(file: string): Promise<{ head: Buffer; bytesTotal: number }> {
  let handle: Awaited<ReturnType<typeof open>>;
  try {
    handle = await open(file, 'r');
  } catch (error) {
    throw new ImportRefusal(`${file}: cannot be opened (${reasonOf(error)}). Give the path of a readable file.`);
  }
  try {
    const stat = await handle.stat();
    if (!stat.isFile()) throw new ImportRefusal(`${file}: expected a file, found a folder or device.`);
    if (stat.size === 0) throw new ImportRefusal(`${file}: expected a recording, found an empty file.`);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(4), 0, 4, 0);
    return { head: buffer.subarray(0, bytesRead), bytesTotal: stat.size };
  } finally {
    await handle.close();
  }
}

function containerOf(head: Buffer): Container {
  const magic = head.toString('hex');
  if (magic.startsWith('1f8b')) return 'gzip';
  if (magic === '28b52ffd') return 'zstd';
  if (magic === '504b0304' || magic === '504b0506') return 'zip';
  return 'plain';
}

async function openZip(file: string, bytesTotal: number): Promise<Content> {
  const entries: yauzl.Entry[] = [];
  let zip: yauzl.ZipFile;
  try {
    zip = await yauzl.openPromise(file, { lazyEntries: true, autoClose: false });
    for await (const entry of zip.eachEntry()) if (!entry.fileName.endsWith('/')) entries.push(entry);
  } catch (error) {
    throw new ImportRefusal(`${file}: the zip archive is damaged or cut short (${reasonOf(error)}). Get it again.`);
  }
  const [entry] = entries;
  if (entry === undefined || entries.length > 1) {
    zip.close();
    const names = entries.map((one) => one.fileName).slice(0, 5);
    const found = entries.length === 0 ? 'none' : `${entries.length} (${names.join(', ')})`;
    throw new ImportRefusal(`${file}: expected a zip archive of one file, found ${found}. Unpack it and import each.`);
  }
  let stream: Readable;
  try {
    stream = await zip.openReadStreamPromise(entry);
  } catch (error) {
    zip.close();
    throw new ImportRefusal(`${file}: ${entry.fileName} cannot be unpacked (${reasonOf(error)}). Get the file again.`);
  }
  stream.once('close', () => zip.close());
  const share = bytesTotal / Math.max(1, entry.uncompressedSize);
  return contentOf({
    file,
    container: 'zip',
    innerName: entry.fileName,
    bytesTotal,
    bytesRead: (bytesOut) => bytesOut * share,
    stream,
    checksum: entry.crc32,
  });
}

function joined(source: Readable, unpack: Transform): Readable {
  // Errors surface where the joined stream is iterated; the callback only keeps them from being thrown a second time.
  return pipeline(source, unpack, () => {});
}

interface Source {
  readonly file: string;
  readonly container: Container;
  readonly innerName: string | undefined;
  readonly bytesTotal: number;
  /** @param bytesOut unpacked bytes so far */
  readonly bytesRead: (bytesOut: number) => number;
  readonly stream: Readable;
  /** CRC-32 of the unpacked data, where the container does not check it itself. */
  readonly checksum?: number;
}

function contentOf({ file, container, innerName, bytesTotal, bytesRead, stream, checksum }: Source): Content {
  let cut: string | undefined;
  let bytesOut = 0;
  async function* chunks(): AsyncGenerator<Buffer> {
    let sum = 0;
    try {
      for await (const chunk of stream as AsyncIterable<Buffer>) {
        if (checksum !== undefined) sum = crc32(chunk, sum);
        bytesOut += chunk.length;
        yield chunk;
      }
    } catch (error) {
      if (!isCutShort(error)) throw damaged(file, container, reasonOf(error));
      cut = `the ${container} data end before their end (${reasonOf(error)})`;
    }
    const isWrong = checksum !== undefined && sum !== checksum;
    if (isWrong) throw damaged(file, container, 'the checksum does not match');
  }
  return {
    container,
    innerName,
    bytesTotal,
    bytesRead: () => bytesRead(bytesOut),
    cutShort: () => cut,
    chunks: chunks(),
  };
}

function isCutShort(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'Z_BUF_ERROR';
}

/** Values of damaged data may be wrong without looking wrong, so none of them is taken. */
function damaged(file: string, container: Container, reason: string): ImportRefusal {
  return new ImportRefusal(
    `${file}: the ${container} data are damaged (${reason}); nothing of it can be trusted. Get the file again.`,
  );
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
