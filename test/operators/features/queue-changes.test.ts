import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CANCEL_RATE } from '../../../operators/features/cancel-rate.ts';
import type { FeatureInput } from '../../../operators/features/feature-input.ts';
import { QUEUE_DEPLETION_TIME } from '../../../operators/features/queue-depletion-time.ts';
import { REPLENISH_RATE } from '../../../operators/features/replenish-rate.ts';
import { BOOK_BREAK, gap, quote, trade } from '../market-events.ts';
import { assertNear, said, sample, spoken, testFeatureContract } from './feature-runs.ts';
import { isBookBreak, isTradeGap, naively, nowOf, ofType, since, sum, type Timed } from './naive-past.ts';
import { randomMarket } from './random-markets.ts';

const test = suite('operators/features/queue-changes');

const FEATURES = [CANCEL_RATE, REPLENISH_RATE, QUEUE_DEPLETION_TIME];
const WINDOW = { windowMs: 1_000 };

const sell = (ms: number, ticks: number, steps: number) => trade(ms, ticks, steps, { aggressorSide: 'sell' });

/** A second in which the bid of 100 goes 20 → 14 → 17 → 9, 4 of it to trades, and the ask stays. */
const bids = (): FeatureInput[] => [
  quote(1_000, [100, 20], [101, 8]),
  quote(1_200, [100, 14], [101, 8]),
  sell(1_300, 100, 1),
  quote(1_400, [100, 17], [101, 8]),
  sell(1_500, 100, 3),
  quote(1_900, [100, 9], [101, 8]),
  sample(2_000),
];

for (const definition of FEATURES)
  testFeatureContract(test, definition, {
    parameters: WINDOW,
    events: () => [...bids(), quote(2_050, [99, 3], [101, 2]), BOOK_BREAK, ...bids().slice(0, 2)],
    firstOutput: 6,
  });

test('a loss beyond what was traded is cancelled, a gain beyond it replenished', () => {
  // Lost 6, gained 3 and what 1 was traded, lost 8 of which 3 were traded.
  assertNear(said(CANCEL_RATE, WINDOW, bids()).slice(6), [{ bid: 6 + 5, ask: 0 }]);
  assertNear(said(REPLENISH_RATE, WINDOW, bids()).slice(6), [{ bid: 4, ask: 0 }]);
  assertNear(said(CANCEL_RATE, { windowMs: 500 }, bids()).slice(6), [{ bid: (2 * 5) / 1, ask: 0 }]);
});

test('the depletion time is what is left over what goes a second', () => {
  // Lost 6, 1 (the trade, though more was added) and 8; 9 are left.
  assertNear(said(QUEUE_DEPLETION_TIME, WINDOW, bids()).slice(6), [{ bid: 9 / 15, ask: undefined }]);
  const still = [1_000, 1_500, 2_000].map((ms) => quote(ms, [100, 5], [101, 5]));
  assert.equal(said(QUEUE_DEPLETION_TIME, WINDOW, still), [null, null, null]);
});

test('a queue whose price got worse is gone, one that is beaten is not', () => {
  const moves = [
    quote(1_000, [100, 20], [102, 8]),
    quote(1_500, [99, 50], [101, 30]),
    quote(2_000, [99, 50], [101, 30]),
  ];
  assertNear(said(QUEUE_DEPLETION_TIME, WINDOW, moves).slice(2), [{ bid: 50 / 20, ask: undefined }]);
  assertNear(said(CANCEL_RATE, WINDOW, moves).slice(2), [{ bid: 0, ask: 0 }]);
  assertNear(said(REPLENISH_RATE, WINDOW, moves).slice(2), [{ bid: 0, ask: 0 }]);
});

test('trades at other prices, or by the other side, explain nothing', () => {
  const inputs = (other: FeatureInput): FeatureInput[] => [
    quote(1_000, [100, 20], [101, 8]),
    other,
    quote(1_500, [100, 15], [101, 8]),
    sample(2_000),
  ];
  for (const other of [sell(1_200, 99, 4), trade(1_200, 100, 4)])
    assertNear(said(CANCEL_RATE, WINDOW, inputs(other)).slice(3), [{ bid: 5, ask: 0 }]);
  assertNear(said(CANCEL_RATE, WINDOW, inputs(sell(1_200, 100, 4))).slice(3), [{ bid: 1, ask: 0 }]);
  const asks = [quote(1_000, [100, 20], [101, 8]), trade(1_200, 101, 3), quote(1_500, [100, 20], [101, 1])];
  assertNear(said(CANCEL_RATE, WINDOW, [...asks, sample(2_000)]).slice(3), [{ bid: 0, ask: 4 }]);
});

test('a break of the book or a gap of trades starts it anew, a gap of depth alone does not', () => {
  for (const definition of FEATURES) {
    assert.is(spoken(said(definition, WINDOW, [...bids(), BOOK_BREAK, ...bids()]).slice(7, -1)), 0);
    assert.is(spoken(said(definition, WINDOW, [...bids(), gap('trade'), ...bids()]).slice(7, -1)), 0);
    assert.is(
      spoken(said(definition, WINDOW, [...bids(), gap('depth'), quote(2_010, [100, 9], [101, 8])]).slice(7)),
      2,
    );
  }
});

/** The changes of both queues in the window, anew from all that was. */
function naiveQueues(
  past: readonly Timed[],
  windowMs: number,
  of: (queue: {
    readonly move: number;
    readonly before: number;
    readonly now: number;
    readonly traded: number;
  }) => number,
): { readonly sums: readonly [bid: number, ask: number]; readonly sizes: readonly [bid: number, ask: number] } | null {
  const whole = since(past, (one) => isBookBreak(one) || isTradeGap(one));
  const quotes = ofType(whole, 'topOfBook');
  const now = nowOf(past);
  if (quotes.length === 0 || now - quotes[0]!.ms < windowMs) return null;
  const flows = quotes.slice(1).flatMap(({ event, ms }, n) => {
    if (ms <= now - windowMs) return [];
    const before = quotes[n]!.event;
    const between = whole.slice(
      whole.findIndex((one) => one.event === before),
      whole.findIndex((one) => one.event === event),
    );
    const traded = (side: string, ticks: number): number =>
      sum(
        ofType(between, 'trade').map(({ event: { aggressorSide, priceTicks, qtySteps } }) =>
          aggressorSide === side && priceTicks === ticks ? qtySteps : 0,
        ),
      );
    const bid = of({
      move: event.bidTicks - before.bidTicks,
      before: before.bidSteps,
      now: event.bidSteps,
      traded: traded('sell', before.bidTicks),
    });
    const ask = of({
      move: before.askTicks - event.askTicks,
      before: before.askSteps,
      now: event.askSteps,
      traded: traded('buy', before.askTicks),
    });
    return [[bid, ask] as const];
  });
  const { bidSteps, askSteps } = quotes.at(-1)!.event;
  return { sums: [sum(flows.map(([bid]) => bid)), sum(flows.map(([, ask]) => ask))], sizes: [bidSteps, askSteps] };
}

test('in a random market each is what the plain count gives', () => {
  const inputs = randomMarket(31, 900);
  const perSecond = (of: Parameters<typeof naiveQueues>[2]) => (past: readonly Timed[]) => {
    const queues = naiveQueues(past, 1_000, of);
    return queues && { bid: queues.sums[0], ask: queues.sums[1] };
  };
  const cancels = naively(
    CANCEL_RATE,
    inputs,
    perSecond(({ move, before, now, traded }) => (move === 0 ? Math.max(0, before - now - traded) : 0)),
  );
  const adds = naively(
    REPLENISH_RATE,
    inputs,
    perSecond(({ move, before, now, traded }) => (move === 0 ? Math.max(0, now - before + traded) : 0)),
  );
  const times = naively(QUEUE_DEPLETION_TIME, inputs, (past) => {
    const queues = naiveQueues(past, 1_000, ({ move, before, now, traded }) => {
      const left = move === 0 ? now : 0;
      return Math.max(traded, move > 0 ? 0 : before - left);
    });
    if (queues === null || (queues.sums[0] === 0 && queues.sums[1] === 0)) return null;
    const [bid, ask] = queues.sums.map((lost, side) => (lost === 0 ? undefined : queues.sizes[side]! / lost));
    return { bid, ask };
  });
  assertNear(said(CANCEL_RATE, WINDOW, inputs), cancels);
  assertNear(said(REPLENISH_RATE, WINDOW, inputs), adds);
  assertNear(said(QUEUE_DEPLETION_TIME, WINDOW, inputs), times);
  assert.ok(spoken(cancels) > 400 && spoken(times) > 400);
});

test.run();
