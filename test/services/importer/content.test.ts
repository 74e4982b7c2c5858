import { gzipSync, zstdCompressSync } from 'node:zlib';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openContent } from '../../../services/importer/content.ts';
import { ImportRefusal } from '../../../services/importer/import-refusal.ts';
import { readLines } from '../../../services/importer/lines.ts';
import { withFile } from './scratch.ts';
import { zipOf } from './zip-file.ts';

const test = suite('services/importer/content');

const TEXT = Array.from({ length: 50_000 }, (_, i) => `${i} ${Math.sin(i)}\n`).join('');

async function read(file: string): Promise<{ text: string; cutShort: string | undefined; container: string }> {
  const content = await openContent(file);
  const chunks: Buffer[] = [];
  for await (const chunk of content.chunks) chunks.push(chunk);
  return { text: Buffer.concat(chunks).toString(), cutShort: content.cutShort(), container: content.container };
}

async function refusalOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    if (error instanceof ImportRefusal) return error.message;
    throw error;
  }
  return 'no refusal';
}

const flipped = (bytes: Buffer, at: number): Buffer => {
  const copy = Buffer.from(bytes);
  copy[at]! ^= 0xff;
  return copy;
};

test('unpacks plain, gzip, zstd and zip alike, whatever the name', async () => {
  for (const [container, bytes] of [
    ['plain', Buffer.from(TEXT)],
    ['gzip', gzipSync(TEXT)],
    ['zstd', zstdCompressSync(TEXT)],
    ['zip', zipOf({ 'data.csv': TEXT })],
  ] as const) {
    const { text, cutShort, container: found } = await withFile(bytes, read);
    assert.is(found, container);
    assert.is(text === TEXT, true, container);
    assert.is(cutShort, undefined, container);
  }
});

test('gives the beginning of data that are cut short, and says so', async () => {
  for (const [container, bytes] of [
    ['gzip', gzipSync(TEXT)],
    ['zstd', zstdCompressSync(TEXT)],
  ] as const) {
    const { text, cutShort } = await withFile(bytes.subarray(0, bytes.length >> 1), read);
    assert.ok(text.length > 10_000, `${container} gives what is readable`);
    assert.ok(TEXT.startsWith(text), `${container} gives the beginning`);
    assert.match(cutShort ?? '', `the ${container} data end before their end`);
  }
});

test('refuses damaged data whole', async () => {
  const packed = gzipSync(TEXT);
  assert.match(await refusalOf(withFile(flipped(packed, packed.length - 6), read)), 'the gzip data are damaged');
  const zip = zipOf({ 'data.csv': TEXT });
  assert.match(
    await refusalOf(withFile(flipped(zip, zip.indexOf('PK\x01\x02') + 16), read)),
    'checksum does not match',
  );
  assert.match(await refusalOf(withFile(zip.subarray(0, zip.length - 30), read)), 'damaged or cut short');
});

test('refuses what is not one file', async () => {
  assert.match(await refusalOf(openContent('/no/such/file')), 'cannot be opened');
  assert.match(await refusalOf(openContent(import.meta.dirname)), 'found a folder');
  assert.match(await refusalOf(withFile('', read)), 'found an empty file');
  assert.match(await refusalOf(withFile(zipOf({ 'a.csv': 'a', 'b.csv': 'b' }), read)), 'found 2 (a.csv, b.csv)');
  assert.match(await refusalOf(withFile(zipOf({}), read)), 'found none');
});

test('cuts lines wherever chunks end', async () => {
  const text = '\uFEFFone\r\ntwo\n\nfour 牛来\nlast';
  for (const size of [1, 2, 3, 7, 100]) {
    const bytes = Buffer.from(text);
    const chunks = (async function* () {
      for (let i = 0; i < bytes.length; i += size) yield bytes.subarray(i, i + size);
    })();
    const lines: string[] = [];
    for await (const batch of readLines(chunks)) {
      assert.is(batch.firstLine, lines.length + 1);
      lines.push(...batch.lines.map(String));
    }
    assert.equal(lines, ['one', 'two', '', 'four 牛来', 'last'], `chunks of ${size}`);
  }
});

test.run();
