import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { SequenceRule } from '../../streams/instrument.ts';
import { type Sequence, sequenceKind, sequenceOf } from '../../streams/sequence.ts';
import { readFrames, sharedFile } from './captures.ts';

const test = suite('streams/sequence');

/** What `JSON.parse` says, by the contract's table. */
function parsedSequence(channel: string, payload: string, rule: SequenceRule): Sequence | null {
  const value = JSON.parse(payload) as Record<string, number>;
  const { u, U, pu, a, t, E, lastUpdateId, time } = value as Record<string, number>;
  const alone = (last: number | undefined) => ({ predecessor: null, first: last!, last: last! });
  switch (channel) {
    case 'depth':
      return { predecessor: rule === 'usdm' ? pu! : U! - 1, first: U!, last: u! };
    case 'aggTrade':
      return { predecessor: a! - 1, first: a!, last: a! };
    case 'trade':
      return { predecessor: t! - 1, first: t!, last: t! };
    case 'bookTicker':
      return alone(u);
    case 'depthSnapshot':
      return alone(lastUpdateId);
    case 'openInterest':
      return alone(time);
    default:
      return alone(E);
  }
}

for (const [name, rule] of [
  ['usdm-btcusdt_20240808.gz', 'usdm'],
  ['usdm-ethusdt_20240808.gz', 'usdm'],
  ['usdm-btcusdt_20230404.gz', 'usdm'],
  ['spot-btcusdt_20240808.gz', 'spot'],
  ['usdm_streams.txt', 'usdm'],
] as const) {
  const path = sharedFile(name.endsWith('.gz') ? 'captures' : 'frames', name);
  if (path === undefined) continue;
  test(`agrees with JSON.parse on every frame of ${name}`, () => {
    const differing = readFrames(path).filter(({ channel, payload }) => {
      const expected = JSON.stringify(parsedSequence(channel, payload, rule));
      const found = [payload, Buffer.from(payload)].map((text) => JSON.stringify(sequenceOf(channel, text, rule)));
      return found[0] !== expected || found[1] !== expected;
    });
    assert.equal(differing.slice(0, 3), []);
  });
}

const parserMessages = sharedFile('frames', 'parser_messages.jsonl');
if (parserMessages !== undefined)
  test('never throws on messages of other kinds, and never makes up a number', () => {
    const lines = readFileSync(parserMessages, 'utf8').trimEnd().split('\n');
    for (const line of lines)
      for (const channel of ['depth', 'aggTrade', 'trade', 'bookTicker', 'kline_1m', 'depthSnapshot']) {
        const sequence = sequenceOf(channel, line, 'spot');
        if (sequence !== null) assert.ok(line.includes(String(sequence.last)), line);
      }
  });

test('finds a field wherever it stands, and only at the top level', () => {
  const reads = (channel: string, payload: string, last: number) =>
    assert.is(sequenceOf(channel, payload, 'usdm')?.last, last, payload);
  reads('markPrice', '{"E":5}', 5);
  reads('forceOrder', '{"e":"forceOrder","o":{"E":1,"q":"}"},"E":9007199254740991}', 9_007_199_254_740_991);
  reads('kline_1m', ' { "k" : {"t":1,"x":[{"E":2}]} , "E" : 1723161255088 } ', 1_723_161_255_088);
  reads('kline_1m', '{"s":"a\\"E\\":1,{","E":7,"k":{}}', 7);
  reads('kline_1m', '{"\\"E":1,"x":"\\\\","E":8}', 8);
  reads('aggTrade', '{"a":3101523914,"p":"2690.17","q":"0.072"}', 3_101_523_914);
  reads('depthSnapshot', '{"bids":[["1","2"]],"lastUpdateId":"12"}', 12);
  assert.equal(sequenceOf('depth', '{"pu":7,"u":9,"U":8}', 'usdm'), { predecessor: 7, first: 8, last: 9 });
  assert.equal(sequenceOf('depth', '{"u":9,"U":8}', 'spot'), { predecessor: 7, first: 8, last: 9 });
  assert.equal(sequenceOf('depth', '{"u":9,"u":1,"U":8,"pu":7}', 'usdm'), { predecessor: 7, first: 8, last: 9 });
});

test('gives null where there is no sequence to rely on', () => {
  for (const payload of [
    '',
    'null',
    '[]',
    '{}',
    '{"E"',
    '{"E":',
    '{"E":}',
    '{"E":1',
    '{"E":1.5}',
    '{"E":-1}',
    '{"E":1e3}',
    '{"E":"1x"}',
    '{"E":null}',
    '{"E":9007199254740992}',
    '{"E":8389766145050669870}',
    '{"k":{"E":1}}',
    '{"x":"E":1}',
    '{x:1,"E":1}',
    '{"x":"unended',
    '{"x":{"y":1,"E":1}',
    '<html>"E":1</html>',
  ])
    assert.is(sequenceOf('markPrice', payload, 'usdm'), null, payload);
  assert.is(sequenceOf('depth', '{"u":9,"U":8}', 'usdm'), null, 'no pu');
  assert.is(sequenceOf('depth', '{"U":8,"u":9,"pu":9}', 'usdm'), null, 'its own predecessor');
  assert.is(sequenceOf('depth', '{"U":10,"u":9}', 'spot'), null, 'backward');
  assert.is(sequenceOf('connected', '{"E":1}', 'usdm'), null, 'own channel');
});

test('knows how each channel is told apart', () => {
  const kinds = ['depth', 'aggTrade', 'trade', 'bookTicker', 'depthSnapshot', 'kline_15m', 'openInterest', 'gap'];
  assert.equal(
    kinds.map((channel) => sequenceKind(channel, 'usdm')),
    ['linked', 'counted', 'counted', 'ascending', 'snapshot', 'time', 'time', 'own'],
  );
  assert.is(sequenceKind('depth', 'spot'), 'counted');
});

test.run();
