import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { DecodeError } from '../../../streams/events/decode-error.ts';
import { createDecoder } from '../../../streams/events/decoder.ts';
import { createScale } from '../../../streams/events/scale.ts';
import { plainFromEvent, plainFromJson } from './plain-decode.ts';
import { type FieldKind, SAMPLES, type Sample, withField } from './sample-payloads.ts';

const test = suite('streams/events/decode-contract');
const SCALE = createScale('0.10', '0.001');

const decode = (channel: string, payload: Buffer) =>
  plainFromEvent(createDecoder(SCALE).decode(channel, payload), SCALE);

function refusal(channel: string, payload: Buffer): DecodeError {
  let decoded: unknown;
  try {
    decoded = decode(channel, payload);
  } catch (error) {
    if (error instanceof DecodeError) return error;
    throw error;
  }
  throw new Error(`expected a DecodeError, found ${JSON.stringify(decoded)} of ${payload}`);
}

const WRONG_TYPES = ['null', 'true', '[]', '{}', '[1]', '{"E":1}'];
const NO_DECIMALS = [
  '"-1.5"',
  '-1.5',
  '1e3',
  '"1e3"',
  '"1.2.3"',
  '".5"',
  '"5."',
  '""',
  '"abc"',
  '" 1"',
  '"1 "',
  '"+1"',
];
const OTHERS = ['"0x10"', '"NaN"', '"Infinity"', '"1_000"', '"1,5"', '"١"', '"1\\u0000"', '"--1"'];
/** Raw JSON texts that must not be taken for a value of the kind. */
const BAD: Readonly<Record<FieldKind, readonly string[]>> = {
  integer: [...WRONG_TYPES, ...NO_DECIMALS, ...OTHERS, '1.0', '"1.0"', '9007199254740992', '"18446744073709551617"'],
  price: [...WRONG_TYPES, ...NO_DECIMALS, ...OTHERS, '"61800.05"', '61800.25', '"0.001"', '"1234567890123456.7"'],
  qty: [...WRONG_TYPES, ...NO_DECIMALS, ...OTHERS, '"0.0005"', '0.0001', '"12345678901234.567"'],
  number: [...WRONG_TYPES, ...NO_DECIMALS, ...OTHERS, `"${'1'.repeat(65)}"`],
  signed: [...WRONG_TYPES, ...NO_DECIMALS.slice(2), ...OTHERS, '"-"', '-1e3'],
  boolean: ['null', '0', '1', '"true"', '"false"', '[]', '{}', '"maker"', '"full"'],
  text: ['true', '1', '[]', '{}', '["SELL"]'],
  levels: [
    'null',
    'true',
    '1',
    '"x"',
    '{}',
    '{"0":["1.0","1"]}',
    '[1]',
    '["1.0","1"]',
    '[[]]',
    '[["1.0"]]',
    '[[1.0,1]]',
  ],
  object: ['null', 'true', '1', '"x"', '[]', '[{}]', '{}'],
};
/** Levels with one bad number, and how the error names it. */
const BAD_LEVELS: readonly (readonly [pair: string, part: string])[] = [
  ['"61800.05","1"', '[1][0]'],
  ['"-1.0","1"', '[1][0]'],
  ['"1e3","1"', '[1][0]'],
  ['"","1"', '[1][0]'],
  ['".5","1"', '[1][0]'],
  ['"5.","1"', '[1][0]'],
  ['"1.2.3","1"', '[1][0]'],
  ['".","1"', '[1][0]'],
  ['"1234567890123456.7","1"', '[1][0]'],
  ['"1.0","1.0.0"', '[1][1]'],
  ['"1.0","1.0005"', '[1][1]'],
  ['"1.0","-1"', '[1][1]'],
  ['"1.0","1234567890123456"', '[1][1]'],
  ['"1.0","1",[]', '[1]'],
  ['"1.0",1', '[1]'],
  ['1.0,"1"', '[1]'],
];

for (const sample of SAMPLES) {
  const { channel, payload, fields } = sample;
  const text = JSON.stringify(payload);
  const title = `${channel}${'T' in payload || channel !== 'depth' ? '' : ' of spot'}`;

  test(`${title} decodes to what JSON.parse says, however the text is laid out`, () => {
    const expected = plainFromJson(channel, Buffer.from(text));
    for (const [name, variant] of layouts(sample)) assert.equal(decode(channel, Buffer.from(variant)), expected, name);
  });

  test(`${title} without a field that it needs is refused with the field's name`, () => {
    for (const { path, isOptional } of fields) {
      const without = withField(sample, path, undefined);
      if (isOptional) {
        assert.equal(decode(channel, without), plainFromJson(channel, without), path);
        continue;
      }
      const error = refusal(channel, without);
      assert.is(`${error.channel}/${error.field}`, `${channel}/${path.replace('.', '/')}`);
      assert.is(error.found, 'nothing', error.message);
    }
  });

  test(`${title} with a bad value is refused with field, expectation and finding`, () => {
    for (const { path, kind } of fields)
      for (const raw of BAD[kind]) {
        // The contract without funding below; and our own payload, whose number may be written in any way.
        if (raw === '""' && path === 'r') continue;
        if (channel === 'disconnected' && Number(raw) > 0) continue;
        const error = refusal(channel, withField(sample, path, raw));
        const named = `${error.channel}/${error.field}`;
        assert.ok(named.startsWith(`${channel}/${path.replace('.', '/')}`), `${raw}: ${error.message}`);
        assert.ok(error.expected !== '' && error.found !== '', error.message);
        assert.is(error.message, `${named}: expected ${error.expected}, found ${error.found}`);
      }
  });

  test(`${title} with a bad level is refused with the level's place`, () => {
    for (const { path } of fields.filter(({ kind }) => kind === 'levels'))
      for (const [pair, part] of BAD_LEVELS) {
        const error = refusal(channel, withField(sample, path, `[["1.0","1"],[${pair}],["1.1","1"]]`));
        assert.is(error.field, `${path}${part}`, error.message);
      }
  });

  test(`${title} that is cut off anywhere, or is no object, is refused`, () => {
    for (let end = 0; end < text.length; end++) refusal(channel, Buffer.from(text).subarray(0, end));
    for (const other of ['', 'null', '5', '"x"', 'true', `${text}x`, `${text}${text}`, `x${text}`, text.slice(1)])
      refusal(channel, Buffer.from(other));
    if (!channel.startsWith('kline_')) refusal(channel, Buffer.from(`[${text}]`));
  });
}

/** The same object in other texts. */
function layouts({ payload }: Sample): [name: string, text: string][] {
  const text = JSON.stringify(payload);
  const entries = Object.entries(payload);
  const reversed = Object.fromEntries(entries.toReversed());
  const [key, value] = entries.at(-2)!;
  const member = `${JSON.stringify(key)}:${JSON.stringify(value)}`;
  const nested = '"zz":{"E":1,"b":[["9.9","9"]],"o":{"q":"9"},"k":[{}]}';
  return [
    ['as the venue sends it', text],
    ['with white space between all tokens', JSON.stringify(payload, null, '\t ').replaceAll('\n', '\r\n')],
    ['with white space around', ` \n${text}\t`],
    ['in another order', JSON.stringify(reversed)],
    ['with escaped keys', text.replaceAll(/"(\w)(\w*)":/g, (_, first, rest) => `"${escaped(first)}${rest}":`)],
    [
      'with escaped texts',
      text.replaceAll(/:"(.)/gu, (whole, first) => (/\w/.test(first) ? `:"${escaped(first)}` : whole)),
    ],
    [
      'with unknown fields',
      text.replace('{', `{${nested},"zy":"\\"E\\":1,\\\\","z\\"\\u0000":1,"zx":null,"zw":-1.5e-3,`),
    ],
    ['with a key twice, of which the last counts', text.replace('{', `{${JSON.stringify(key)}:"?",`)],
    ['with a member twice', `${text.slice(0, -1)},${member}}`],
  ];
}

const escaped = (letter: string): string => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`;

test('an object without any field is refused with the name of one', () => {
  for (const { channel } of SAMPLES) {
    const { field, found } = refusal(channel, Buffer.from('{}'));
    assert.ok(field !== '' && found === 'nothing', channel);
  }
});

test('a depth event that has T but no pu, or pu but no T, is no spot event', () => {
  const usdm = SAMPLES[0]!;
  assert.is(refusal('depth', withField(usdm, 'pu', undefined)).field, 'pu');
  assert.is(refusal('depth', withField(usdm, 'T', undefined)).field, 'T');
});

test('a contract without funding has an empty rate and no time of its own', () => {
  const mark = SAMPLES.find(({ channel }) => channel === 'markPrice')!;
  const decoded = decode('markPrice', withField(mark, 'r', '""'));
  assert.is(decoded['fundingRate'], null);
  assert.is(decoded['nextFundingTimeMs'], null);
});

test('a trade beside the book is none of the market', () => {
  const trade = SAMPLES.find(({ channel }) => channel === 'trade')!;
  assert.is(decode('trade', withField(trade, 'X', '"INSURANCE_FUND"'))['isMarket'], false);
  assert.is(decode('trade', withField(trade, 'X', '"\\u004dARKET"'))['isMarket'], true);
});

test('text that only looks like JSON is refused, also where nobody looks', () => {
  const junk = ['01', '1.', '.5', '+1', '1e', '--1', '1.2.3', 'tru', 'nul', 'NaN', "'x'", '"\\x"', '"\\u12g4"', '"\n"'];
  const broken = ['[}', '{]', '[1,]', '{"a"}', '[[]', '{"a":1,}', '[tru]', '["\\q"]', '[01]', ''];
  for (const { channel, payload } of SAMPLES)
    for (const raw of [...junk, ...broken])
      refusal(channel, Buffer.from(JSON.stringify(payload).replace('{', `{"zz":${raw},`)));
  for (const { channel, payload } of SAMPLES)
    for (const member of ['"z\n":1', '"z\\x":1', 'zz:1', "'zz':1", '"zz" 1', '"zz":1,', '1:1'])
      refusal(channel, Buffer.from(JSON.stringify(payload).replace('{', `{${member},`)));
});

test('a payload nested too deep is refused, not the end of the process', () => {
  const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
  for (const sample of SAMPLES)
    for (const path of [sample.fields[0]!.path, 'channels', 'zz'])
      if (path !== 'zz' || sample.channel !== 'disconnected') {
        try {
          decode(sample.channel, withField(sample, path, deep));
        } catch (error) {
          assert.instance(error, DecodeError);
        }
      }
});

test('a channel that nobody knows is refused', () => {
  const error = refusal('ticker', Buffer.from('{}'));
  assert.is(error.message, 'ticker/: expected a known channel, found "ticker"');
});

test('prices before the instrument is known are refused, its own facts are not', () => {
  const decoder = createDecoder();
  const needScale = ['depth', 'depthSnapshot', 'bookTicker', 'aggTrade', 'trade'];
  for (const { channel, payload } of SAMPLES) {
    const work = () => decoder.decode(channel, Buffer.from(JSON.stringify(payload)));
    if (needScale.includes(channel))
      assert.throws(work, /expected an instrument event with tick and step size before it/);
    else work();
  }
});

test.run();
