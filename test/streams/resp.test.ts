import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createRangeReader, type RangeEntry } from '../../streams/resp.ts';

const test = suite('streams/resp');
const TEXT_FIELDS = new Set(['v', 'receiveTimeUs']);

type Answer = readonly (readonly [id: string, pairs: readonly string[]])[];

/** The answer as Redis writes it. */
function written(answer: Answer): Buffer {
  const text = (value: string) => `$${Buffer.byteLength(value)}\r\n${value}\r\n`;
  const entries = answer.map(([id, pairs]) => `*2\r\n${text(id)}*${pairs.length}\r\n${pairs.map(text).join('')}`);
  return Buffer.from(`*${answer.length}\r\n${entries.join('')}`);
}

function asText(entries: readonly RangeEntry[] | undefined): Answer | undefined {
  return entries?.map(([id, pairs]) => [id, pairs.map(String)]);
}

const name = fc.constantFrom('v', 'receiveTimeUs', 'depth', 'trade', 'kline_1m', 'kline_5m');
const pair = fc.tuple(
  name,
  fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('\r\n', '$3\r\nabc\r\n', '*1\r\n')),
);
const id = fc.tuple(fc.nat(), fc.nat()).map(([ms, n]) => `${ms}-${n}`);
const answer = fc.array(
  fc.tuple(
    id,
    fc.array(pair).map((pairs) => pairs.flat()),
  ),
  { maxLength: 5 },
);

test('reads an answer that comes in any pieces, byte by byte if need be', () => {
  fc.assert(
    fc.property(fc.array(answer, { minLength: 1, maxLength: 3 }), fc.integer({ min: 1, max: 40 }), (answers, step) => {
      const reader = createRangeReader(TEXT_FIELDS);
      for (const one of answers) {
        const bytes = written(one);
        let entries: readonly RangeEntry[] | undefined;
        for (let end = 0; end < bytes.length; ) {
          assert.is(entries, undefined, 'nothing before the end');
          end = Math.min(end + step, bytes.length);
          // What lies behind the end has not come yet.
          entries = reader.read(Buffer.concat([bytes.subarray(0, end), Buffer.alloc(8, '\r\n')]), end);
        }
        assert.equal(asText(entries), one);
      }
    }),
  );
});

test('gives the named fields as text and lends the memory of all others', () => {
  const bytes = written([['5-9', ['v', '1', 'depth', '{"u":1}']]]);
  const [[, pairs]] = createRangeReader(TEXT_FIELDS).read(bytes, bytes.length) as [RangeEntry];
  assert.equal(pairs.slice(0, 3), ['v', '1', 'depth']);
  const payload = pairs[3] as Buffer;
  assert.is(payload.toString(), '{"u":1}');
  assert.is(payload.buffer, bytes.buffer);
});

test('throws what Redis says, and what is no answer to XRANGE', () => {
  const refuses = (text: string, pattern: RegExp) =>
    assert.throws(() => createRangeReader(TEXT_FIELDS).read(Buffer.from(text), text.length), pattern);
  refuses('-WRONGTYPE Operation against a key\r\n', /^WRONGTYPE Operation against a key$/);
  refuses('+OK\r\n', /answer of Redis: expected "\*" and a number, found "\+OK"/);
  refuses('*1\r\n$3\r\nabc\r\n', /expected "\*" and a number, found "\$3"/);
  refuses('*x\r\n', /expected "\*" and a number, found "\*x"/);
});

test('goes on reading answers after more names than a log has', () => {
  const reader = createRangeReader(TEXT_FIELDS);
  const names = Array.from({ length: 200 }, (_, i) => String(i).padStart(5, '0'));
  const many: Answer = names.map((field) => ['1-1', [field, 'x']]);
  for (let i = 0; i < 2; i++) {
    const bytes = written(many);
    assert.equal(asText(reader.read(bytes, bytes.length)), many);
  }
});

test.run();
