import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Column, plainNumber, type Value } from '../../../services/exporter/columns.ts';
import { createRowWriter, type ExportFormat } from '../../../services/exporter/row-writer.ts';

const test = suite('services/exporter/row-writer');

const COLUMNS: readonly Column[] = [
  { name: 'ts', kind: 'time' },
  { name: 'symbol', kind: 'text' },
  { name: 'update_id', kind: 'integer' },
  { name: 'price', kind: 'decimal' },
  { name: 'microprice', kind: 'number' },
];
const ROWS: readonly (readonly Value[])[] = [
  [1723161255030314, 'simulated:BTCUSDT', 9007199254740991, 0.1, 61800.25],
  [1723161255030315, 'a "b", c', 1, 6.91e-7, null],
];

function written(format: ExportFormat, ...pages: (readonly (readonly Value[])[])[]): Buffer {
  const writer = createRowWriter(format, COLUMNS);
  return Buffer.concat([...pages.map((page) => writer.write(page)), writer.end()]);
}

const arrayBufferOf = (bytes: Buffer): ArrayBuffer => new Uint8Array(bytes).buffer;

test('writes CSV with plain numbers, quoting only what needs it', () => {
  assert.is(
    written('csv', ROWS.slice(0, 1), ROWS.slice(1)).toString(),
    'ts,symbol,update_id,price,microprice\n' +
      '1723161255030314,simulated:BTCUSDT,9007199254740991,0.1,61800.25\n' +
      '1723161255030315,"a ""b"", c",1,0.000000691,\n',
  );
  assert.is(
    written('csv').toString(),
    'ts,symbol,update_id,price,microprice\n',
    'a file without rows names its columns',
  );
});

test('writes JSON lines with prices and quantities as decimal strings', () => {
  const lines = written('jsonl', ROWS).toString().trim().split('\n');
  assert.is(
    lines[0],
    '{"ts":1723161255030314,"symbol":"simulated:BTCUSDT","update_id":9007199254740991,"price":"0.1","microprice":61800.25}',
  );
  assert.equal(JSON.parse(lines[1]!), {
    ts: 1723161255030315,
    symbol: 'a "b", c',
    update_id: 1,
    price: '0.000000691',
    microprice: null,
  });
});

test('writes Parquet that others read, in several row groups, with one schema for every file', async () => {
  const many = Array.from({ length: 250_000 }, (_, i): Value[] => [i, `s${i % 3}`, i, i / 8, i % 2 === 0 ? i : null]);
  const pages = Array.from({ length: 25 }, (_, i) => many.slice(i * 10_000, (i + 1) * 10_000));
  const bytes = written('parquet', ...pages);
  const file = arrayBufferOf(bytes);
  const rows = await parquetReadObjects({ file });
  assert.is(rows.length, many.length);
  for (const i of [0, 1, 99_999, 100_000, 249_999])
    assert.equal(rows[i], {
      ts: BigInt(i),
      symbol: `s${i % 3}`,
      update_id: BigInt(i),
      price: i / 8,
      microprice: i % 2 === 0 ? i : null,
    });
  assert.ok(parquetMetadata(file).row_groups.length >= 2);
  const empty = written('parquet');
  const schema = parquetMetadata(arrayBufferOf(empty)).schema;
  assert.equal(schema, parquetMetadata(file).schema);
});

test('writes doubles shortest and without exponents, and loses nothing', () => {
  assert.is(plainNumber(6.91e-6), '0.00000691');
  assert.is(plainNumber(1e-7), '0.0000001');
  assert.is(plainNumber(-1.5e-9), '-0.0000000015');
  assert.is(plainNumber(1e21), '1000000000000000000000');
  assert.is(plainNumber(1.2345e22), '12345000000000000000000');
  for (const value of [0, 1, -0.5, 28145.1, 1.1e-12, 3.3e25, Number.MAX_VALUE, Number.MIN_VALUE])
    assert.is(Number(plainNumber(value)), value);
});

test.run();
