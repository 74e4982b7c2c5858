import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Sample } from '../../../operators/features/feature-input.ts';
import { tradeImbalance } from '../../../operators/features/trade-imbalance.ts';
import type { Gap } from '../../../streams/events/gap.ts';
import type { Trade } from '../../../streams/events/trade.ts';
import { testProjectionContract } from '../../support/projection-contract.ts';
import { gap, randomQuotes, randomTrades, sample, seededRandom, trade } from '../market-events.ts';
import { naiveTradeImbalance } from './naive-features.ts';

const test = suite('operators/features/trade-imbalance');

type Input = Trade | Gap | Sample;
const WINDOW_MS = 1_000;

function values(events: readonly Input[]): (number | null)[] {
  const { initialState, evolve, project } = tradeImbalance({ windowMs: WINDOW_MS });
  let state = initialState();
  return events.map((event) => {
    state = evolve(state, event);
    return event.type === 'sample' ? (project(state) ?? null) : null;
  });
}

const buy = (ms: number, steps: number): Trade => trade(ms, 100, steps, { aggressorSide: 'buy' });
const sell = (ms: number, steps: number): Trade => trade(ms, 100, steps, { aggressorSide: 'sell' });

testProjectionContract(test, 'trade imbalance', {
  projection: tradeImbalance({ windowMs: WINDOW_MS }),
  events: (): Input[] => [
    buy(1_000, 5),
    sample(1_500),
    sell(1_900, 1),
    sample(2_000),
    sample(2_100),
    gap('trade'),
    sample(2_200),
  ],
  firstOutput: 3,
});

test('is what was bought less what was sold, as a part of both', () => {
  // (30 − 10) / (30 + 10); the first trade, one window ago, is just out.
  assert.is(values([buy(1_000, 99), buy(1_200, 30), sell(1_999, 10), sample(2_000)]).at(-1), 0.5);
  assert.is(values([buy(1_000, 99), buy(1_200, 30), sample(2_000)]).at(-1), 1);
  assert.is(values([buy(1_000, 99), sell(1_200, 30), sample(2_000)]).at(-1), -1);
});

test('says nothing before a window has passed since the first trade', () => {
  assert.equal(values([sample(1), buy(1_000, 5), sample(1_001), sell(1_998, 5), sample(1_999)]), [
    null,
    null,
    null,
    null,
    null,
  ]);
  assert.is(values([sample(1), buy(1_000, 5), sell(1_998, 5), sample(2_000)]).at(-1), -1);
});

test('says nothing while the window holds no trade, or none of any size', () => {
  assert.is(values([buy(1_000, 5), sample(9_000)]).at(-1), null);
  assert.is(values([buy(1_000, 5), buy(8_900, 0), sample(9_000)]).at(-1), null);
});

test('a gap of the trades starts it anew, one of another channel does not', () => {
  const before: Input[] = [buy(1_000, 5), buy(2_500, 5)];
  for (const channel of ['aggTrade', 'trade'])
    assert.equal(
      values([
        ...before,
        gap(channel),
        sample(2_600),
        sell(2_700, 1),
        sample(3_699),
        sell(3_699, 2),
        sample(3_700),
      ]).slice(3),
      [null, null, null, null, -1],
    );
  assert.is(values([...before, gap('depth'), sample(2_600)]).at(-1), 1);
});

test('of random trades and samples, with pauses, gaps and some out of order, it is what the plain sum is', () => {
  const random = seededRandom(11);
  const samples = randomQuotes(12, 500).map(({ transactionTimeMs }) => sample(transactionTimeMs));
  const trades = randomTrades(13, 500);
  const inputs: Input[] = [];
  while (samples.length > 0 && trades.length > 0) {
    const isSample = samples[0]!.timeMs < trades[0]!.transactionTimeMs;
    inputs.push((isSample ? samples : trades).shift()!);
    if (random() < 0.005) inputs.push(gap(random() < 0.5 ? 'aggTrade' : 'depth'));
  }
  const plain = inputs.map((event, n) =>
    event.type === 'sample' ? naiveTradeImbalance(inputs.slice(0, n + 1), WINDOW_MS) : null,
  );
  assert.equal(values(inputs), plain);
  assert.ok(plain.filter((value) => value !== null).length > 100);
});

test.run();
