import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { DecodeError } from '../../../streams/events/decode-error.ts';
import { createDecoder } from '../../../streams/events/decoder.ts';
import { decodeInstrumentInfo } from '../../../streams/events/instrument-info.ts';

const test = suite('streams/events/instrument-info');

const PRICE = { minPrice: '556.80', maxPrice: '4529764', filterType: 'PRICE_FILTER', tickSize: '0.10' };
const LOT = { stepSize: '0.001', filterType: 'LOT_SIZE', maxQty: '1000', minQty: '0.001' };
/** An element of `symbols` in exchangeInfo, shortened. */
const INFO = {
  symbol: 'BTCUSDT',
  pair: 'BTCUSDT',
  filters: [{ filterType: 'MAX_NUM_ORDERS', limit: 200 }, LOT, PRICE],
};
const bytes = (value: unknown): Buffer => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));

test('takes tick and step size from their filters', () => {
  const { symbol, scale, isInferred } = decodeInstrumentInfo(bytes(INFO));
  assert.equal([symbol, scale.price.size, scale.qty.size, isInferred], ['BTCUSDT', '0.10', '0.001', false]);
  assert.is(decodeInstrumentInfo(bytes({ ...INFO, inferred: true })).isInferred, true);
});

test('sets the scale of what follows it in the log', () => {
  const decoder = createDecoder();
  const ticker = bytes({ u: 1, b: '5.50', B: '1', a: '5.60', A: '2' });
  decoder.decode('instrument', bytes(INFO));
  assert.is(decoder.scale!.price.size, '0.10');
  const first = decoder.decode('bookTicker', ticker);
  decoder.decode('instrument', bytes({ ...INFO, filters: [LOT, { ...PRICE, tickSize: '0.05' }] }));
  const second = decoder.decode('bookTicker', ticker);
  assert.equal(
    [first, second].map((event) => event.type === 'bookTicker' && event.bidTicks),
    [55, 110],
  );
});

test('one that is refused leaves the scale as it was', () => {
  const decoder = createDecoder();
  decoder.decode('instrument', bytes(INFO));
  assert.throws(() => decoder.decode('instrument', bytes({ ...INFO, filters: [] })));
  assert.is(decoder.scale!.price.size, '0.10');
});

test('is refused with the field that is not as it should be', () => {
  const cases: [payload: unknown, message: RegExp][] = [
    ['{"symbol":', /^instrument\/: expected a JSON object, found \{"symbol":$/],
    ['[]', /^instrument\/: expected a JSON object, found an array of 0$/],
    ['null', /^instrument\/: expected a JSON object, found null$/],
    [{ ...INFO, symbol: undefined }, /^instrument\/symbol: expected a symbol, found nothing$/],
    [{ ...INFO, symbol: '' }, /^instrument\/symbol: expected a symbol, found ""$/],
    [{ ...INFO, symbol: 5 }, /^instrument\/symbol: expected a symbol, found 5$/],
    [{ ...INFO, filters: {} }, /^instrument\/filters: expected an array, found an object of $/],
    [
      { ...INFO, filters: [LOT] },
      /^instrument\/filters\/PRICE_FILTER\/tickSize: expected a decimal text, found nothing$/,
    ],
    [{ ...INFO, filters: [PRICE, null] }, /^instrument\/filters\/LOT_SIZE\/stepSize: .*, found nothing$/],
    [{ ...INFO, filters: [{ ...PRICE, tickSize: 0.1 }, LOT] }, /tickSize: expected a decimal text, found 0.1$/],
    [{ ...INFO, filters: [{ ...PRICE, tickSize: '0' }, LOT] }, /^instrument\/filters: .*tickSize.*found "0"$/],
    [{ ...INFO, filters: [PRICE, { ...LOT, stepSize: '-1' }] }, /^instrument\/filters: .*stepSize.*found "-1"$/],
  ];
  for (const [payload, message] of cases)
    assert.throws(
      () => decodeInstrumentInfo(bytes(payload)),
      (error: unknown) => error instanceof DecodeError && message.test(error.message),
      `${JSON.stringify(payload)} ${message}`,
    );
});

test.run();
