import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { EFFECTIVE_SPREAD } from '../../../operators/features/effective-spread.ts';
import type { FeatureInput } from '../../../operators/features/feature-input.ts';
import { PRICE_IMPACT } from '../../../operators/features/price-impact.ts';
import { REALISED_SPREAD } from '../../../operators/features/realised-spread.ts';
import type { Trade } from '../../../streams/events/trade.ts';
import { BOOK_BREAK, gap, quote, trade } from '../market-events.ts';
import { assertNear, said, sample, spoken, testFeatureContract } from './feature-runs.ts';
import { isBookBreak, isTradeGap, naively, nowOf, ofType, since, sum, type Timed } from './naive-past.ts';
import { randomMarket } from './random-markets.ts';

const test = suite('operators/features/trade-costs');

const WINDOW = { windowMs: 1_000 };
const DELAYED = { windowMs: 1_000, delayMs: 300 };
const sell = (ms: number, ticks: number, steps: number): Trade => trade(ms, ticks, steps, { aggressorSide: 'sell' });

/** The midprice is 100, then 102 from 1,400 on; bought 3 at 101, sold 1 at 98. */
const market = (): FeatureInput[] => [
  quote(1_000, [99, 5], [101, 5]),
  trade(1_100, 101, 3),
  sell(1_200, 98, 1),
  quote(1_400, [101, 5], [103, 5]),
  sample(2_100),
  sample(2_400),
];

testFeatureContract(test, EFFECTIVE_SPREAD, {
  parameters: WINDOW,
  events: () => [...market(), trade(2_450, 103, 1), BOOK_BREAK, gap('trade'), ...market()],
  firstOutput: 4,
});
for (const definition of [REALISED_SPREAD, PRICE_IMPACT])
  testFeatureContract(test, definition, {
    parameters: DELAYED,
    events: () => [...market(), sample(2_410), trade(2_450, 103, 1), BOOK_BREAK, gap('trade'), ...market()],
    firstOutput: 5,
  });

test('the effective spread is twice what takers paid beyond the midprice', () => {
  // At 2,100 the first trade, one window ago, is just out; at 2,400 the second too.
  assertNear(said(EFFECTIVE_SPREAD, WINDOW, market()).slice(3), [null, { price: 2 * (100 - 98), bps: 400 }, null]);
  // Both: (3·2 + 1·4) / 4 ticks, of a midprice of 100.
  const inputs = [quote(500, [99, 5], [101, 5]), trade(600, 100, 9), ...market().slice(1, 3), sample(2_000)];
  assertNear(said(EFFECTIVE_SPREAD, { windowMs: 1_400 }, inputs).slice(3), [null, { price: 2.5, bps: 250 }]);
  // A trade within the midprice: the taker got more.
  const within = [quote(500, [99, 5], [103, 5]), trade(600, 100, 9), trade(900, 100, 2), sample(1_600)];
  assertNear(said(EFFECTIVE_SPREAD, WINDOW, within).slice(3), [{ price: -2, bps: -20_000 / 101 }]);
});

test('the realised spread and the impact of a trade are told once their time has passed, and add up', () => {
  // Both are due at 1,400 and 1,500, where the midprice is 102; the trade of 1 goes first out of the window.
  const inputs = [quote(1, [99, 5], [101, 5]), trade(1, 101, 7), ...market().slice(1, 4), sample(5_400)];
  const wide = { windowMs: 5_000, delayMs: 300 };
  // Bought 3 at 101: 2·(101 − 102) and 2·(102 − 100); sold 1 at 98: 2·(102 − 98) and 2·(100 − 102).
  assertNear(said(REALISED_SPREAD, wide, inputs).slice(-1), [{ price: (-6 + 8) / 4, bps: 10_000 * (2 / 400) }]);
  assertNear(said(PRICE_IMPACT, wide, inputs).slice(-1), [{ price: (12 - 4) / 4, bps: 10_000 * (8 / 400) }]);
  // With a window of 900 the trade that was due at 1,400 is out at 2,300, and nothing is said before.
  const parameters = { windowMs: 900, delayMs: 300 };
  const later = [...market().slice(0, 4), sample(2_299), sample(2_300)];
  assertNear(said(REALISED_SPREAD, parameters, later).slice(4), [null, { price: 8, bps: 800 }]);
  assertNear(said(PRICE_IMPACT, parameters, later).slice(4), [null, { price: -4, bps: -400 }]);
});

test('it looks at no future: a quote of the very instant is the last that counts', () => {
  const until = (later: FeatureInput[]) => {
    const before = [quote(1, [99, 5], [101, 5]), trade(1, 101, 7), quote(900, [99, 5], [101, 5]), trade(1_000, 101, 1)];
    return said(PRICE_IMPACT, DELAYED, [...before, ...later]).at(-1);
  };
  const [at, after] = [quote(1_300, [100, 5], [102, 5]), quote(1_301, [120, 5], [122, 5])];
  assertNear([until([at, after])], [{ price: 2, bps: 200 }]);
  assertNear([until([after])], [{ price: 0, bps: 0 }]);
  assert.is(until([at]), null);
});

test('a break of the book or a gap of trades starts it anew, a gap of depth does not', () => {
  for (const definition of [EFFECTIVE_SPREAD, REALISED_SPREAD, PRICE_IMPACT]) {
    const parameters = definition === EFFECTIVE_SPREAD ? WINDOW : DELAYED;
    for (const broken of [BOOK_BREAK, gap('aggTrade')])
      assert.is(spoken(said(definition, parameters, [...market(), broken, sample(2_401)]).slice(6)), 0);
    const traded = [...market(), gap('depth'), trade(2_402, 103, 1), sample(2_800)];
    assert.is(spoken(said(definition, parameters, traded).slice(8)), 1, definition.name);
  }
});

/** Trades of the window with a midprice then and later, anew from all that was. */
function naiveCost(
  past: readonly Timed[],
  delayMs: number,
  cost: (direction: number, price: number, mid: number, midLater: number) => number,
): { readonly price: number; readonly bps: number } | null {
  const whole = since(past, (one) => isBookBreak(one) || isTradeGap(one));
  const book = since(past, isBookBreak);
  const now = nowOf(past);
  const midAmong = (quotes: readonly Timed[]): number | null => {
    const last = ofType(quotes, 'topOfBook').at(-1)?.event;
    return last === undefined ? null : (last.bidTicks + last.askTicks) / 2;
  };
  const trades = ofType(whole, 'trade').flatMap(({ event, ms }) => {
    const mid = midAmong(
      book.slice(
        0,
        book.findIndex((one) => one.event === event),
      ),
    );
    return mid === null ? [] : [{ event, ms, mid }];
  });
  if (trades.length === 0 || now - trades[0]!.ms < 1_000 + delayMs) return null;
  const known = trades.filter(({ ms }) => (delayMs === 0 || ms + delayMs < now) && ms + delayMs > now - 1_000);
  const qty = sum(known.map(({ event }) => event.qtySteps));
  if (qty === 0) return null;
  const costs = known.map(({ event, ms, mid }) => {
    const later = midAmong(book.filter((one) => one.ms <= ms + delayMs))!;
    return event.qtySteps * cost(event.aggressorSide === 'buy' ? 1 : -1, event.priceTicks, mid, later);
  });
  const volume = sum(known.map(({ event, mid }) => event.qtySteps * mid));
  return { price: sum(costs) / qty, bps: (10_000 * sum(costs)) / volume };
}

test('in a random market each is what the plain mean gives', () => {
  const inputs = randomMarket(51, 900);
  const effective = naively(EFFECTIVE_SPREAD, inputs, (past) => naiveCost(past, 0, (D, p, m) => 2 * D * (p - m)));
  assertNear(said(EFFECTIVE_SPREAD, WINDOW, inputs), effective);
  const realised = naively(REALISED_SPREAD, inputs, (past) =>
    naiveCost(past, 300, (D, p, _, later) => 2 * D * (p - later)),
  );
  assertNear(said(REALISED_SPREAD, DELAYED, inputs), realised);
  const impact = naively(PRICE_IMPACT, inputs, (past) => naiveCost(past, 300, (D, _, m, later) => 2 * D * (later - m)));
  assertNear(said(PRICE_IMPACT, DELAYED, inputs), impact);
  assert.ok(spoken(effective) > 300 && spoken(realised) > 200);
});

test.run();
