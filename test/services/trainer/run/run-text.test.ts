import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { random } from '../../../../operators/random.ts';
import type { Judgement } from '../../../../services/trainer/run/judge.ts';
import { compareOnBars } from '../../../../services/trainer/run/judge-bars.ts';
import { trainVerdict } from '../../../../services/trainer/run/run-text.ts';

const test = suite('services/trainer/run/run-text');
const DAY_MS = 86_400_000;

const run = (sharpe: number, low: number, high: number) => ({
  tested: { sharpe, sharpeInterval: { low, high, level: 0.95 } },
});

test('the median of two seeds is neither of them, and what is not beaten is named first', () => {
  const comparisons = [
    { name: 'flat', is: 'not told' },
    { name: 'holding', is: 'better' },
    { name: 'trend', is: 'worse' },
  ] as const;
  const verdict = trainVerdict({ runs: [run(-0.78, -3, 0.4), run(0.98, -3, 3.3)], comparisons });
  assert.match(
    verdict,
    /^Out of sample: a median Sharpe ratio of 0\.10 over 2 seeds; on average no better than flat, trend \(worse\); better than holding\. /,
  );
  assert.match(verdict, /cannot be told from luck\.$/);
  assert.match(
    trainVerdict({ runs: [run(1, 0.1, 2)], comparisons: comparisons.slice(1, 2), tried: 9 }),
    /1 seed; on average better than holding\. For every seed .* above 0\. The settings are those of 9 that were best/,
  );
});

/** As many days of returns. */
function judged(name: string, returns: readonly number[]): Judgement {
  const nothing = { fees: 0, funding: 0, filled: 1, liquidations: 0, maxDrawdown: 0, aboveHolding: null };
  return { name, ...nothing, total: 0, sharpe: null, sharpeInterval: null, periodMs: DAY_MS, returns };
}

test('better than another is the seeds’ average by its interval, and no seed’s Sharpe ratio', () => {
  const seedOf = (edge: number, seed: number) => {
    const { normal } = random(seed);
    const tested = judged(
      `seed ${seed}`,
      Array.from({ length: 120 }, () => edge + 0.01 * normal()),
    );
    return { trained: tested, tested };
  };
  const flat = judged('flat', new Array<number>(120).fill(0));
  const ruined = judged('ruined', [...new Array<number>(30).fill(-0.01), -1]);
  const sumOf = ({ tested }: ReturnType<typeof seedOf>): number => tested.returns.reduce((sum, gain) => sum + gain, 0);
  // Each gains, and all of it may be luck.
  const lucky = [6, 7, 8, 11].map((seed) => seedOf(0.0003, seed)).filter((each) => sumOf(each) > 0);
  assert.ok(lucky.length >= 2);
  assert.equal(
    compareOnBars(lucky, [flat]).map(({ name, is }) => [name, is]),
    [['flat', 'not told']],
  );
  const skilled = [1, 2, 3].map((seed) => seedOf(0.004, seed));
  assert.equal(
    compareOnBars(skilled, [flat, ruined, { ...skilled[0]!.tested, name: 'one of them' }]).map(({ is }) => is),
    ['better', 'better', 'not told'],
  );
  const { mean } = compareOnBars(skilled, [ruined])[0]!;
  const ofSeeds = skilled.reduce((sum, each) => sum + sumOf(each), 0) / 3;
  assert.is(mean.toFixed(9), ((ofSeeds + 0.3 + 1) / 120).toFixed(9));
  const lost = [1, 2].map((seed) => seedOf(-0.004, seed));
  assert.is(compareOnBars(lost, [flat])[0]!.is, 'worse');
});

test.run();
