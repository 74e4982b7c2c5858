import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { checkBookConfig } from '../../../../services/trainer/book/book-config.ts';

const test = suite('services/trainer/book/book-config');
const GOOD = { environment: 'book', instrument: 'simulated:BTCUSDT' };
const grid = (offsets: unknown, maxPosition: unknown = 1) => ({
  actions: { type: 'quote-grid', offsets, maxPosition },
});

test('what is not said is as usual, and all of it is there', () => {
  const {
    train,
    test: tested,
    every,
    levels,
    actions,
    size,
    queue,
    latency,
    features,
    seeds,
    ppo,
  } = checkBookConfig(GOOD);
  assert.equal([train, tested, every], [{ share: 0.7 }, { share: 0.25 }, { ms: 100 }]);
  assert.equal([levels, actions, size], [10, { type: 'flat-long-short' }, { equityShare: 1 }]);
  assert.equal([queue, latency, features, seeds], ['risk-averse', '5,5', [], [1, 2, 3]]);
  assert.equal([ppo!.totalSteps, ppo!.normalisesObservations, ppo!.gamma], [100_000, true, 0.99]);
});

for (const [what, raw, expected] of [
  ['an unknown key', { level: 5 }, /^level: expected one of environment, .*, found level; did you mean levels\?$/],
  ['another environment', { environment: 'bars' }, /^environment: expected book, found "bars"$/],
  ['no instrument', { instrument: 'BTC' }, /^instrument: expected venue:SYMBOL .*, found "BTC"$/],
  ['a part that is all', { train: { share: 1 } }, /^train\/share: expected a part above 0 and below 1, found 1$/],
  ['a part of neither kind', { train: 0.7 }, /^train: expected a span such as .* or a share .*, found 0.7$/],
  ['a span without an end', { test: { from: '2024-08-08' } }, /^test: expected a span such as .*, found/],
  ['a clock of both kinds', { every: { ms: 1, events: 1 } }, /^every: expected a time such as .*, found/],
  ['no levels', { levels: 0 }, /^levels: expected a whole number of at least 1, found 0$/],
  [
    'another kind of actions',
    { actions: { type: 'guess' } },
    /^actions\/type: expected one of flat-long-short, .*quote-grid, found "guess"$/,
  ],
  ['no pairs', grid([]), /^actions\/offsets: expected at least one pair, found \[\]$/],
  ['an offset below 0', grid([[0, -1]]), /^actions\/offsets\/0\/1: expected a whole number of ticks from 0, found -1$/],
  ['no greatest position', grid([[0, 0]], 0), /^actions\/maxPosition: expected a number above 0, found 0$/],
  ['a size of nothing', { size: { qty: 0 } }, /^size\/qty: expected a number above 0, found 0$/],
  ['an unknown reward', { reward: { name: 'money' } }, /^reward\/name: expected one of pnl, .*, found "money"$/],
  ['an unknown queue', { queue: 'fast' }, /^queue: expected one of risk-averse, .*, found "fast"$/],
  ['no latency', { latency: 'soon' }, /^latency: expected MS,MS .*, found "soon"$/],
  ['an unknown key of ppo', { ppo: { gama: 1 } }, /^ppo\/gama: expected one of totalSteps, .*did you mean gamma\?$/],
] as const)
  test(`${what} is refused by name`, () => {
    assert.throws(() => checkBookConfig({ ...GOOD, ...raw }), expected);
  });

test.run();
