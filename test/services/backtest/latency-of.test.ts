import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { random } from '../../../operators/random.ts';
import { latencyOf } from '../../../services/backtest/latency-of.ts';

const test = suite('services/backtest/latency-of');

test('a latency is read from its text', () => {
  const of = (text: string) => {
    const { entryUs, responseUs } = latencyOf(text)!;
    return [entryUs(random(1), 2_000), responseUs(random(1), 2_000)];
  };
  assert.equal(of('5,7'), [5_000, 7_000]);
  assert.equal(of('recorded'), [2_000, 2_000]);
  assert.equal(of('recorded,4,3'), [8_000, 6_000]);
  assert.match(latencyOf('5,7,0.5')!.name, /log-normal/);
});

test('what is no latency is none', () => {
  for (const text of [
    '',
    '5',
    '5,',
    '5,-1',
    '5,6,7,8',
    'recorded,4',
    'recorded,,3',
    'recorded,1,-1',
    'recorded,1,1,1',
    'feed',
  ])
    assert.is(latencyOf(text), undefined, text);
});

test.run();
