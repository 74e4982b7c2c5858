import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { episodeBand, type WeighedValue } from '../../../services/dashboard/src/training/episode-band.ts';
import { countEndings, type RunEpisode, readEpisode } from '../../../services/dashboard/src/training/run-episodes.ts';
import type { SeedEpisode } from '../../../services/trainer/store/episode-rows.ts';

const EPISODE: SeedEpisode = {
  seed: 1,
  episode: 3,
  standsFor: 2,
  step: 640,
  length: 60,
  return: -0.25,
  ending: 'length',
  from: 1,
  to: 2,
  equityFrom: 10_000,
  equityTo: 12_500,
  fees: 1,
  filled: 2,
};

test('an episode is read, and what is none is refused by its field', () => {
  const read = { standsFor: 2, step: 640, return: -0.25, gain: 0.25, ending: 'length' };
  assert.equal(readEpisode(EPISODE), read);
  assert.equal(readEpisode({ ...EPISODE, equityFrom: null, equityTo: null }), { ...read, gain: null });
  assert.throws(() => readEpisode({ ...EPISODE, return: 'x' }), /run\/episodes\/return: expected a number, was "x"/);
});

test('episodes are counted by how they ended, with those that they stand for', () => {
  const one = (ending: string, standsFor: number): RunEpisode => ({ ...readEpisode(EPISODE), ending, standsFor });
  assert.equal(countEndings([one('ruin', 2), one('length', 1), one('length', 4), one('novel', 1)]), {
    count: 8,
    endings: [
      ['cut at their greatest length', 5],
      ['ruined', 2],
      ['novel', 1],
    ],
  });
});

const values = (count: number, of: (n: number) => Partial<WeighedValue>): WeighedValue[] =>
  Array.from({ length: count }, (_, n) => ({ step: n, value: n, weight: 1, ...of(n) }));

test('a band holds the middle eight tenths of what ended about a step, and the median lies in it', () => {
  // Of each step the values 1 to 10.
  const band = episodeBand(
    values(2_000, (n) => ({ step: Math.floor(n / 10), value: (n % 10) + 1 + Math.floor(n / 1_000) * 100 })),
  );
  assert.is(band.length, 60);
  assert.is(
    band.reduce((sum, { count }) => sum + count, 0),
    2_000,
  );
  assert.equal([band[0]!.low, band[0]!.median, band[0]!.high], [1, 5, 9]);
  assert.equal([band[59]!.low, band[59]!.median, band[59]!.high], [101, 105, 109]);
  for (const [n, { step }] of band.entries()) assert.ok(n === 0 || step > band[n - 1]!.step);
});

test('an episode that stands for several weighs as much', () => {
  // Nine tenths of the weight is on one half of the values.
  const [only] = episodeBand(values(20, (n) => ({ value: n % 2, weight: n % 2 === 0 ? 9 : 1 })));
  assert.equal([only!.low, only!.median, only!.high, only!.count], [0, 0, 0, 100]);
  const [even] = episodeBand(values(20, (n) => ({ value: n % 2 })));
  assert.equal([even!.low, even!.median, even!.high], [0, 0, 1]);
});

test('too few tell nothing; all at one step are one point', () => {
  assert.equal(episodeBand([]), []);
  assert.equal(episodeBand(values(19, () => ({}))), []);
  const [only, ...more] = episodeBand(values(100, () => ({ step: 7 })));
  assert.equal([only!.step, only!.count, more], [7, 100, []]);
});

test.run();
