import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createOrderBook, evolveOrderBook } from '../../../operators/book/order-book.ts';
import { type TopOfBook, topOfBook } from '../../../operators/book/top-of-book.ts';
import type { FeatureInput } from '../../../operators/features/feature-input.ts';
import { type FeatureVector, featureSet } from '../../../operators/features/feature-set.ts';
import { SPINE_V1 } from '../../../operators/features/sets/spine-v1.ts';
import { trades } from '../../../operators/trades.ts';
import { createDecoder } from '../../../streams/events/decoder.ts';
import { BTCUSDT_2023, readCapture } from '../../support/captures.ts';
import { testProjectionContract } from '../../support/projection-contract.ts';
import { BOOK_BREAK, gap, quote, randomQuotes, randomTrades, sample, trade } from '../market-events.ts';
import { naiveOrderFlowImbalance, naiveRealizedVolatility, naiveTradeImbalance } from './naive-features.ts';

const test = suite('operators/features/feature-set');

/** Two minutes of a market: quotes and trades by time, with breaks and gaps. */
function market(): FeatureInput[] {
  const inputs: FeatureInput[] = [...randomQuotes(31, 1_200), ...randomTrades(32, 300)];
  const timeOf = (event: FeatureInput) => ('transactionTimeMs' in event ? event.transactionTimeMs : 0);
  inputs.sort((one, other) => timeOf(one) - timeOf(other));
  inputs.splice(200, 0, BOOK_BREAK);
  inputs.splice(300, 0, gap('aggTrade'), gap('depth'));
  return inputs;
}

function vectors(inputs: readonly FeatureInput[]): FeatureVector[] {
  const { initialState, evolve, project } = featureSet(SPINE_V1);
  let state = initialState();
  return inputs.flatMap((event) => {
    state = evolve(state, event);
    return project(state, event) ?? [];
  });
}

testProjectionContract(test, 'the feature set', {
  projection: featureSet(SPINE_V1),
  events: market,
  firstOutput: market().findIndex(({ type }) => type === 'topOfBook'),
});

test('speaks at each quote, with what is warm, and says in the mask what that is', () => {
  const [first, ...others] = vectors([
    trade(900, 100, 5),
    BOOK_BREAK,
    quote(1_000, [100, 30], [101, 10]),
    gap('depth'),
  ]);
  assert.is(others.length, 0);
  assert.equal(first, {
    updateId: 1_000,
    timeMs: 1_000,
    values: [100.5, 100.75, 1, 0.5, null, null, null],
    mask: 0b0001111,
    broken: 0,
  });
  const warm = vectors(market()).at(-1)!;
  assert.is(warm.mask, 0b1111111);
  assert.ok(warm.values.every((value) => Number.isFinite(value)));
});

test('never says NaN or infinity', () => {
  for (const { values, mask } of vectors(market()))
    for (const [n, value] of values.entries()) {
      assert.is(value === null, (mask & (1 << n)) === 0);
      if (value !== null) assert.ok(Number.isFinite(value), SPINE_V1.columns[n]!.name);
    }
});

/** With the sample that the set takes at each quote. */
function withSamples(inputs: readonly FeatureInput[]): FeatureInput[] {
  let nowMs = 0;
  return inputs.flatMap((event): FeatureInput[] => {
    if (event.type !== 'topOfBook') return [event];
    nowMs = Math.max(nowMs, event.transactionTimeMs);
    return [event, sample(nowMs)];
  });
}

/** Quotes, breaks, trades and gaps of a recording, as they come. */
function inputsOf(events: NonNullable<ReturnType<typeof readCapture>>): FeatureInput[] {
  const decoder = createDecoder();
  const book = createOrderBook();
  const tradesState = trades.initialState();
  const inputs: FeatureInput[] = [];
  for (const { channel, payload } of events) {
    const event = decoder.decode(channel, payload);
    evolveOrderBook(book, event);
    if (event.type === 'depthUpdate')
      inputs.push((book.invalidity === null ? topOfBook(book) : undefined) ?? BOOK_BREAK);
    const traded = trades.project(trades.evolve(tradesState, event), event);
    if (traded !== undefined) inputs.push(traded);
  }
  return inputs;
}

test(`on ${BTCUSDT_2023.file} each feature is what its formula gives, computed anew at each of some quotes`, () => {
  const events = readCapture(BTCUSDT_2023);
  if (events === undefined) return;
  const inputs = inputsOf(events);
  const sampled = withSamples(inputs);
  const told = vectors(inputs);
  const isQuote = (event: FeatureInput): event is TopOfBook => event.type === 'topOfBook';
  assert.is(told.length, inputs.filter(isQuote).length);
  let at = -1;
  let compared = 0;
  for (const { updateId, values } of told) {
    at = inputs.findIndex((event, n) => n > at && isQuote(event) && event.updateId === updateId);
    // Each is a look at all that was before: 1 quote in 41 is enough, and takes seconds.
    if (compared++ % 41 !== 0) continue;
    const past = sampled.slice(0, sampled.indexOf(inputs[at]!) + 2);
    const { bidTicks, bidSteps, askTicks, askSteps } = inputs[at] as TopOfBook;
    assert.equal(values.slice(0, 6), [
      (bidTicks + askTicks) / 2,
      (bidTicks * askSteps + askTicks * bidSteps) / (askSteps + bidSteps),
      askTicks - bidTicks,
      (bidSteps - askSteps) / (bidSteps + askSteps),
      naiveOrderFlowImbalance(past, 1_000),
      naiveTradeImbalance(past, 10_000),
    ]);
    const [found, expected] = [values[6]!, naiveRealizedVolatility(past, 1_000, 60)];
    assert.ok(found === expected || Math.abs(found - expected!) < 1e-14, `${found}, expected ${expected}`);
  }
  assert.is(told.at(-1)!.mask, 0b1111111);
});

test.run();
