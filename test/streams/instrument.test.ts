import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { formatInstrument, parseInstrument, sequenceRule, VENUES } from '../../streams/instrument.ts';

const test = suite('streams/instrument');

test('reads venue and symbol', () => {
  const name = 'binance-usdm:BTCUSDT';
  assert.equal(parseInstrument(name), { name, venue: 'binance-usdm', symbol: 'BTCUSDT' });
  for (const symbol of ['BTCUSD_PERP', '1000PEPEUSDT', '测试USDT', '牛来USDT'])
    assert.is(parseInstrument(`simulated:${symbol}`).symbol, symbol);
  for (const venue of VENUES) assert.is(formatInstrument(venue, 'ETHUSDT'), `${venue}:ETHUSDT`);
});

test('says what is wrong with a name, and what was expected', () => {
  assert.throws(() => parseInstrument('BTCUSDT'), /instrument: expected venue:SYMBOL .* found "BTCUSDT"/);
  assert.throws(() => parseInstrument('kraken:BTCUSDT'), /instrument\/venue: expected one of simulated, .* "kraken"/);
  for (const symbol of ['', 'btcusdt', 'BTC USDT', 'BTC:USDT', 'BTC}', 'BTC*', 'A'.repeat(41), 'BTC\nUSDT'])
    assert.throws(() => parseInstrument(`simulated:${symbol}`), /instrument\/symbol: expected .* found/, symbol);
});

test('chains spot by U and USD-M by pu', () => {
  assert.is(sequenceRule('binance-spot:BTCUSDT'), 'spot');
  for (const venue of ['simulated', 'binance-usdm', 'binance-usdm-testnet'])
    assert.is(sequenceRule(`${venue}:BTCUSDT`), 'usdm');
});

test.run();
