import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { defineStrategy, type Market } from '../../../pipelines/simulation/strategy.ts';
import { StrategyRefusal, withLeadIn } from '../../../services/optimise/lead-in.ts';

const test = suite('services/optimise/lead-in');

/** Places an order at each event, and tells what it saw. */
const SEEN: unknown[] = [];
const EAGER = defineStrategy({
  name: 'eager',
  title: '',
  says: '',
  parameters: {},
  events: ['timer'],
  create() {
    let kept: Market | undefined;
    return {
      onEvent(_, market) {
        kept ??= market;
        SEEN.push([
          market.timeUs,
          market.bidTicks,
          market.askTicks,
          market.positionSteps,
          market.tickSize,
          market.stepSize,
        ]);
        SEEN.push([market.placeLimit('buy', 10, 1), market.placeMarket('sell', 2), kept.placeLimit('buy', 11, 1)]);
        market.cancel(7);
      },
    };
  },
});

test('before its span a strategy sees the market, and its orders are withheld; from then on they are sent', () => {
  SEEN.length = 0;
  const sent: unknown[] = [];
  const state = { timeUs: 0 };
  const market = {
    get timeUs() {
      return state.timeUs;
    },
    book: {} as Market['book'],
    isBookValid: true,
    get bidTicks() {
      return state.timeUs / 1_000;
    },
    askTicks: 12,
    positionSteps: 3,
    orders: [],
    tickSize: 0.1,
    stepSize: 0.001,
    placeLimit: (...order: unknown[]) => sent.push(['limit', ...order]),
    placeMarket: (...order: unknown[]) => sent.push(['market', ...order]),
    cancel: (id: number) => void sent.push(['cancel', id]),
  } as unknown as Market;
  const strategy = withLeadIn(EAGER, 5).create({});
  for (const timeUs of [4_000, 4_999, 5_000]) {
    state.timeUs = timeUs;
    strategy.onEvent!({ type: 'timer' }, market);
  }
  assert.equal(SEEN, [
    [4_000, 4, 12, 3, 0.1, 0.001],
    [0, 0, 0],
    [4_999, 4.999, 12, 3, 0.1, 0.001],
    [0, 0, 0],
    [5_000, 5, 12, 3, 0.1, 0.001],
    [1, 2, 3],
  ]);
  // The market that it kept from the beginning sends from then on too.
  assert.equal(sent, [
    ['limit', 'buy', 10, 1],
    ['market', 'sell', 2],
    ['limit', 'buy', 11, 1],
    ['cancel', 7],
  ]);
});

test('a strategy that refuses its parameters is told from other failures; what it does not want it does not get', () => {
  const picky = {
    ...EAGER,
    create() {
      throw new RangeError('fast: expected less');
    },
  };
  assert.throws(
    () => withLeadIn(picky, 0).create({}),
    (error: unknown) => error instanceof StrategyRefusal,
  );
  assert.equal(Object.keys(withLeadIn(EAGER, 0).create({})), ['onEvent']);
});

test.run();
