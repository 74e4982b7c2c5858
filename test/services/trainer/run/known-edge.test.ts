import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { BarData } from '../../../../services/trainer/run/bar-data.ts';
import { judge } from '../../../../services/trainer/run/judge.ts';
import { compareOnBars } from '../../../../services/trainer/run/judge-bars.ts';
import { passOver } from '../../../../services/trainer/run/pass.ts';
import { trainVerdict } from '../../../../services/trainer/run/run-text.ts';
import { trainAndJudge } from '../../../../services/trainer/run/train-run.ts';
import { testBackend } from '../../../support/test-backend.ts';
import { madeMarket } from '../evaluate/made-market.ts';

// A market whose edge is known: what an agent learns can be held against it.

const test = suite('services/trainer/run/known-edge');
const backend = await testBackend();
/** How far each candle goes. */
const MOVE = 0.001;

/** @param persistence how often a candle goes where the one before went; a half: nothing can be known */
const market = (persistence: number): BarData => madeMarket({ persistence, move: MOVE, candles: 9_000, steps: 40_000 });

test('an agent finds four fifths of what the best rule gains, in candles that it has not seen', async () => {
  const data = market(0.95);
  const { runs, baselines } = await trainAndJudge(data, backend);
  const { close } = data.bars;
  // What went up goes on.
  const best = judge(
    'best',
    passOver(data, data.test, (_, bar) => (close[bar]! > close[bar - 1]! ? 1 : 2)),
    data.test,
  );
  const [gained, most] = [Math.log(1 + runs[0]!.tested.total), Math.log(1 + best.total)];
  assert.ok(most > 0.5, `the best rule gains ${most}`);
  assert.ok(gained >= 0.8 * most, `${gained} of ${most}`);
  assert.ok(compareOnBars(runs, baselines).every(({ is }) => is === 'better'));
  for (const { name, total } of baselines) assert.ok(total < runs[0]!.tested.total, name);
});

test('where there is no edge the evaluation says so', async () => {
  const { runs, baselines } = await trainAndJudge(market(0.5), backend);
  const verdict = trainVerdict({ runs, comparisons: compareOnBars(runs, baselines) });
  assert.match(verdict, /no better than flat/);
  assert.match(verdict, /cannot be told from luck/);
});

test.run();
