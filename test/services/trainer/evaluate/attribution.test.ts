import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { random } from '../../../../operators/random.ts';
import { attributionOf } from '../../../../services/trainer/evaluate/attribution.ts';
import { costlessPass, decisionsOf, recordedPass } from '../../../../services/trainer/evaluate/recorded-pass.ts';
import { barData } from '../../../../services/trainer/run/bar-data.ts';
import type { Decide } from '../../../../services/trainer/run/pass.ts';
import { checkTrainConfig } from '../../../../services/trainer/run/train-config.ts';
import { madeBars } from '../../../pipelines/simulation/made-bars.ts';
import { SCALE } from '../../../pipelines/simulation/small-bars.ts';

const test = suite('services/trainer/evaluate/attribution');
const bars = madeBars(1, 600);
const HOUR_MS = 3_600_000;

/** Funding each hour, so that there is some. */
function data(more: object = {}) {
  const timesMs = Float64Array.from({ length: 8 }, (_, n) => Math.ceil(bars.openTimesMs[0]! / HOUR_MS + n) * HOUR_MS);
  const funding = { timesMs, rates: timesMs.map((_, n) => (n % 3 === 0 ? 0.001 : -0.0003)) };
  const config = checkTrainConfig({ instrument: 'simulated:TEST', interval: '1m', features: ['rsi'], ...more });
  return barData(config, { bars, scale: SCALE, funding: { funding, recording: undefined } });
}

function byChance(seed: number): Decide {
  const { uniform, below } = random(seed);
  let action = 0;
  return () => {
    if (uniform() < 0.1) action = below(3);
    return action;
  };
}

for (const [what, more] of [
  ['', {}],
  [', with the account lost on the way', { equityShare: 20, leverage: 20 }],
] as const)
  test(`gross less all costs is what the equity has become${what}`, () => {
    const its = data(more);
    const seeds = Array.from({ length: 20 }, (_, n) => n + 1);
    const parts = seeds.map((seed) => attributionOf(recordedPass(its, its.train, byChance(seed))));
    for (const { gross, delay, spread, fees, liquidationFees, funding, insurance, net } of parts)
      assert.ok(
        Math.abs(gross - delay - spread - fees - liquidationFees + funding + insurance - net) < 1e-4,
        `${gross} ${delay} ${spread} ${fees} ${liquidationFees} ${funding} ${insurance} ${net}`,
      );
    for (const name of ['delay', 'spread', 'fees', 'funding'] as const)
      assert.ok(
        parts.some((part) => part[name] !== 0),
        `some ${name}`,
      );
    assert.is(
      parts.some(({ liquidationFees }) => liquidationFees > 0),
      what !== '',
    );
  });

test('the same decisions without costs pay none, and are filled at the prices of the market', () => {
  const its = data();
  const pass = recordedPass(its, its.train, byChance(1));
  const free = costlessPass(its, its.train, pass);
  assert.equal([free.fees, free.funding], [0, 0]);
  assert.equal(free.timesMs, pass.timesMs);
  assert.equal(free.position.map(Math.sign), pass.position.map(Math.sign));
  const cost = attributionOf(pass);
  // Sizes go by each one's equity, and so the two are near each other and not the same.
  const gained = free.equity.at(-1)! - free.equity[0]!;
  assert.ok(Math.abs(gained - (cost.gross - cost.delay)) < 0.1 * Math.abs(cost.gross - cost.delay - cost.net));
  let equity = free.equity[0]!;
  for (let n = 1; n < free.equity.length; n++) {
    const filledAt = bars.open[bars.openTimesMs.indexOf(free.timesMs[n]! - bars.intervalMs)]!;
    equity += free.position[n - 1]! * (filledAt - free.price[n - 1]!) + free.position[n]! * (free.price[n]! - filledAt);
  }
  assert.ok(Math.abs(equity - free.equity.at(-1)!) < 1e-4, `${equity} and ${free.equity.at(-1)}`);
});

test('decisions at another time are the same ones, gone round', () => {
  const next = decisionsOf({ actions: [0, 1, 2] }, 2);
  const observation = new Float32Array();
  assert.equal(
    [0, 1, 2, 3].map((bar) => next(observation, bar)),
    [2, 0, 1, 2],
  );
});

test.run();
