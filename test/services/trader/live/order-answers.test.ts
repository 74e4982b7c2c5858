import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parseExact } from '../../../../services/trader/live/exact-json.ts';
import { readOrderAnswer, readOrderUpdate, readTradeAnswer } from '../../../../services/trader/live/order-answers.ts';
import { createScale } from '../../../../streams/events/scale.ts';

const SCALE = createScale('0.10', '0.001');
// As Binance documents them, with an id that a double cannot hold.
const ORDER =
  '{"orderId":8389766145050669870,"symbol":"BTCUSDT","status":"PARTIALLY_FILLED","clientOrderId":"don-a-1","price":"61000.10","avgPrice":"61000.1","origQty":"0.010","executedQty":"0.004","updateTime":1732665600123}';
const TRADE =
  '{"symbol":"BTCUSDT","id":698759,"orderId":8389766145050669870,"side":"SELL","price":"61000.10","qty":"0.004","realizedPnl":"0","quoteQty":"244.0004","commission":"-0.04880008","commissionAsset":"USDT","time":1732665600123,"positionSide":"BOTH","buyer":false,"maker":true}';
const UPDATE =
  '{"e":"ORDER_TRADE_UPDATE","E":1732665600124,"T":1732665600123,"o":{"s":"BTCUSDT","c":"don-a-1","S":"SELL","o":"LIMIT","f":"GTC","q":"0.01","p":"61000.1","ap":"0","sp":"0","x":"TRADE","X":"PARTIALLY_FILLED","i":8389766145050669870,"l":"0.004","z":"0.004","L":"61000.1","n":"0.0488","N":"BNB","T":1732665600123,"t":698759,"m":true,"R":false}}';

test('ids beyond 2^53 stay what they are', () => {
  const answer = readOrderAnswer(parseExact(ORDER), SCALE);
  const at = { exchangeId: '8389766145050669870', timeMs: 1732665600123 };
  const terms = { priceTicks: 610_001, qtySteps: 10 };
  assert.equal(answer, { ...at, clientOrderId: 'don-a-1', end: null, ...terms, filledSteps: 4 });
  assert.equal(parseExact('{"a":9007199254740991,"b":1.5,"c":"12345678901234567890"}'), {
    a: 9007199254740991,
    b: 1.5,
    c: '12345678901234567890',
  });
});

test('a fill is read exactly, a rebate as a fee below 0', () => {
  const fact = { type: 'filled', timeMs: 1732665600123, tradeId: '698759', priceTicks: 610001, qtySteps: 4 } as const;
  assert.equal(readTradeAnswer(parseExact(TRADE), SCALE, 'USDT'), {
    exchangeId: '8389766145050669870',
    fact: { ...fact, feeE8: -4880008, isMaker: true },
  });
  const { fill, filledSteps, end } = readOrderUpdate(parseExact(UPDATE), SCALE, 'USDT');
  assert.equal([fill, filledSteps, end], [{ ...fact, feeE8: null, isMaker: true }, 4, null], 'paid in another asset');
});

test('each way in which an order ends, and what is none', () => {
  for (const end of ['CANCELED', 'EXPIRED', 'EXPIRED_IN_MATCH', 'REJECTED'] as const)
    assert.is(readOrderAnswer(parseExact(ORDER.replace('PARTIALLY_FILLED', end)), SCALE).end, end);
  assert.is(readOrderAnswer(parseExact(ORDER.replace('PARTIALLY_FILLED', 'FILLED')), SCALE).end, 'EXPIRED');
  assert.is(readOrderAnswer(parseExact(ORDER.replace('PARTIALLY_FILLED', 'NEW')), SCALE).end, null);
  assert.throws(() => readOrderAnswer({}, SCALE));
  const offGrid = () => readOrderAnswer(parseExact(ORDER.replace('0.004', '0.0045')), SCALE);
  assert.throws(offGrid, /executedQty: expected a multiple of 0.001, found 0.0045/);
});

test.run();
