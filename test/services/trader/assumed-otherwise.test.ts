import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { assumedOtherwise } from '../../../services/trader/assumed-otherwise.ts';

const test = suite('services/trader/assumed-otherwise');
const SESSION = { mode: 'paper', latency: '5,5', queue: 'risk-averse' } as const;

test('what a session assumes otherwise than the training is named with both', () => {
  const config = { latency: '20,30', queue: 'probability-even' };
  assert.equal(
    assumedOtherwise({ config }, SESSION).map((sentence) => sentence.split(':').slice(0, 2).join(':')),
    [
      '--latency: the session assumes 5,5, and the model was trained with 20,30',
      '--queue: the session assumes risk-averse, and the model was trained with probability-even',
    ],
  );
  assert.equal(assumedOtherwise({ config: { ...config, latency: '5, 5', queue: 'risk-averse' } }, SESSION), []);
});

test('candles have no queue, and the exchange assumes nothing', () => {
  assert.is(assumedOtherwise({ config: { latency: '20,30' } }, SESSION).length, 1);
  assert.equal(assumedOtherwise({ config: { latency: '20,30' } }, { ...SESSION, mode: 'live' }), []);
});

test.run();
