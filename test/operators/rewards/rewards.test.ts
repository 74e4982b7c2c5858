import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Reward, RewardDefinition } from '../../../operators/rewards/reward.ts';
import {
  createReward,
  isRewardName,
  type NamedReward,
  REWARDS,
  rewardNamed,
} from '../../../operators/rewards/rewards.ts';
import { says } from '../../support/says.ts';

const test = suite('operators/rewards');

/** Equity, position, price and target of a step. */
type Row = readonly [equity: number, position?: number, price?: number, target?: number];

function rewardsOf(reward: Reward, equity: number, rows: readonly Row[]): number[] {
  reward.reset(equity, 100);
  return rows.map(([now, position = 0, price = 100, target = 0]) => reward.next(now, position, price, target));
}

const near = (found: readonly number[], expected: readonly number[]): void => {
  assert.is(found.length, expected.length);
  found.forEach((value, n) => {
    const bound = 1e-12 * Math.max(1, Math.abs(expected[n]!));
    assert.ok(Math.abs(value - expected[n]!) <= bound, `${n}: expected ${expected[n]}, found ${value}`);
  });
};

test('pnl is the change of the equity, by the scale', () => {
  near(rewardsOf(rewardNamed({ name: 'pnl' }), 1_000, [[1_010], [990], [990]]), [10, -20, 0]);
  near(rewardsOf(rewardNamed({ name: 'pnl', parameters: { scale: 0.01 } }), 1_000, [[1_010], [990]]), [0.1, -0.2]);
});

test('log return sums to the growth, and a ruin counts once', () => {
  const found = rewardsOf(rewardNamed({ name: 'log-return' }), 1_000, [[1_100], [900], [0], [-5], [10]]);
  near(found, [Math.log(1.1), Math.log(900 / 1_100), Math.log(1e-6), 0, 0]);
});

test('differential Sharpe is the derivative of the moving Sharpe ratio by the rate of its averages', () => {
  const reward = rewardNamed({ name: 'differential-sharpe', parameters: { rate: 0.1, bound: 1_000 } });
  const equities = [1_000, 1_010, 1_005, 1_020, 1_011, 1_030];
  const found = rewardsOf(
    reward,
    1_000,
    equities.slice(1).map((equity): Row => [equity]),
  );
  let [mean, square] = [0, 0];
  const ratio = (a: number, b: number): number => a / Math.sqrt(b - a * a);
  equities.slice(1).forEach((equity, n) => {
    const change = equity / equities[n]! - 1;
    const moved = (rate: number) => [mean + rate * (change - mean), square + rate * (change ** 2 - square)] as const;
    if (n === 0) assert.is(found[0], 0, 'nothing has moved yet');
    else {
      // By a difference in place of the derivative.
      const derivative = (ratio(...moved(1e-7)) - ratio(...moved(-1e-7))) / 2e-7;
      assert.ok(Math.abs(found[n]! - derivative) < 1e-6, `${n}: expected ${derivative}, found ${found[n]}`);
    }
    [mean, square] = moved(0.1);
  });
  const bounded = rewardNamed({ name: 'differential-sharpe', parameters: { rate: 0.01, bound: 0.5 } });
  assert.equal(rewardsOf(bounded, 1_000, [[1_001], [1_002], [500]]).slice(1), [0.5, -0.5]);
});

test('drawdown is paid for when it deepens, and not when it is made up for', () => {
  const reward = rewardNamed({ name: 'drawdown-penalised', parameters: { weight: 2 } });
  near(rewardsOf(reward, 1_000, [[1_250], [1_000], [1_125], [875], [1_300]]), [
    0.25,
    -0.25 - 2 * 0.2,
    0.125,
    -0.25 - 2 * 0.2,
    0.425,
  ]);
});

test('inventory costs by the square of its value', () => {
  const reward = rewardNamed({ name: 'inventory-penalised', parameters: { weight: 0.5 } });
  near(rewardsOf(reward, 1_000, [[1_010, 5, 200], [1_010, -2, 100], [1_000]]), [0.01 - 0.5, -0.5 * 0.04, -0.01]);
});

test('implementation shortfall is what paper earned more', () => {
  const reward = rewardNamed({ name: 'implementation-shortfall' });
  // 3 wanted and the price up by 2: 6 on paper, of which 4 came; then −3 wanted and down by 5.
  near(rewardsOf(reward, 1_000, [[1_004, 2, 102, 3], [1_019, -3, 97, -3], [1_018]]), [-2, 0, -1]);
});

test('nothing of an episode is left in the next', () => {
  const rows: Row[] = [
    [1_100, 1, 101, 1],
    [900, 2, 99, 2],
    [1_300, -1, 104, 1],
    [1_250, 0, 90, 0],
  ];
  for (const definition of Object.values(REWARDS) as RewardDefinition[]) {
    const reward = createReward(definition);
    const first = rewardsOf(reward, 1_000, rows);
    assert.equal(rewardsOf(reward, 1_000, rows), first, definition.name);
    assert.ok(first.some((value) => value !== 0));
  }
});

test('each is known by its own name, and says its formula and source', () => {
  for (const [name, { name: own, formula, source, title }] of Object.entries(REWARDS)) {
    assert.is(own, name);
    assert.ok(isRewardName(name));
    for (const text of [formula, source, title]) assert.ok(text.length > 5);
  }
  assert.not(isRewardName('toString'));
});

test('what there is not is refused by name', () => {
  const of = (named: unknown) => () => rewardNamed(named as NamedReward);
  assert.throws(of({ name: 'pln' }), /^reward: expected one of pnl, log-return, .*, found pln/);
  assert.throws(
    of({ name: 'pnl', parameters: { scales: 1 } }),
    says('reward pnl, scales: expected parameters among scale, found scales'),
  );
  assert.throws(of({ name: 'pnl', parameters: { scale: 0 } }), /^reward pnl, scale: expected a number from 1e-12/);
});

test.run();
