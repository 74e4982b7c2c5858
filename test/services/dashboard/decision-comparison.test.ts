import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Decided } from '../../../operators/ledger/ledger-event.ts';
import { readComparison } from '../../../services/dashboard/src/market/decision-comparison.ts';
import type { DecisionComparison } from '../../../services/trader/compare-decisions.ts';

// What the job results in is made of its own type, so that a change of it is seen here.

const DECIDED: Decided = {
  type: 'decided',
  timeUs: 5_000_000,
  entryId: '5-0',
  observation: [1, 2],
  action: 1,
  targetSteps: 3,
  equity: 10,
};
const SAME: DecisionComparison = {
  account: 'paper',
  session: '0a1b2c3d4e5f',
  strategy: 'model:ab',
  instrument: 'simulated:BTCUSDT',
  obstacle: null,
  events: 9,
  decisions: 2,
  difference: null,
  divergence: null,
  curves: { timesMs: [1, 2, 3], forward: [10, null, 12], backtest: [10, 11, 12] },
  differenceMax: 0,
};
const read = (comparison: DecisionComparison) => readComparison(JSON.parse(JSON.stringify(comparison)));

test('a comparison is read, and what is none is refused by its field', () => {
  assert.equal(read(SAME), {
    obstacle: null,
    decisions: 2,
    differenceMax: 0,
    divergence: null,
    points: [
      { timeMs: 1, forward: 10, backtest: 10 },
      { timeMs: 2, forward: null, backtest: 11 },
      { timeMs: 3, forward: 12, backtest: 12 },
    ],
  });
  assert.is(read({ ...SAME, obstacle: 'the simulator has changed' }).obstacle, 'the simulator has changed');
  assert.throws(() => readComparison({ ...SAME, curves: null }), /comparison\/curves: expected a JSON object/);
  assert.throws(() => readComparison({ ...SAME, decisions: 'x' }), /comparison\/decisions: expected a number/);
});

test('a divergence is read with what differs, as it was and as it comes out', () => {
  const at = { event: 7, entryId: '5-0', timeMs: 5_000 };
  const stored = { ...DECIDED, observation: Array.from({ length: 200 }, () => 9), equity: 15 };
  const { divergence } = read({
    ...SAME,
    divergence: { ...at, stored, again: DECIDED, fields: ['observation', 'equity'] },
  });
  assert.equal(
    [divergence!.event, divergence!.kind, divergence!.entryId, divergence!.timeMs],
    [7, 'decision', '5-0', 5_000],
  );
  const [observation, equity] = divergence!.differing;
  assert.ok(
    observation!.stored.startsWith('[9,9,') && observation!.stored.endsWith('…') && observation!.stored.length < 200,
  );
  assert.is(observation!.again, '[1,2]');
  assert.equal(equity, { field: 'equity', stored: '15', again: '10' });
  const missing = read({ ...SAME, divergence: { ...at, stored: DECIDED, again: null, fields: [] } }).divergence!;
  assert.equal(
    [missing.kind, missing.differing[0]!.field, missing.differing[0]!.again],
    ['decision', 'event', 'nothing'],
  );
});

test.run();
