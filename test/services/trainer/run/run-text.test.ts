import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { trainVerdict } from '../../../../services/trainer/run/run-text.ts';

const test = suite('services/trainer/run/run-text');

const run = (sharpe: number, low: number, high: number) => ({
  tested: { sharpe, sharpeInterval: { low, high, level: 0.95 } },
});
const FLAT = { name: 'flat', sharpe: null };

test('the median of two seeds is neither of them, and what is not beaten by every seed is named', () => {
  const verdict = trainVerdict({ runs: [run(-0.78, -3, 0.4), run(0.98, -3, 3.3)], baselines: [FLAT] });
  assert.match(verdict, /^Out of sample: a median Sharpe ratio of 0\.10 over 2 seeds\. No better than flat\./);
  assert.match(verdict, /cannot be told from luck\.$/);
});

test.run();
