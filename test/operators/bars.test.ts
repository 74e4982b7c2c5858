import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Bar, type BarsState, bars, type RecordingEnd } from '../../operators/bars.ts';
import type { Gap } from '../../streams/events/gap.ts';
import type { Trade } from '../../streams/events/trade.ts';
import { testProjectionContract } from '../support/projection-contract.ts';
import { gap, randomTrades, trade } from './market-events.ts';

const test = suite('operators/bars');

type Input = Trade | Gap | RecordingEnd;
const END: RecordingEnd = { type: 'recordingEnd' };

function fold(events: readonly Input[], intervalMs = 1_000): { readonly closed: Bar[]; readonly state: BarsState } {
  const { initialState, evolve, project } = bars({ intervalMs });
  let state = initialState();
  const closed: Bar[] = [];
  for (const event of events) {
    state = evolve(state, event);
    const bar = project(state, event);
    if (bar !== undefined) closed.push(bar);
  }
  return { closed, state };
}

testProjectionContract(test, 'bars', {
  projection: bars({ intervalMs: 1_000 }),
  events: (): Input[] => [
    trade(5_100, 10, 1),
    trade(5_900, 12, 2),
    trade(6_100, 11, 3),
    trade(7_100, 14, 3),
    trade(7_200, 13, 1),
    END,
    trade(20_000, 9, 1),
  ],
  firstOutput: 2,
});

test('sums the trades of an interval, exactly', () => {
  const { closed } = fold([
    trade(60_000, 100, 3, { aggressorSide: 'buy', firstTradeId: 1, lastTradeId: 4 }),
    trade(60_400, 103, 2, { aggressorSide: 'sell', firstTradeId: 5, lastTradeId: 5 }),
    trade(60_999, 99, 5, { aggressorSide: 'buy', firstTradeId: 6, lastTradeId: 7 }),
    trade(61_000, 98, 1, { firstTradeId: 8, lastTradeId: 8 }),
  ]);
  const expected: Bar = {
    openTimeMs: 60_000,
    openTicks: 100,
    highTicks: 103,
    lowTicks: 99,
    closeTicks: 99,
    volumeSteps: 10,
    quoteVolume: 100 * 3 + 103 * 2 + 99 * 5,
    buyVolumeSteps: 8,
    trades: 7,
    isClosed: true,
    isWhole: false,
  };
  assert.equal(closed, [expected]);
});

test('is closed by the first trade of a later interval', () => {
  const { closed, state } = fold([trade(1_500, 1, 1), trade(5_200, 2, 1)]);
  assert.equal(
    closed.map(({ openTimeMs }) => openTimeMs),
    [1_000],
    'times without trades have no bar',
  );
  assert.is(state.open?.openTimeMs, 5_000);
});

test('a trade that comes late counts in the bar then open, and a bar once given never changes', () => {
  const { closed, state } = fold([trade(1_500, 1, 1), trade(2_100, 2, 1), trade(1_900, 9, 4)]);
  assert.equal(
    closed.map(({ volumeSteps }) => volumeSteps),
    [1],
  );
  assert.equal([state.open?.openTimeMs, state.open?.highTicks, state.open?.volumeSteps], [2_000, 9, 5]);
  const behind = fold([trade(1_500, 1, 1), END, trade(1_900, 9, 4)]);
  assert.is(behind.state.open?.openTimeMs, 2_000, 'with no bar open, in the first that can still be');
  assert.is(fold([trade(500, 1, 1), END, trade(900, 9, 4)]).state.open?.openTimeMs, 1_000, 'from the epoch on');
});

test('the end of a recording closes the last bar, once', () => {
  const { closed } = fold([trade(1_500, 1, 1), END, END]);
  assert.equal(
    closed.map(({ openTimeMs, isClosed }) => [openTimeMs, isClosed]),
    [[1_000, true]],
  );
  assert.equal(fold([END]).closed, []);
});

test('a bar is whole where no trade of its time can be missing', () => {
  const whole = (...events: Input[]) => fold(events).closed.map(({ openTimeMs, isWhole }) => [openTimeMs, isWhole]);
  const trades = [trade(1_500, 1, 1), trade(2_100, 1, 1), trade(3_100, 1, 1), trade(4_100, 1, 1)] as const;
  const [first, second, third, last] = trades;
  assert.equal(
    whole(...trades, END),
    [
      [1_000, false],
      [2_000, true],
      [3_000, true],
      [4_000, false],
    ],
    'the recording began within the first, and ended within the last',
  );
  const [broken, kept] = [gap('aggTrade'), gap('depth')];
  assert.equal(whole(first, second, kept, third, last).at(-1), [3_000, true], 'the book has nothing to do with it');
  assert.equal(
    whole(first, second, broken, third, last),
    [
      [1_000, false],
      [2_000, false],
      [3_000, false],
    ],
    'trades may be missing at the end of one and at the beginning of the next',
  );
  assert.equal(
    whole(first, second, broken, trade(2_900, 1, 1), third, last),
    [
      [1_000, false],
      [2_000, false],
      [3_000, true],
    ],
    'a trade of the same bar ends the gap',
  );
});

test('the bar in progress is not closed', () => {
  assert.is(fold([trade(1_500, 1, 1)]).state.open?.isClosed, false);
});

for (const intervalMs of [1_000, 60_000])
  test(`bars of ${intervalMs} ms are what a plain grouping of the trades gives`, () => {
    const trades = randomTrades(intervalMs, 3_000);
    const { closed } = fold([...trades, END], intervalMs);
    // The bar of a trade: its own interval, or the one that is open when it comes later than that.
    const groups = new Map<number, Trade[]>();
    let open = 0;
    for (const item of trades) {
      open = Math.max(open, Math.floor(item.transactionTimeMs / intervalMs) * intervalMs);
      groups.set(open, [...(groups.get(open) ?? []), item]);
    }
    const plain = [...groups].map(([openTimeMs, list], n): Bar => {
      const prices = list.map(({ priceTicks }) => priceTicks);
      const sum = (value: (item: Trade) => number) => list.reduce((total, item) => total + value(item), 0);
      return {
        openTimeMs,
        openTicks: prices[0]!,
        highTicks: Math.max(...prices),
        lowTicks: Math.min(...prices),
        closeTicks: prices.at(-1)!,
        volumeSteps: sum(({ qtySteps }) => qtySteps),
        quoteVolume: sum(({ priceTicks, qtySteps }) => priceTicks * qtySteps),
        buyVolumeSteps: sum(({ aggressorSide, qtySteps }) => (aggressorSide === 'buy' ? qtySteps : 0)),
        trades: sum(({ firstTradeId, lastTradeId }) => lastTradeId - firstTradeId + 1),
        isClosed: true,
        isWhole: n > 0 && n < groups.size - 1,
      };
    });
    assert.ok(plain.length > 5);
    assert.equal(closed, plain);
  });

test.run();
