import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { inBatch } from '../../operators/in-batch.ts';
import { macd } from '../../operators/indicators/macd.ts';
import { sma } from '../../operators/indicators/sma.ts';
import { walk } from './indicators/bars.ts';

const test = suite('operators/in-batch');

test('gives a column as long as the inputs, NaN where nothing was said', () => {
  const [means] = inBatch(sma({ period: 2 }), [1, 3, 5]);
  assert.equal([...means!], [Number.NaN, 2, 4]);
  assert.equal(inBatch(sma({ period: 2 }), []), [new Float64Array()]);
});

test('gives the outputs that are named, in that order, and what the fold says one by one', () => {
  const closes = walk(80).map(({ close }) => close);
  const projection = macd({ fast: 12, slow: 26, signal: 9 });
  const [histogram, line] = inBatch(projection, closes, ['histogram', 'line']);
  let state = projection.initialState();
  for (const [n, close] of closes.entries()) {
    state = projection.evolve(state, close);
    const said = projection.project(state, close);
    assert.equal([histogram![n], line![n]], [said?.histogram ?? Number.NaN, said?.line ?? Number.NaN]);
  }
});

test.run();
