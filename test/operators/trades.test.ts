import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { trades } from '../../operators/trades.ts';
import type { MarketEvent } from '../../streams/events/decoder.ts';
import { testProjectionContract } from '../support/projection-contract.ts';
import { diff, gap, trade } from './market-events.ts';

const test = suite('operators/trades');

const of = (channel: 'aggTrade' | 'trade', tradeId: number) => trade(tradeId, 100, 1, { channel, tradeId });
/** A match outside the order book, as the insurance fund's. */
const beside = (tradeId: number) => ({ ...of('trade', tradeId), isMarket: false });

function tradeIds(events: readonly MarketEvent[]): number[] {
  let state = trades.initialState();
  return events.flatMap((event) => {
    state = trades.evolve(state, event);
    const said = trades.project(state, event);
    return said === undefined ? [] : [said.tradeId];
  });
}

testProjectionContract(test, 'trades', {
  projection: trades,
  events: (): MarketEvent[] => [
    diff([1, 2]),
    of('trade', 1),
    of('aggTrade', 2),
    of('trade', 3),
    gap('trade'),
    of('aggTrade', 4),
  ],
  firstOutput: 1,
});

test('a recording with one of the two channels gives all of its trades', () => {
  assert.equal(tradeIds([of('aggTrade', 1), diff([1, 2]), of('aggTrade', 2)]), [1, 2]);
  assert.equal(tradeIds([of('trade', 1), of('trade', 2)]), [1, 2]);
});

test('where both come, a match is not told twice', () => {
  assert.equal(tradeIds([of('aggTrade', 1), of('trade', 11), of('aggTrade', 2), of('trade', 12)]), [1, 2]);
});

test('what trade reports beside the order book is left out', () => {
  assert.equal(tradeIds([of('trade', 1), beside(2), of('trade', 3)]), [1, 3]);
});

test.run();
