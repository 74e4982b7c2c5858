import { createLadder, type Ladder, setLevels } from '../../../operators/book/ladder.ts';
import type { FeatureInput } from '../../../operators/features/feature-input.ts';
import { createScale } from '../../../streams/events/scale.ts';

/** Ten hours: enough whole minutes for windows of some hundred bars. They begin half an hour before a day of UTC. */
const STEPS = 7_200;
const STEP_MS = 5_000;
export const MADE_START_MS = 1_700_004_600_000;
const LEVELS = 12;

/**
 * A made market of ten hours as features see it, the same for the same seed: quotes with their books and those of
 * another instrument, trades, mark prices, open interest and liquidations. The books are lent.
 */
export function* madeInputs(seed: number): Generator<FeatureInput> {
  const random = seededRandom(seed);
  // By itself: what features of one instrument see stays as it is.
  const otherRandom = seededRandom(seed + 1_000);
  const below = (limit: number): number => Math.floor(random() * limit);
  const [bids, asks] = [createLadder('bid'), createLadder('ask')];
  const last = { bids: new Float64Array(), asks: new Float64Array() };
  let middle = 500_000;
  let otherOff = 0;
  let drift = 0;
  let tradeId = 1;
  yield { type: 'instrument', symbol: 'MADEUSDT', scale: createScale('0.10', '0.001'), isInferred: false };
  for (let step = 0; step < STEPS; step++) {
    const transactionTimeMs = MADE_START_MS + step * STEP_MS;
    if (step % 200 === 0) drift = random() - 0.5;
    middle += Math.round((random() - 0.5 + drift / 4) * 60);
    const spread = 1 + below(3);
    last.bids = redraw(bids, last.bids, middle - spread, -1, below);
    last.asks = redraw(asks, last.asks, middle + spread, 1, below);
    yield { type: 'depthView', transactionTimeMs, bids, asks };
    const [bidTicks, askTicks] = [middle - spread, middle + spread];
    yield {
      type: 'topOfBook',
      updateId: step + 1,
      transactionTimeMs,
      bidTicks,
      bidSteps: bids.window[bidTicks - bids.base]!,
      askTicks,
      askSteps: asks.window[askTicks - asks.base]!,
    };
    otherOff = 0.98 * otherOff + (otherRandom() - 0.5) * 4;
    yield { type: 'otherQuote', transactionTimeMs: transactionTimeMs + 1, midprice: 500 + middle / 200 + otherOff };
    for (let n = below(3); n > 0; n--) {
      const isBuy = random() < 0.5 + drift / 2;
      yield {
        type: 'trade',
        channel: 'aggTrade',
        transactionTimeMs: transactionTimeMs + n,
        tradeId,
        firstTradeId: tradeId,
        lastTradeId: tradeId++,
        priceTicks: isBuy ? askTicks : bidTicks,
        qtySteps: 1 + below(2_000),
        aggressorSide: isBuy ? 'buy' : 'sell',
        isMarket: true,
      };
    }
    if (step % 12 === 0) yield* minutely(transactionTimeMs, middle, random);
  }
}

function* minutely(timeMs: number, middle: number, random: () => number): Generator<FeatureInput> {
  yield {
    type: 'markPrice',
    eventTimeMs: timeMs,
    markPrice: middle / 10 + random(),
    indexPrice: middle / 10 - random(),
    settlePrice: null,
    fundingRate: (random() - 0.4) / 10_000,
    nextFundingTimeMs: (Math.floor(timeMs / 28_800_000) + 1) * 28_800_000,
  };
  yield { type: 'openInterest', transactionTimeMs: timeMs, openInterest: 80_000 + random() * 1_000 };
  if (random() < 0.2)
    yield {
      type: 'liquidation',
      transactionTimeMs: timeMs,
      side: random() < 0.5 ? 'buy' : 'sell',
      price: middle / 10,
      averagePrice: middle / 10,
      qty: random(),
      filledQty: random(),
      status: 'FILLED',
    };
}

/** Takes the levels that are there away and sets new ones. @returns the ticks of the new ones */
function redraw(
  ladder: Ladder,
  old: Float64Array,
  best: number,
  sign: 1 | -1,
  below: (limit: number) => number,
): Float64Array<ArrayBuffer> {
  const ticks = Float64Array.from({ length: LEVELS }, (_, n) => best + sign * n);
  const steps = Float64Array.from({ length: LEVELS }, () => 1 + below(9_000));
  setLevels(ladder, ticks, 0, steps, 0, LEVELS);
  const gone = old.filter((tick) => !ticks.includes(tick));
  setLevels(ladder, gone, 0, new Float64Array(gone.length), 0, gone.length);
  return ticks;
}

/** From 0 to 1, by a linear congruential generator. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** One market until an instant, and another one from there on. */
export function* splitInputs(seed: number, other: number, fromMs: number): Generator<FeatureInput> {
  for (const input of madeInputs(seed)) if (timeOf(input) < fromMs) yield input;
  for (const input of madeInputs(other)) if (timeOf(input) >= fromMs) yield input;
}

/** Event time of an input, ms since the epoch; 0 where it has none. */
export function timeOf(input: FeatureInput): number {
  if ('transactionTimeMs' in input) return input.transactionTimeMs;
  return 'eventTimeMs' in input ? input.eventTimeMs : 0;
}
