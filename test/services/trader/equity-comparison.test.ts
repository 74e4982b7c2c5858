import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Decided } from '../../../operators/ledger/ledger-event.ts';
import { compareEquity } from '../../../services/trader/equity-comparison.ts';

const test = suite('services/trader/equity-comparison');

const decided = (timeUs: number, equity: number): Decided => ({
  type: 'decided',
  timeUs,
  entryId: `${timeUs}-0`,
  observation: [],
  action: 0,
  targetSteps: 0,
  equity,
});

test('the two stand side by side by time, with nothing where one did not decide', () => {
  const { curves, differenceMax } = compareEquity(
    [decided(1_000, 10), decided(2_000, 11), decided(4_000, 12)],
    [decided(1_000, 10), decided(3_000, 20), decided(4_000, 9.5)],
  );
  assert.equal(curves, { timesMs: [1, 2, 3, 4], forward: [10, 11, null, 12], backtest: [10, null, 20, 9.5] });
  assert.is(differenceMax, 2.5);
  assert.equal(compareEquity([], []), { curves: { timesMs: [], forward: [], backtest: [] }, differenceMax: 0 });
});

test('very many are thinned to what can be seen: ends, extremes, and where they are farthest apart', () => {
  const forward = Array.from({ length: 100_000 }, (_, n) => decided(n * 1_000, Math.sin(n / 900)));
  const backtest = forward.map((one, n) => (n === 54_321 ? { ...one, equity: one.equity + 0.25 } : one));
  forward[77_777] = decided(77_777_000, 40);
  backtest[77_777] = decided(77_777_000, 40);
  const { curves, differenceMax } = compareEquity(forward, backtest);
  assert.ok(curves.timesMs.length > 300 && curves.timesMs.length <= 600, `${curves.timesMs.length}`);
  assert.ok(Math.abs(differenceMax - 0.25) < 1e-9, `${differenceMax}`);
  for (const ms of [0, 54_321, 77_777, 99_999]) assert.ok(curves.timesMs.includes(ms), `${ms}`);
  assert.equal(
    curves.timesMs,
    [...curves.timesMs].sort((one, other) => one - other),
  );
});

test.run();
