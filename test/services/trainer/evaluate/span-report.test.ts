import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { circularShifts } from '../../../../services/trainer/evaluate/circular-shifts.ts';
import { middleOf, totalReturn } from '../../../../services/trainer/evaluate/figures.ts';
import type { AgentOutcome } from '../../../../services/trainer/evaluate/span-evaluation.ts';
import { spanReport } from '../../../../services/trainer/evaluate/span-report.ts';

const test = suite('services/trainer/evaluate/span-report');
const DAY_MS = 86_400_000;
const NOTHING = { gross: 0, delay: 0, spread: 0, fees: 0, liquidationFees: 0, insurance: 0, funding: 0, net: 0 };

function agent(name: string, costed: readonly number[], turned: readonly (readonly number[])[]): AgentOutcome {
  return { name, costed, costless: costed, attribution: NOTHING, filled: 3, liquidations: 0, turned, delayed: [] };
}

test('the row of random is the middle one of the tries, and what it is compared with is their mean', () => {
  const tries = [
    [0.04, 0.02],
    [-0.3, 0.1],
    [0.01, 0.01],
    [0.5, -0.1],
    [0.02, -0.02],
  ];
  // Seeds that do the same a little more and a little less.
  const of = (name: string, more: number): AgentOutcome =>
    agent(
      name,
      [0.02 + more, 0],
      tries.map((list) => list.map((gain) => gain + more)),
    );
  const agents = [of('seed 1', 0.004), of('seed 2', -0.004)];
  const { random, comparisons } = spanReport({ fromMs: 0, toMs: 2 * DAY_MS, periodMs: DAY_MS, agents, rules: [] });
  assert.is(random.figures.total.toFixed(12), (1.01 * 1.01 - 1).toFixed(12));
  assert.equal([random.tries, random.asGood, random.pValue], [5, 3, 4 / 6]);
  const [{ name, mean }] = comparisons as [(typeof comparisons)[number]];
  const meanOfTries = tries.flat().reduce((sum, gain) => sum + gain, 0) / 10;
  assert.equal([name, mean.toFixed(12)], ['random', (0.01 - meanOfTries).toFixed(12)]);
});

test('of two in the middle it is the better one, a ruin is the worst, and of none there is none', () => {
  assert.is(middleOf([[0.3], [0.1], [-1, 0], [0.2]]), 3);
  assert.is(middleOf([[-1], [-1, 0.5], [0.1]]), 1);
  assert.is(middleOf([]), -1);
  assert.is(totalReturn([0.5, -0.5]), -0.25);
});

test('decisions are shifted by the same parts of each pass, neither by next to nothing nor by next to all', () => {
  const shifts = circularShifts(DAY_MS, 200);
  const [long, short] = [shifts(1_000), shifts(100)];
  assert.equal(shifts(1_000), long);
  assert.equal(circularShifts(DAY_MS, 200)(1_000), long);
  assert.not.equal(circularShifts(2 * DAY_MS, 200)(1_000), long);
  assert.ok(long.every((by, n) => Math.abs(by - 10 * short[n]!) < 10));
  assert.ok(Math.min(...long) >= 100 && Math.max(...long) < 900);
  assert.ok(new Set(long).size > 150);
  assert.equal(circularShifts(DAY_MS, 2)(1), [1, 1]);
});

test.run();
