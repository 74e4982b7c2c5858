import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { barData } from '../../../../services/trainer/run/bar-data.ts';
import { checkTrainConfig } from '../../../../services/trainer/run/train-config.ts';
import { madeBars } from '../../../pipelines/simulation/made-bars.ts';
import { SCALE } from '../../../pipelines/simulation/small-bars.ts';

const test = suite('services/trainer/run/check-warm-up');

function dataOf(candles: number, more: object = {}) {
  const bars = madeBars(1, candles);
  const features = [{ feature: 'rate_of_change', column: 'return_20', parameters: { period: 20 } }, 'balance_of_power'];
  const config = checkTrainConfig({ instrument: 'simulated:TEST', interval: '1m', features, ...more });
  return barData(config, { bars, scale: SCALE, funding: { funding: bars.funding, recording: undefined } });
}

test('a recording shorter than the warm-up is refused by the feature that needs most, in candles and times of UTC', () => {
  assert.throws(
    () => dataOf(16),
    /^train: expected a span long enough for its features, found \d{4}-\d\d-\d\d \d\d:\d\d:00 to .* UTC: return_20 is valid after 21 candles of 1m, the training span has 12$/,
  );
  const { train, normalisation } = dataOf(27);
  assert.equal([normalisation.fromMs, normalisation.toMs], [train.fromMs, train.toMs]);
});

test('candles before the training span warm up too', () => {
  const { openTimesMs } = madeBars(1, 60);
  const iso = (n: number): string => new Date(openTimesMs[n]!).toISOString();
  const spans = (from: number, to: number) => ({
    train: { from: iso(from), to: iso(to) },
    test: { from: iso(50), to: iso(59) },
  });
  assert.throws(() => dataOf(60, spans(5, 20)), /the training span has 15 and 5 candles before it$/);
  assert.ok(dataOf(60, spans(5, 21)));
});

test.run();
