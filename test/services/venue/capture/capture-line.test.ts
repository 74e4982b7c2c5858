import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parseFrame, parseLine, symbolOf } from '../../../../services/venue/capture/capture-line.ts';

test('reads receive times in ms, µs and ns, and the frame as it is', () => {
  assert.equal(parseLine('1680652700423 {"a": 1}'), { receiveTimeUs: 1680652700423000, text: '{"a": 1}' });
  assert.equal(parseLine('1680652700423575 {"a":1} '), { receiveTimeUs: 1680652700423575, text: '{"a":1} ' });
  assert.equal(parseLine('1723161255088169167 {}'), { receiveTimeUs: 1723161255088169, text: '{}' });
  for (const line of ['{"a":1}', '123 {}', '1680652700423', '1680652700423\t{}']) assert.is(parseLine(line), undefined);
});

test('tells the stream and the payload, of a damaged frame too', () => {
  const event = (stream: string, payload: string) => ({ kind: 'event', stream, payload });
  assert.equal(parseFrame('{"stream":"x@trade","data":{"e":1}}'), event('x@trade', '{"e":1}'));
  assert.equal(parseFrame('{ "stream": "x@trade", "data": {"e": 1}}'), event('x@trade', '{"e": 1}'));
  assert.equal(parseFrame('{"stream":"x@trade","data":{"e":'), event('x@trade', '{"e":'));
  assert.equal(parseFrame('{"lastUpdateId": 5,"bids":[]'), { kind: 'snapshot' });
  assert.equal(parseFrame('{"result":null,"id":1}'), { kind: 'unknown' });
});

test('names the symbol of a stream, none for one of all symbols', () => {
  assert.is(symbolOf('btcusdt@depth@0ms'), 'BTCUSDT');
  assert.is(symbolOf('!bookTicker'), undefined);
  assert.is(symbolOf('!forceOrder@arr'), undefined);
});

test.run();
