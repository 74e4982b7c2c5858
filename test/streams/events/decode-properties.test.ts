import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { DecodeError } from '../../../streams/events/decode-error.ts';
import { createDecoder } from '../../../streams/events/decoder.ts';
import { createScale } from '../../../streams/events/scale.ts';
import { plainFromEvent, plainFromJson } from './plain-decode.ts';
import { SAMPLES } from './sample-payloads.ts';

const test = suite('streams/events/decode-properties');
const SCALE = createScale('0.10', '0.001');
const KLINE_ROW =
  '[1790526480000,"84550.90","84560.00","84540.10","84551.10","12.345",1790526539999,"1043.2",684,"6.0"]';

const payloads: (readonly [channel: string, text: string])[] = [
  ...SAMPLES.map(({ channel, payload }) => [channel, JSON.stringify(payload)] as const),
  ...SAMPLES.map(({ channel, payload }) => [channel, JSON.stringify(payload, null, 1)] as const),
  ['kline_1m', KLINE_ROW],
];

/** Bytes that mean something to a reader of JSON or of numbers. */
const telling = fc.constantFrom(...Buffer.from('"\\{}[]:,. \n\t0123456789-+eEtfnubaTUpx\0\x1f\x7f\xc3\xff', 'latin1'));
const byte = fc.oneof({ weight: 4, arbitrary: telling }, fc.integer({ min: 0, max: 255 }));

type Mutation = (text: Buffer) => Buffer<ArrayBufferLike>;
const at = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const position = (text: Buffer, part: number): number => Math.floor(part * text.length);
const replaced = (text: Buffer, from: number, to: number, by: Buffer | number[]): Buffer =>
  Buffer.concat([text.subarray(0, from), Buffer.from(by), text.subarray(to)]);

const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.tuple(at, byte).map(([part, value]) => (text: Buffer) => {
    const from = position(text, part);
    return replaced(text, from, from + 1, [value]);
  }),
  fc.tuple(at, fc.array(byte, { minLength: 1, maxLength: 3 })).map(([part, values]) => (text: Buffer) => {
    const from = position(text, part);
    return replaced(text, from, from, values);
  }),
  fc.tuple(at, fc.integer({ min: 1, max: 9 })).map(([part, count]) => (text: Buffer) => {
    const from = position(text, part);
    return replaced(text, from, from + count, []);
  }),
  // A member or an element of the text once more, somewhere else.
  fc.tuple(at, at, fc.integer({ min: 1, max: 40 })).map(([part, to, count]) => (text: Buffer) => {
    const from = position(text, part);
    const target = position(text, to);
    return replaced(text, target, target, text.subarray(from, from + count));
  }),
  // The members at two commas change places.
  fc.tuple(at, at).map(([one, other]) => (text: Buffer) => {
    const parts = text.toString('latin1').split(',');
    const [i, j] = [Math.floor(one * parts.length), Math.floor(other * parts.length)];
    [parts[i], parts[j]] = [parts[j]!, parts[i]!];
    return Buffer.from(parts.join(','), 'latin1');
  }),
);

test('a payload changed anywhere decodes to what JSON.parse says of it, or is refused; never to something else', () => {
  const decoder = createDecoder(SCALE);
  let decodedCount = 0;
  fc.assert(
    fc.property(
      fc.constantFrom(...payloads),
      fc.array(mutation, { minLength: 1, maxLength: 3 }),
      ([channel, text], mutations) => {
        const payload = mutations.reduce<Buffer>((bytes, mutate) => mutate(bytes), Buffer.from(text));
        let decoded: unknown;
        try {
          decoded = plainFromEvent(decoder.decode(channel, payload), SCALE);
        } catch (error) {
          if (error instanceof DecodeError) return;
          throw error;
        }
        decodedCount++;
        const plain = plainFromJson(channel, payload);
        assert.ok(isDeepStrictEqual(decoded, plain), `${channel} ${payload}: ${JSON.stringify(decoded)}`);
      },
    ),
    { numRuns: 20_000 },
  );
  assert.ok(decodedCount > 1_000, `${decodedCount} of the changed payloads were still valid`);
});

test('what was refused leaves nothing behind in the decoder', () => {
  const decoder = createDecoder(SCALE);
  fc.assert(
    fc.property(fc.constantFrom(...SAMPLES), mutation, fc.constantFrom(...SAMPLES), (broken, mutate, whole) => {
      try {
        decoder.decode(broken.channel, mutate(Buffer.from(JSON.stringify(broken.payload))));
      } catch (error) {
        assert.instance(error, DecodeError);
      }
      const payload = Buffer.from(JSON.stringify(whole.payload));
      const decoded = plainFromEvent(decoder.decode(whole.channel, payload), SCALE);
      assert.equal(decoded, plainFromJson(whole.channel, payload));
    }),
    { numRuns: 2_000 },
  );
});

const decimal = (places: number, max: number) =>
  fc.integer({ min: 0, max }).map((n) => (n / 10 ** places).toFixed(places));
const level = fc.tuple(
  decimal(2, 9_000_000).map((text) => `${text.slice(0, -1)}0`),
  decimal(3, 2_000_000_000),
);

test('any depth event of any size decodes to its levels, in order', () => {
  const decoder = createDecoder(SCALE);
  const ids = { E: 5, T: 4, U: 2, u: 3, pu: 1 };
  const sides = fc.tuple(
    fc.array(level, { maxLength: 60 }),
    fc.array(level, { maxLength: 60 }),
    fc.constantFrom(0, 0, 0, 1),
  );
  fc.assert(
    fc.property(sides, ([b, a, indent]) => {
      const payload = Buffer.from(JSON.stringify({ e: 'depthUpdate', ...ids, b, a }, null, indent));
      assert.equal(plainFromEvent(decoder.decode('depth', payload), SCALE), plainFromJson('depth', payload));
    }),
    { numRuns: 500 },
  );
});

test('a depth event of a thousand times the usual size is read too, and one beyond all measure refused', () => {
  const decoder = createDecoder(SCALE);
  const event = (count: number): Buffer => {
    const b = Array.from({ length: count }, (_, n) => [`${n}.1`, '1']);
    return Buffer.from(JSON.stringify({ E: 5, T: 4, U: 2, u: 3, pu: 1, b, a: [] }));
  };
  const large = event(60_000);
  assert.ok(isDeepStrictEqual(plainFromEvent(decoder.decode('depth', large), SCALE), plainFromJson('depth', large)));
  assert.throws(() => decoder.decode('depth', event(300_000)), /depth\/b: expected at most 100000 levels, found more/);
});

test('the levels of a depth event are lent until the next one, and then hold that one', () => {
  const decoder = createDecoder(SCALE);
  const payload = (price: string): Buffer =>
    Buffer.from(JSON.stringify({ E: 5, T: 4, U: 2, u: 3, pu: 1, b: [[price, '1']], a: [] }));
  const first = decoder.decode('depth', payload('5.0'));
  assert.is(first.type === 'depthUpdate' && first.bids.ticks[0], 50);
  decoder.decode('depth', payload('6.0'));
  assert.is(first.type === 'depthUpdate' && first.bids.ticks[0], 60);
});

test.run();
