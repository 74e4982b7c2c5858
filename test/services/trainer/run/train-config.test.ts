import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { barData } from '../../../../services/trainer/run/bar-data.ts';
import { algorithmOf } from '../../../../services/trainer/run/config-algorithm.ts';
import { checkTrainConfig } from '../../../../services/trainer/run/train-config.ts';
import { madeBars } from '../../../pipelines/simulation/made-bars.ts';
import { SCALE } from '../../../pipelines/simulation/small-bars.ts';

const test = suite('services/trainer/run/train-config');
const GOOD = { instrument: 'simulated:TEST', interval: '1m' };

test('what is not said is as usual, and all of it is there', () => {
  const config = checkTrainConfig(GOOD);
  assert.is(config.features.length, 10);
  assert.equal([config.ppo!.gamma, config.ppo!.normalisesReturns, config.seeds], [0.98, true, [1, 2, 3]]);
});

test('an algorithm is named by the field of its settings', () => {
  const dqn = checkTrainConfig({ ...GOOD, dqn: { nSteps: 5 } });
  assert.equal([dqn.dqn!.nSteps, dqn.dqn!.gamma, dqn.ppo, dqn.sac], [5, 0.98, undefined, undefined]);
  const sac = checkTrainConfig({ ...GOOD, sac: {}, actions: { type: 'continuous' } });
  assert.equal(algorithmOf(sac), { name: 'sac', settings: sac.sac! });
  assert.is(algorithmOf(checkTrainConfig(GOOD)).name, 'ppo');
});

for (const [what, raw, expected] of [
  ['an unknown key', { rewards: 1 }, /^rewards: expected one of instrument, .*, found rewards; did you mean reward\?$/],
  ['no instrument', { instrument: 'BTC' }, /^instrument: expected venue:SYMBOL .*, found "BTC"$/],
  ['an unknown reward', { reward: { name: 'money' } }, /^reward\/name: expected one of pnl, .*, found "money"$/],
  [
    'an unknown key within another',
    { ppo: { gama: 1 } },
    /^ppo\/gama: expected one of totalSteps, .*, found gama; did you mean gamma\?$/,
  ],
  ['a discount above 1', { ppo: { gamma: 2 } }, /^ppo\/gamma: expected a number from 0 to 1, found 2$/],
  ['two algorithms', { ppo: {}, dqn: {} }, /^dqn: expected one algorithm, found ppo and dqn$/],
  [
    'DQN of numbers',
    { dqn: {}, actions: { type: 'continuous' } },
    /^actions\/type: expected .* dqn .*, found continuous$/,
  ],
  ['SAC of one of several', { sac: {} }, /^actions\/type: expected .* numbers, for sac, .*, found flat-long-short$/],
  ['no seeds', { seeds: [] }, /^seeds: expected at least one seed, found \[\]$/],
] as const)
  test(`${what} is refused by name`, () => {
    assert.throws(() => checkTrainConfig({ ...GOOD, ...raw }), expected);
  });

const bars = madeBars(1, 300);
const data = (more: object) =>
  barData(checkTrainConfig({ ...GOOD, features: ['rsi'], ...more }), {
    bars,
    scale: SCALE,
    funding: { funding: bars.funding, recording: undefined },
  });

test('without spans the last fifth is tested, and normalisation is of the training span alone', () => {
  const { train, test: tested, normalisation } = data({});
  assert.is(tested.fromMs, bars.openTimesMs[Math.floor(0.8 * bars.openTimesMs.length)]);
  assert.is(train.toMs, tested.fromMs);
  assert.equal([normalisation.fromMs, normalisation.toMs], [train.fromMs, train.toMs]);
});

test('spans that overlap, or hold nothing, and features that are none of bars are refused', () => {
  const whole = { from: '1970-01-01', to: '1971-01-01' };
  assert.throws(() => data({ train: whole, test: whole }), /^test: expected a span that nothing is learned of/);
  assert.throws(() => data({ test: { from: '2001-01-01', to: '2001-01-02' } }), /test: expected a span with candles/);
  assert.throws(() => data({ features: ['microprice'] }), /features: expected those of bars, found microprice/);
});

test.run();
