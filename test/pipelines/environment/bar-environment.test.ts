import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { constantLatency } from '../../../operators/matching/latency.ts';
import { rewardNamed } from '../../../operators/rewards/rewards.ts';
import { DEFAULT_RISK_LIMITS } from '../../../operators/risk/risk-limits.ts';
import { says } from '../../support/says.ts';
import { barsOf, type Candle, MINUTE_MS } from '../simulation/small-bars.ts';
import { FLAT, handMade, LONG, SHORT } from './small-environment.ts';

const test = suite('pipelines/environment/bar-environment');

/** To a millionth: sums of doubles are rounded. */
const near = (found: number, expected: number): void =>
  assert.ok(Math.abs(found - expected) < 1e-6, `expected ${expected}, found ${found}`);

test('fees, spread, slippage and funding of a step, by hand', () => {
  const bars = barsOf([FLAT, FLAT, FLAT, [1_000, 1_010, 1_000, 1_010, 10_000], FLAT], [[2 * MINUTE_MS, 0.001]]);
  const environment = handMade(bars);
  environment.reset();
  const bought = environment.step(LONG);
  // Bought at 1,000, half a spread of 1 and slippage of 1 above: 50 × 2 lost, and 0.05 % of 50,100. At the end of that minute
  // 1 ‰ of 50,000 is paid.
  assert.is(bought.info['position'], 50);
  assert.is(bought.info['fees'], 25.05);
  assert.is(bought.info['funding'], -50);
  near(bought.reward, -100 - 25.05 - 50);
  const held = environment.step(LONG);
  assert.is(held.reward, 0);
  assert.is(held.info['sent'], 1);
  // 100 sold at 1,000 − 2, of which 50 are short while the price rises by 10.
  const turned = environment.step(SHORT);
  assert.is(turned.info['position'], -50);
  assert.is(turned.info['fees'], 25.05 + 49.9);
  near(turned.reward, -200 - 49.9 - 500);
  near(turned.info['equity'] as number, 2_000 - 175.05 - 749.9);
});

test('a position that is liquidated to nothing ends the episode, by hand', () => {
  // 2,000 of collateral, 50 bought at 1,002 with a fee of 25.05: at 960 nothing is left, at 962 less than is needed.
  const bars = barsOf([FLAT, FLAT, [1_000, 1_010, 980, 1_000, 10_000], [1_000, 1_200, 955, 1_200, 10_000], FLAT]);
  const environment = handMade(bars);
  environment.reset();
  environment.step(LONG);
  const held = environment.step(LONG);
  assert.equal([held.terminated, held.info['liquidations']], [false, 0]);
  near(held.info['equity'] as number, 2_000 - 100 - 25.05);
  const lost = environment.step(LONG);
  assert.equal([lost.terminated, lost.truncated, lost.info['end']], [true, false, 'ruin']);
  assert.equal([lost.info['liquidations'], lost.info['equity'], lost.info['position']], [1, 0, 0]);
  near(lost.reward, -(2_000 - 100 - 25.05));
  assert.throws(
    () => environment.step(LONG),
    says('step: expected an episode under way, found none: reset begins one'),
  );
});

test('what is observed of the account', () => {
  const bars = barsOf([FLAT, FLAT, FLAT, [1_000, 1_010, 1_000, 1_010, 10_000], FLAT]);
  const environment = handMade(bars, { latency: constantLatency(90_000, 0) });
  assert.equal(environment.observationNames.slice(2), ['position', 'unrealised', 'since_trade', 'open_orders']);
  const account = ({ observation }: { observation: Float32Array }): number[] => [...observation].slice(2);
  assert.equal(account(environment.reset()), [0, 0, 1, 0]);
  // It is on its way for a minute and a half: it meets the next open but one.
  assert.equal(account(environment.step(LONG)), [0, 0, 1, 1]);
  const wallet = 2_000 - 25.05;
  assert.equal(account(environment.step(LONG)), [0, 0, 1, 1]);
  assert.equal(account(environment.step(LONG)), [1, Math.fround((50 * (1_010 - 1_002)) / wallet), 0, 0]);
  assert.equal(account(environment.step(LONG)), [
    1,
    Math.fround((50 * (1_000 - 1_002)) / wallet),
    Math.fround(0.01),
    0,
  ]);
});

test('an order is for the difference, in whole steps, and of at least the least quantity', () => {
  const bars = barsOf(Array.from({ length: 9 }, () => FLAT));
  const environment = handMade(bars, { actions: { type: 'continuous' }, size: { qty: 10, minQty: 3 } });
  environment.reset();
  const positions = [0.52, 0.7, 0.76, -1, -0.75, 0, 0.2].map(
    (target) => environment.step(Float32Array.of(target)).info['position'],
  );
  assert.equal(positions, [5, 5, 8, -10, -10, 0, 0]);
});

test('what was not filled for want of volume is sent again while it is wanted', () => {
  const bars = barsOf([FLAT, [1_000, 1_000, 1_000, 1_000, 200], [1_000, 1_000, 1_000, 1_000, 250], FLAT, FLAT]);
  const environment = handMade(bars);
  environment.reset();
  const positions = [0, 1, 2].map(() => environment.step(LONG).info['position']);
  assert.equal(positions, [20, 45, 50]);
});

test('a share of the equity is reckoned where another target is said, and then held', () => {
  const rising = [1_000, 1_000, 1_200, 1_200, 1_200].map((close): Candle => [close, close, close, close, 10_000]);
  const environment = handMade(barsOf(rising), {
    actions: { type: 'targets', targets: [1, 0.5] },
    size: { equityShare: 20 },
  });
  const positions = (actions: readonly number[]) => actions.map((action) => environment.step(action).info['position']);
  environment.reset();
  // 20 × 2,000 ÷ 1,000; then half of what 20 times the equity buys at 1,200.
  const equity = 2_000 - 40 * 2 - 0.0005 * 40 * 1_002 + 40 * 200;
  assert.equal(positions([0, 0, 1, 1]), [
    40,
    40,
    ...Array(2).fill(Math.round(0.5 * Math.floor((20 * equity) / 1_200))),
  ]);
  // The next episode begins with nothing wanted, though the target is the same as the last one’s.
  environment.reset();
  assert.equal(positions([1, 1]), [20, 20]);
});

test('a position is made smaller also where the day’s loss lets nothing else be sent', () => {
  const falling = [1_000, 1_000, 990, 990, 990, 990].map((close): Candle => [close, close, close, close, 10_000]);
  const limits = { ...DEFAULT_RISK_LIMITS, maxDailyLoss: 300 };
  const environment = handMade(barsOf(falling), { limits, actions: { type: 'continuous' } });
  environment.reset();
  const steps = [1, 1, -1, 0.5, 0].map((target) => {
    const { position, stopped } = environment.step(Float32Array.of(target)).info;
    return [position, stopped];
  });
  assert.equal(steps, [
    [50, 0],
    [50, 0],
    [50, 1],
    [25, 1],
    [0, 1],
  ]);
});

test('the shortfall is what costs and funding took of what the decisions were worth, by hand', () => {
  const bars = barsOf([FLAT, [1_000, 1_020, 1_000, 1_020, 10_000], FLAT], [[2 * MINUTE_MS, 0.001]]);
  const environment = handMade(bars, { reward: rewardNamed({ name: 'implementation-shortfall' }) });
  environment.reset();
  const { reward } = environment.step(LONG);
  near(reward, -(50 * 2) - 0.0005 * 50_100 - 0.001 * 50 * 1_020);
});

test.run();
