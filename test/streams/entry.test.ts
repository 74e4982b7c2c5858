import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { checkChannel, decodeEntry, type EventToAppend, encodeEntry } from '../../streams/entry.ts';

const test = suite('streams/entry');

const event: fc.Arbitrary<EventToAppend> = fc.record({
  channel: fc.constantFrom('depth', 'trade', 'kline_1m', 'connected'),
  payload: fc.string({ unit: 'binary' }),
  receiveTimeUs: fc.integer({ min: 1_723_161_255_000_000, max: 1_723_161_255_001_000 }),
});

test('reads what it writes, from text and from bytes', () => {
  fc.assert(
    fc.property(fc.array(event, { minLength: 1 }), fc.option(fc.constant('00-ab-cd-01')), (events, trace) => {
      const traceparent = trace ?? undefined;
      const pairs = encodeEntry(events, traceparent);
      for (const answer of [pairs, pairs.map((part) => Buffer.from(part))]) {
        const entry = decodeEntry('5-9', answer);
        assert.is(entry.entryId, '5-9');
        assert.is(entry.traceparent, traceparent);
        assert.equal(
          entry.events.map(({ channel, payload, receiveTimeUs }) => [channel, payload.toString(), receiveTimeUs]),
          events.map(({ channel, payload, receiveTimeUs }) => [
            channel,
            Buffer.from(payload).toString(),
            receiveTimeUs,
          ]),
        );
      }
    }),
  );
});

test('is the contract, word for word', () => {
  const events = [
    { channel: 'depth', payload: '{"u":1}', receiveTimeUs: 1_000_000 },
    { channel: 'aggTrade', payload: '{"a":1}', receiveTimeUs: 1_000_002 },
    { channel: 'aggTrade', payload: '{"a":2}', receiveTimeUs: 999_999 },
  ];
  assert.equal(
    encodeEntry(events, '00-ab').join(' '),
    'v 1 receiveTimeUs 1000000 receiveTimeDeltasUs 0,2,-1 traceparent 00-ab depth {"u":1} aggTrade {"a":1} aggTrade {"a":2}',
  );
  assert.equal(encodeEntry(events.slice(0, 1)).join(' '), 'v 1 receiveTimeUs 1000000 depth {"u":1}');
});

test('lends the payload instead of copying it', () => {
  const payload = Buffer.from('{"u":1}');
  const entry = decodeEntry('1-0', ['v', '1', 'receiveTimeUs', '5', 'depth', payload]);
  assert.is(entry.events[0]!.payload, payload);
});

test('names what is wrong with an entry', () => {
  const refuses = (pairs: string[], pattern: RegExp) => assert.throws(() => decodeEntry('1-0', pairs), pattern);
  refuses(['v', '2', 'receiveTimeUs', '5', 'depth', '{}'], /entry 1-0\/v: expected "1", found "2"/);
  refuses(['v', '1', 'depth', '{}'], /entry 1-0\/receiveTimeUs: expected an integer/);
  refuses(['v', '1', 'receiveTimeUs', 'x', 'depth', '{}'], /receiveTimeUs: expected an integer/);
  for (const deltas of ['', '0', '0,1,2', '0,', ',1', '0,x', '0,1.5', '0 1', '0,--1'])
    refuses(
      ['v', '1', 'receiveTimeUs', '5', 'receiveTimeDeltasUs', deltas, 'depth', '{}', 'trade', '{}'],
      /receiveTimeDeltasUs: expected 2 comma-separated integers/,
    );
});

test('a channel must not be taken for a header', () => {
  for (const channel of ['depth', 'kline_1m', 'depthSnapshot', 'a']) checkChannel(channel);
  for (const channel of ['v', 'receiveTimeUs', 'traceparent', '', '1m', 'a-b', 'a b', 'a'.repeat(41)])
    assert.throws(() => checkChannel(channel), /channel: expected a name such as/, channel);
});

test.run();
