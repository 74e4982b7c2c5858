import { createOrderBook, evolveOrderBook } from '../../operators/book/order-book.ts';
import { constantLatency } from '../../operators/matching/latency.ts';
import { RISK_AVERSE } from '../../operators/matching/queue-model.ts';
import { rewardNamed } from '../../operators/rewards/rewards.ts';
import { DEFAULT_RISK_LIMITS } from '../../operators/risk/risk-limits.ts';
import { createBookEnvironment } from '../../pipelines/environment/book-environment.ts';
import { tapesWithinReach } from '../../pipelines/environment/book-reach.ts';
import { createBookTape } from '../../pipelines/environment/book-tape.ts';
import type { Environment } from '../../pipelines/environment/environment.ts';
import { createMarketRun } from '../../services/backtest/market-run.ts';
import { createScale } from '../../streams/events/scale.ts';
import { readTape } from '../../streams/tape/read-tape.ts';
import type { Tape } from '../../streams/tape/tape.ts';
import { type Bench, timeInTurn } from './bench.ts';
import { captureTape } from './capture-tape.ts';

/** The tenth level is never farther in the capture. */
const REACH_TICKS = 250;
/** Both sides five ticks off the best prices. */
const QUOTES = Float32Array.of(5, 5, 1, 1);

export default {
  name: 'env-book',
  summary:
    'one environment over a recorded book, a decision each 100 ms: ten levels a side observed, both sides quoted, with queue, latency, fees and account; rows of the tape (price levels and trades) a second',
  target: { of: 'ratio', at: 'least', bound: 0.5 },
  async run(context) {
    const { tape, note } = captureTape(context);
    const environment = createdOn(tape);
    let steps = 0;
    const [ms = 0, passMs = 0] = timeInTurn([
      () => {
        steps = episode(environment);
      },
      () => {
        const book = createOrderBook();
        readTape(tape, (event) => evolveOrderBook(book, event));
      },
    ]);
    const perSecond = `${Math.round(steps / ms)} k steps/s`;
    return {
      name: 'env-book',
      value: tape.rows / ms / 1_000,
      unit: 'M rows/s',
      reference: 'tape → book fold of the same rows',
      referenceValue: tape.rows / passMs / 1_000,
      ratio: passMs / ms,
      note: note === undefined ? perSecond : `${note}; ${perSecond}`,
    };
  },
} satisfies Bench;

function createdOn(tape: Tape): Environment {
  return createBookEnvironment({
    createRun: createMarketRun,
    tape: createBookTape(tapesWithinReach([tape], REACH_TICKS)),
    clock: { everyMs: 100 },
    instrument: 'binance-usdm:BTCUSDT',
    scale: createScale('0.1', '0.001'),
    actions: { type: 'quotes', maxOffsetTicks: 50, maxPosition: 0.05 },
    size: { qty: 0.01 },
    reward: rewardNamed({ name: 'pnl' }),
    // All of the tape, also where its snapshot does not reach.
    episode: { begin: 'first', mayCrossInvalid: true },
    queue: RISK_AVERSE,
    latency: constantLatency(1, 1),
    balance: 100_000,
    leverage: 5,
    feeTier: 0,
    limits: DEFAULT_RISK_LIMITS,
  });
}

/** @returns its steps */
function episode(environment: Environment): number {
  environment.reset({ seed: 1 });
  for (let steps = 1; ; steps++) {
    const { terminated, truncated, info } = environment.step(QUOTES);
    if (!terminated && !truncated) continue;
    const { end, sent, filled } = info;
    if (end !== 'data' || Number(sent) < 2)
      throw new Error(
        `env-book: expected orders to the end of the data, found ${sent}, ${filled} filled, up to ${end}`,
      );
    return steps;
  }
}
