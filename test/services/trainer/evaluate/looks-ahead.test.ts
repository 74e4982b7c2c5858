import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { BarFeatures } from '../../../../pipelines/environment/bar-features.ts';
import { foreknownFeatures, tellingFeatures } from '../../../../services/trainer/evaluate/looks-ahead.ts';
import type { BarTape } from '../../../../streams/tape/bar-tape.ts';
import { madeMarket, withForeknowledge } from './made-market.ts';

const test = suite('services/trainer/evaluate/looks-ahead');
const data = madeMarket({ persistence: 0.5, move: 0.001, candles: 2_000 });

test('features of the catalogue are known at the close, and tell nothing where there is nothing to tell', () => {
  assert.equal(foreknownFeatures(data), []);
  assert.equal(tellingFeatures(data, data.train), []);
});

test('a market that goes on as it went is told of by its features a candle late too', () => {
  const going = madeMarket({ persistence: 0.95, move: 0.001, candles: 2_000 });
  assert.equal(tellingFeatures(going, going.train), []);
});

test('a feature that is the next return is found, and how', () => {
  const planted = withForeknowledge(data);
  const [found, ...others] = foreknownFeatures(planted);
  assert.equal([found!.column, found!.known, others], ['planted', null, []]);
  const [telling, ...more] = tellingFeatures(planted, planted.train);
  assert.is(telling!.column, 'planted');
  assert.ok(telling!.correlation > 0.99 && Math.abs(telling!.late) < 0.1);
  assert.equal(more, []);
});

test('a feature that is computed with the candle after it is found, with the place and both values', () => {
  const { values, columns } = data.features;
  // As if each row had been written one candle early.
  const early = values.slice();
  for (let row = 0; row + 1 < values.length / columns.length; row++)
    early[row * columns.length] = values[(row + 1) * columns.length]!;
  const [found, ...others] = foreknownFeatures({ ...data, features: { ...data.features, values: early } });
  assert.equal(others, []);
  assert.is(found!.column, columns[0]);
  const row = data.bars.openTimesMs.indexOf(found!.timeMs - data.bars.intervalMs);
  assert.equal([found!.told, found!.known], [early[row * columns.length], values[row * columns.length]]);
});

test('one that looks a candle ahead wherever it is computed is found where the candles are cut', () => {
  const { columns } = data.features;
  const compute = ({ close }: BarTape): BarFeatures => {
    const values = Float64Array.from({ length: close.length * columns.length }, (_, at) => {
      const row = Math.floor(at / columns.length);
      return close[Math.min(close.length - 1, row + 1)]!;
    });
    return { ...data.features, values };
  };
  const [found] = foreknownFeatures({ ...data, features: compute(data.bars) }, compute);
  const row = data.bars.openTimesMs.indexOf(found!.timeMs - data.bars.intervalMs);
  assert.equal([found!.told, found!.known], [data.bars.close[row + 1], data.bars.close[row]]);
});

test.run();
