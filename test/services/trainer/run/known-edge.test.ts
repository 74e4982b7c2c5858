// time limit: 120 s
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { random } from '../../../../operators/random.ts';
import { type BarData, barData } from '../../../../services/trainer/run/bar-data.ts';
import { judge } from '../../../../services/trainer/run/judge.ts';
import { passOver } from '../../../../services/trainer/run/pass.ts';
import { trainVerdict } from '../../../../services/trainer/run/run-text.ts';
import { checkTrainConfig } from '../../../../services/trainer/run/train-config.ts';
import { trainAndJudge } from '../../../../services/trainer/run/train-run.ts';
import { createScale } from '../../../../streams/events/scale.ts';
import { createBarTapeBuilder } from '../../../../streams/tape/bar-tape-builder.ts';
import { testBackend } from '../../../support/test-backend.ts';

// A market whose edge is known: what an agent learns can be held against it.

const test = suite('services/trainer/run/known-edge');
const backend = await testBackend();
const SCALE = createScale('0.01', '0.001');
const [MINUTE_MS, START_MS, CANDLES] = [60_000, Date.UTC(2024, 0), 9_000];
/** How far each candle goes. */
const MOVE = 0.001;

/** @param persistence how often a candle goes where the one before went; a half: nothing can be known */
function market(persistence: number): BarData {
  const { uniform } = random(5);
  const builder = createBarTapeBuilder('1m', MINUTE_MS, SCALE);
  let [price, direction] = [1_000, 1];
  for (let n = 0; n < CANDLES; n++) {
    if (uniform() >= persistence) direction = -direction;
    const [open, close] = [price, Math.round(price * (1 + direction * MOVE) * 100) / 100];
    builder.push({
      type: 'kline',
      interval: '1m',
      openTimeMs: START_MS + n * MINUTE_MS,
      open,
      high: Math.max(open, close),
      low: Math.min(open, close),
      close,
      volume: 1_000_000,
      quoteVolume: null,
      buyVolume: null,
      trades: null,
      isClosed: true,
    });
    price = close;
  }
  const bars = builder.take({ firstEntryId: '1-0', lastEntryId: '2-0' });
  const config = checkTrainConfig({
    instrument: 'simulated:TEST',
    interval: '1m',
    features: [
      { feature: 'rate_of_change', parameters: { period: 1 } },
      { feature: 'rsi', parameters: { period: 3 } },
    ],
    episodeSteps: 500,
    seeds: [1],
    ppo: { totalSteps: 40_000, gamma: 0.9, normalisesReturns: true, learningRate: 1e-3, entropyCoefficient: 0.01 },
  });
  return barData(config, { bars, scale: SCALE, funding: { funding: bars.funding, recording: undefined } });
}

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
  for (const { name, total } of baselines) assert.ok(total < runs[0]!.tested.total, name);
});

test('where there is no edge the evaluation says so', async () => {
  const report = await trainAndJudge(market(0.5), backend);
  assert.match(trainVerdict(report), /No better than .*flat/);
  assert.match(trainVerdict(report), /cannot be told from luck/);
});

test.run();
