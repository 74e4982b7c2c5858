import { test } from 'uvu';
import * as assert from 'uvu/assert';

// The page's frames; the folds themselves need none.
Object.assign(globalThis, { requestAnimationFrame: () => 0 });
const { createMarket, takeIn, takeTrades } = await import('../../../services/dashboard/src/market/market.ts');
const { chooseInstrument, readInstrument } = await import('../../../services/dashboard/src/market/instrument.ts');

const newMarket = () =>
  createMarket(
    readInstrument({ instrument: 'simulated:BTCUSDT', tick_size: '0.10', step_size: '0.001', recordings: [] }),
  );
const trade = (id: number, price: string, second = id, side = 'buy') => ({
  i: 0,
  ts: (1_700_000_000 + second) * 1_000_000,
  trade_id: id,
  price,
  qty: '0.500',
  side,
});

test('an instrument brings the digits of its tick and step', () => {
  const { priceDecimals, qtyDecimals, isSimulated } = newMarket().instrument;
  assert.equal([priceDecimals, qtyDecimals, isSimulated], [1, 3, true]);
  const unknown = readInstrument({
    instrument: 'binance-usdm:X',
    tick_size: null,
    step_size: null,
    recordings: [{ recording: '9a0505c20c5a' }],
  });
  assert.equal([unknown.priceDecimals, unknown.isSimulated, unknown.isImported], [null, false, true]);
});

test('what is recorded live is chosen before an import, and what is wanted before both', () => {
  const [imported, other, live] = ['9a0505c20c5a', '0c5a9a0505c2', 'live'].map((recording, at) =>
    readInstrument({
      instrument: `binance-usdm:${at}`,
      tick_size: null,
      step_size: null,
      recordings: [{ recording }],
    }),
  );
  const all = [imported!, other!, live!];
  assert.is(chooseInstrument(all, ['', null]), live);
  assert.is(chooseInstrument(all, ['gone:X', other!.name]), other);
  assert.is(chooseInstrument([imported!, other!], []), imported);
  assert.is(chooseInstrument([], []), undefined);
});

test('the last price keeps its direction while it does not change', () => {
  const market = newMarket();
  const directions = ['100.0', '100.1', '100.1', '99.9'].map((price, at) => {
    takeIn(market, 'trades', trade(at + 1, price));
    return market.lastPrice.get()?.direction;
  });
  assert.equal(directions, ['same', 'up', 'up', 'down']);
});

test('trades are newest first, once each, and bounded', () => {
  const market = newMarket();
  for (let id = 1; id <= 1_000; id++) takeIn(market, 'trades', trade(id, '100.0'));
  takeIn(market, 'trades', trade(1_000, '100.0'));
  const tape = market.trades.get();
  assert.is(tape.length, 200);
  assert.is(tape[0]?.id, 1_000);
  assert.is(new Set(tape.map(({ id }) => id)).size, 200);
});

test('history does not set the last price back', () => {
  const market = newMarket();
  takeIn(market, 'trades', trade(50, '101.0'));
  takeTrades(market, [{ id: 20, timeMs: 1, price: '90.0', qty: '1', side: 'buy' }]);
  assert.is(market.lastPrice.get()?.price, '101.0');
});

test('trades make the candle of the second in progress; the closed bar replaces it', () => {
  const market = newMarket();
  for (const [id, price] of [
    [1, '100.0'],
    [2, '102.0'],
    [3, '99.0'],
  ] as const)
    takeIn(market, 'trades', trade(id, price, 7));
  const timeS = 1_700_000_007;
  assert.equal(market.bars['1s'].get(), [{ timeS, open: 100, high: 102, low: 99, close: 99, volume: 1.5 }]);
  const closed = { open: '98.0', high: '102.0', low: '98.0', close: '99.0', volume: '2.000' };
  takeIn(market, 'bars_1s', { i: 0, ts: timeS * 1_000_000, source: 'trades', ...closed });
  assert.is(market.bars['1s'].get()[0]?.open, 98);
});

test("the venue's own klines do not draw a minute twice", () => {
  const market = newMarket();
  const row = { i: 0, ts: 0, open: '1', high: '1', low: '1', close: '1', volume: '1' };
  takeIn(market, 'bars_1m', { ...row, source: 'kline' });
  assert.is(market.bars['1m'].get().length, 0);
});

test('a gap is told when it opens and replaced when it is closed', () => {
  const market = newMarket();
  const row = { i: 1, ts: 5_000_000, entry_id: '5-0:1', channel: 'depth', reason: 'sequence', from_time: 4_000_000 };
  takeIn(market, 'gaps', { ...row, expected: '10', found: '12', to_time: null, closed_by: 'open' });
  assert.is(market.gaps.get()[0]?.toMs, null);
  takeIn(market, 'gaps', { ...row, expected: '10', found: '12', to_time: 9_000_000, closed_by: 'snapshot' });
  assert.equal(
    market.gaps.get().map(({ fromMs, toMs, closedBy }) => [fromMs, toMs, closedBy]),
    [[4_000, 9_000, 'snapshot']],
  );
  takeIn(market, 'gaps', { ...row, expected: '10', found: '12', to_time: null, closed_by: 'open' });
  assert.is(market.gaps.get()[0]?.toMs, 9_000, 'an older row does not open it again');
});

test('an invalid book keeps its reason and opens a span that the next valid book closes', () => {
  const market = newMarket();
  const book = (second: number, valid: boolean) => ({
    i: 0,
    ts: second * 1_000_000,
    update_id: valid ? 5 : null,
    valid,
    ...(valid ? {} : { reason: 'gap' }),
    bids: valid ? [['100.0', '1']] : [],
    asks: [],
  });
  for (const [second, valid] of [
    [1, true],
    [2, false],
    [3, false],
    [5, true],
  ] as const)
    takeIn(market, 'book', book(second, valid));
  assert.equal(market.invalidSpans.get(), [{ fromMs: 2_000, toMs: 5_000, reason: 'gap' }]);
  takeIn(market, 'book', book(6, false));
  assert.is(market.book.get()?.reason, 'gap');
});

test('samples are of the set that is shown; those of other sets over the same topic are passed over', () => {
  const market = newMarket();
  const values = { midprice: 1, microprice: 2, quoted_spread: 3, queue_imbalance: 0 };
  const row = { i: 0, ...values, order_flow_imbalance: null, trade_imbalance: null, realized_volatility: null };
  takeIn(market, 'features', { ...row, ts: 5_000_000, set: 'spine-v1' });
  takeIn(market, 'features', { i: 0, ts: 6_000_000, set: 'default-v1', rsi_14: 40, midprice: 'x' });
  takeIn(market, 'features', { ...row, ts: 7_000_000 });
  assert.equal(
    market.samples.get().map(({ timeS }) => timeS),
    [5, 7],
  );
});

test('what is not as expected is refused with the name of its field', () => {
  const refusals = [
    ['trades', { ...trade(1, 'x') }, /trade\/price: expected a number, was "x"/],
    ['trades', { ...trade(1, '1'), side: 'SELL' }, /trade\/side: expected buy or sell, was "SELL"/],
    ['book', { ts: 1, valid: 'yes', bids: [], asks: [] }, /book\/valid: expected true or false, was "yes"/],
    ['book', { ts: 1, valid: true, bids: ['1'], asks: [] }, /book\/bids\/0: expected \[price, quantity\]/],
    ['gaps', null, /gap: expected a JSON object, was null/],
  ] as const;
  for (const [topic, data, expected] of refusals) assert.throws(() => takeIn(newMarket(), topic, data), expected);
});

test.run();
