import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { elementTexts, endOfValue, integerAt, memberTexts } from '../../../services/recorder/json-text.ts';

const test = suite('services/recorder/json-text');

const isWhole = (text: string) => endOfValue(text, 0) === text.length;

test('accepts exactly what JSON.parse accepts, for any JSON', () => {
  fc.assert(fc.property(fc.json(), (text) => isWhole(text)));
});

test('accepts exactly what JSON.parse accepts, for damaged JSON', () => {
  const damaged = fc
    .tuple(fc.json(), fc.nat(), fc.nat(), fc.string({ maxLength: 3 }))
    .map(([text, at, cut, insert]) => {
      const from = at % (text.length + 1);
      return text.slice(0, from) + insert + text.slice(from + (cut % 4));
    });
  fc.assert(
    fc.property(damaged, (text) => {
      // White space around the value is the callers' to skip, not the value's.
      fc.pre(text === text.trim());
      let isValid = true;
      try {
        JSON.parse(text);
      } catch {
        isValid = false;
      }
      return isWhole(text) === isValid;
    }),
    { numRuns: 2_000 },
  );
});

test('refuses what looks like JSON', () => {
  const wrong = [
    '01',
    '1.',
    '.5',
    '-',
    '1e',
    '+1',
    '"\\x"',
    '"\\u12"',
    '"a',
    '[1,]',
    '{"a":1,}',
    '{"a"}',
    '{a:1}',
    'tru',
    '',
  ];
  for (const text of wrong) assert.is(isWhole(text), false, text);
});

test('gives up on nesting that no payload has', () => {
  assert.is(endOfValue('['.repeat(100_000), 0), -1);
});

test('cuts elements and members out with their exact text', () => {
  assert.equal(elementTexts(' [ {"a": 1} ,"x",2.50 ] '), ['{"a": 1}', '"x"', '2.50']);
  assert.equal(
    [...memberTexts('{"b":{"c":[1, 2]},"\\u0061":"1.10"}')!],
    [
      ['b', '{"c":[1, 2]}'],
      ['a', '"1.10"'],
    ],
  );
  assert.is(elementTexts('{"a":1}'), undefined);
  assert.is(elementTexts('[1] 2'), undefined);
  assert.is(memberTexts('[1]'), undefined);
});

test('reads only integers that a double holds', () => {
  const read = (text: string) => integerAt(text, 0, text.length);
  assert.is(read('9007199254740991'), 9007199254740991);
  assert.ok(Number.isNaN(read('9007199254740993')), '2^53 + 1');
  for (const text of ['', '-1', '1.0', '"1"', '1e3']) assert.ok(Number.isNaN(read(text)), text);
});

test.run();
