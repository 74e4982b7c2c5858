import { suite } from 'uvu';
import { logNormalLatency, recordedLatency } from '../../../operators/matching/latency.ts';
import { QUEUE_MODELS } from '../../../operators/matching/queue-model.ts';
import { type NamedReward, rewardNamed } from '../../../operators/rewards/rewards.ts';
import type { BookActions } from '../../../pipelines/environment/book-actions.ts';
import { DEPTH_UPDATE, type Tape, TRADE } from '../../../streams/tape/tape.ts';
import { bookEnvironment, bookTape, madeTapes, type SmallOptions } from './book-market.ts';
import { environmentContract } from './environment-contract.ts';

const test = suite('pipelines/environment/book-environment, contract');

const TAPES = madeTapes({ seed: 11, events: 2_500, hasFaults: false });
const FAULTY = madeTapes({ seed: 12, events: 2_500 });

/** The same up to then, by the exchange's clock; what happens later, and is received later, is other. */
function otherAfter(tapes: readonly Tape[], timeMs: number): Tape[] {
  return tapes.map((tape) => {
    const { kinds, rowStarts, transactionTimesMs, receiveTimesUs, events, rows } = tape;
    const steps = tape.steps.slice();
    for (let n = 0; n < events; n++) {
      const isLater = transactionTimesMs[n]! > timeMs && receiveTimesUs[n]! > timeMs * 1_000;
      if (!isLater || (kinds[n] !== TRADE && kinds[n] !== DEPTH_UPDATE)) continue;
      const end = n + 1 < events ? rowStarts[n + 1]! : rows;
      for (let row = rowStarts[n]!; row < end; row++) if (steps[row]! > 0) steps[row] = 3 * steps[row]! + 1;
    }
    return { ...tape, steps };
  });
}

function holdToContract(
  name: string,
  tapes: readonly Tape[],
  optionsOf: () => SmallOptions,
  isRewardEquity = true,
): void {
  const whole = bookTape(tapes);
  environmentContract(test, {
    name,
    create: () => bookEnvironment(whole, optionsOf()),
    createWithFuture: (timeMs) => bookEnvironment(bookTape(otherAfter(tapes, timeMs)), optionsOf()),
    isRewardEquity,
  });
}

const ACTIONS: readonly BookActions[] = [
  { type: 'continuous' },
  { type: 'flat-long-short' },
  { type: 'quotes', maxOffsetTicks: 8, maxPosition: 6 },
  {
    type: 'quote-grid',
    offsets: [
      [0, 0],
      [0, 3],
      [3, 0],
      [2, null],
      [null, null],
    ],
    maxPosition: 3,
  },
];
for (const actions of ACTIONS) holdToContract(`book, ${actions.type}`, TAPES, () => ({ actions }));

const NAMED: readonly NamedReward[] = [
  { name: 'inventory-penalised' },
  { name: 'differential-sharpe', parameters: { rate: 0.1 } },
];
for (const named of NAMED) holdToContract(`book, ${named.name}`, TAPES, () => ({ reward: rewardNamed(named) }), false);

holdToContract('book, each 7 events, with features', TAPES, () => ({
  clock: { everyEvents: 7 },
  distance: 'bps',
  features: ['microprice', { feature: 'signed_volume' }],
  episode: { begin: 'random', maxSteps: 60, warmUpMs: 2_000 },
}));

// Orders that are long under way, a position by the equity, and episodes over holes until much is lost.
holdToContract('book, slow and leveraged, over holes', FAULTY, () => ({
  actions: { type: 'flat-long-short' },
  queue: QUEUE_MODELS['probability-square']!,
  latency: logNormalLatency(300, 200, 1),
  size: { equityShare: 15 },
  balance: 500_000,
  episode: { begin: 'random', maxSteps: 200, mayCrossInvalid: true },
}));

holdToContract('book, quotes over holes', FAULTY, () => ({
  latency: recordedLatency(4, 3),
  episode: { begin: 'random', maxSteps: 300, mayCrossInvalid: true },
}));

test.run();
