import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import * as keys from '../../streams/keys.ts';

const test = suite('streams/keys');
const I = 'simulated:BTCUSDT';
const R = '0123456789ab';

test('builds the keys of the contract', () => {
  assert.is(keys.rawKey(I, 'live'), 'don:{simulated:BTCUSDT}:raw');
  assert.is(keys.rawKey(I, R), 'don:{simulated:BTCUSDT}:raw:0123456789ab');
  assert.is(keys.sequenceKey(I, 'live'), 'don:{simulated:BTCUSDT}:sequence');
  assert.is(keys.sequenceKey(I, R), 'don:{simulated:BTCUSDT}:sequence:0123456789ab');
  assert.is(keys.recentKey(I, R), 'don:{simulated:BTCUSDT}:recent:0123456789ab');
  assert.is(keys.featuresKey(I), 'don:{simulated:BTCUSDT}:features');
  assert.is(keys.featureSetKey(I, 'custom_bid-v1'), 'don:{simulated:BTCUSDT}:features:custom_bid-v1');
  assert.is(keys.streamedSetsKey(I), 'don:{simulated:BTCUSDT}:streamed-sets');
  assert.is(keys.deadLettersKey(I), 'don:{simulated:BTCUSDT}:dead-letters');
  assert.is(keys.checkpointKey(I, 'deriver', 'live'), 'don:{simulated:BTCUSDT}:checkpoint:deriver');
  assert.is(keys.checkpointKey(I, 'deriver', R), 'don:{simulated:BTCUSDT}:checkpoint:deriver:0123456789ab');
  assert.is(keys.recordingsKey(I), 'don:{simulated:BTCUSDT}:recordings');
  assert.is(keys.INSTRUMENTS_KEY, 'don:instruments');
  assert.is(keys.statusKey('recorder'), 'don:status:recorder');
});

test('refuses what would build a key of something else', () => {
  assert.throws(() => keys.rawKey('BTCUSDT', 'live'), /instrument: expected venue:SYMBOL/);
  for (const recording of ['', 'Live', '0123456789a', '0123456789abc', '0123456789aG'])
    assert.throws(() => keys.rawKey(I, recording), /recording: expected "live" or 12 hex digits/);
  assert.throws(() => keys.checkpointKey(I, 'a:b', 'live'), /consumer: expected lower-case/);
  for (const set of ['', 'bid', 'Bid-v1', 'bid-v0', 'a:b-v1'])
    assert.throws(() => keys.featureSetKey(I, set), /set: expected name-v1/);
  assert.throws(() => keys.statusKey(''), /service: expected lower-case/);
});

test('knows whose checkpoint a key is', () => {
  const live = keys.checkpointKey(I, 'deriver', 'live');
  const imported = keys.checkpointKey(I, 'deriver', R);
  assert.is(keys.consumerOf(live, I, 'live'), 'deriver');
  assert.is(keys.consumerOf(imported, I, 'live'), undefined);
  assert.is(keys.consumerOf(imported, I, R), 'deriver');
  assert.is(keys.consumerOf(live, I, R), undefined);
});

test.run();
