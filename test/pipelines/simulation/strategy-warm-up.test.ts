import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { WantedFeature } from '../../../pipelines/simulation/strategy-features.ts';
import { strategyWarmUpMs } from '../../../pipelines/simulation/strategy-warm-up.ts';

const test = suite('pipelines/simulation/strategy-warm-up');

const warmUpOf = (features: readonly WantedFeature[], barMs = 5_000): number =>
  strategyWarmUpMs({ name: 'test', features, barMs: () => barMs }, {});

test('is twice that of the slowest feature, of bars, of time, and of what it is of', () => {
  assert.is(warmUpOf([]), 0);
  assert.is(warmUpOf([{ feature: 'sma', parameters: { period: 20 } }]), 2 * 20 * 5_000);
  assert.is(
    warmUpOf([
      { feature: 'sma', column: 'fast', parameters: { period: 5 } },
      { feature: 'rate_of_change', column: 'roc', parameters: { period: 60 } },
    ]),
    2 * 61 * 5_000,
  );
  assert.is(warmUpOf(['microprice']), 0);
  assert.is(warmUpOf([{ feature: 'trade_imbalance', parameters: { windowMs: 30_000 } }]), 2 * 30_000);
});

test.run();
