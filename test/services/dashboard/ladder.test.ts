import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { deepened, ladderSide } from '../../../services/dashboard/src/market/ladder.ts';

const levels = (...pairs: [string, string][]) => pairs.map(([price, qty]) => ({ price, qty }));

const BIDS = levels(['100.4', '1'], ['100.3', '2'], ['100.0', '4'], ['99.9', '8'], ['98.7', '16']);
const ASKS = levels(['100.5', '1'], ['100.9', '2'], ['101.0', '4'], ['101.1', '8']);

test('one tick a row shows each level with the quantity up to it', () => {
  const rows = ladderSide(BIDS, { side: 'bid', tickSize: '0.1', ticks: 1, rows: 3 });
  assert.equal(rows, [
    { price: 100.4, qty: 1, cumulativeQty: 1 },
    { price: 100.3, qty: 2, cumulativeQty: 3 },
    { price: 100, qty: 4, cumulativeQty: 7 },
  ]);
});

test('bids are put together downwards', () => {
  const rows = ladderSide(BIDS, { side: 'bid', tickSize: '0.1', ticks: 10, rows: 20 });
  assert.equal(
    rows.map(({ price, qty }) => [price, qty]),
    [
      [100, 7],
      [99, 8],
      [98, 16],
    ],
  );
});

test('asks are put together upwards', () => {
  const rows = ladderSide(ASKS, { side: 'ask', tickSize: '0.1', ticks: 10, rows: 20 });
  assert.equal(
    rows.map(({ price, qty, cumulativeQty }) => [price, qty, cumulativeQty]),
    [
      [101, 7, 7],
      [102, 8, 15],
    ],
  );
});

test('a row that does not fit is left out, not put into the last one', () => {
  const rows = ladderSide(ASKS, { side: 'ask', tickSize: '0.1', ticks: 10, rows: 1 });
  assert.equal(rows, [{ price: 101, qty: 7, cumulativeQty: 7 }]);
});

test('an empty side has no rows', () => {
  assert.equal(ladderSide([], { side: 'ask', tickSize: '0.1', ticks: 10, rows: 20 }), []);
});

test('no quantity is lost or invented, and rows go away from the best price', () => {
  const side = fc.constantFrom('bid' as const, 'ask' as const);
  const ticksOf = fc.uniqueArray(fc.integer({ min: 1, max: 5_000 }), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(side, ticksOf, fc.constantFrom(1, 10, 100), (name, prices, ticks) => {
      const away = name === 'bid' ? -1 : 1;
      const sorted = prices.toSorted((a, b) => (a - b) * away);
      const book = sorted.map((price) => ({ price: (price * 0.01).toFixed(2), qty: '1' }));
      const rows = ladderSide(book, { side: name, tickSize: '0.01', ticks, rows: 1_000 });
      assert.is(rows.at(-1)?.cumulativeQty, book.length);
      for (let at = 1; at < rows.length; at++) assert.ok((rows[at]!.price - rows[at - 1]!.price) * away > 0);
    }),
    { numRuns: 300 },
  );
});

test('an older, deeper book goes on where the live one ends, and no sooner', () => {
  const live = levels(['100.4', '1'], ['100.2', '1']);
  const deep = levels(['100.4', '9'], ['100.3', '9'], ['100.2', '9'], ['100.1', '9'], ['99.0', '9']);
  assert.equal(
    deepened(live, deep, 'bid').map(({ price, qty }) => [price, qty]),
    [
      ['100.4', '1'],
      ['100.2', '1'],
      ['100.1', '9'],
      ['99.0', '9'],
    ],
  );
  assert.equal(deepened([], deep, 'bid'), [], 'an invalid book stays empty');
});

test.run();
