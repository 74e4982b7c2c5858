import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type SmallVenue, smallVenue, told } from './small-venue.ts';

const ORDER = 'POST /fapi/v1/order';
const ALGO = 'POST /fapi/v1/algoOrder';
const MARKET = { type: 'MARKET', side: 'BUY', quantity: '1' };
const STOP = { algoType: 'CONDITIONAL', type: 'STOP_MARKET', side: 'SELL', triggerPrice: '79000', quantity: '0.5' };

function withVenue(body: (venue: SmallVenue) => void): () => void {
  return () => {
    const venue = smallVenue();
    try {
      body(venue);
    } finally {
      venue.close();
    }
  };
}

function statuses({ events }: SmallVenue, clientAlgoId: string): unknown[] {
  return events.filter(({ e, o }) => e === 'ALGO_UPDATE' && o['caid'] === clientAlgoId).map(({ o }) => o['X']);
}

test(
  'a stop is triggered by a trade at its price, becomes a market order, and is told of on its way',
  withVenue((venue) => {
    const { ask, others, events } = venue;
    ask(ORDER, MARKET);
    const placed = ask(ALGO, { ...STOP, clientAlgoId: 's' });
    assert.equal(
      [placed['algoStatus'], placed['triggerPrice'], placed['orderType']],
      ['NEW', '79000.00', 'STOP_MARKET'],
    );
    others('bid', 79_000.1, 1);
    others('bid', 78_999, 1);
    others('ask', 79_000.1, 101);
    assert.equal(statuses(venue, 's'), ['NEW'], 'not reached');
    others('ask', 78_999, 0.1);
    assert.equal(statuses(venue, 's'), ['NEW', 'TRIGGERING', 'TRIGGERED', 'FINISHED']);
    assert.equal(told(events, 's'), ['NEW NEW', 'TRADE FILLED']);
    const query = ask('GET /fapi/v1/algoOrder', { clientAlgoId: 's' });
    assert.equal([query['algoStatus'], query['actualPrice']], ['FINISHED', '78999.00000']);
    const order = ask('GET /fapi/v1/order', { orderId: query['actualOrderId'] });
    assert.equal([order['origType'], order['type'], order['status']], ['STOP_MARKET', 'MARKET', 'FILLED']);
  }),
);

test(
  'a take profit goes by the mark price where it says so; a trailing stop follows the best price',
  withVenue((venue) => {
    const { ask, mark } = venue;
    ask(ORDER, MARKET);
    const byMark = { ...STOP, workingType: 'MARK_PRICE' };
    ask(ALGO, { ...byMark, type: 'TAKE_PROFIT', triggerPrice: '80400', price: '80300', clientAlgoId: 'tp' });
    const trail = { ...byMark, type: 'TRAILING_STOP_MARKET', triggerPrice: undefined };
    ask(ALGO, { ...trail, callbackRate: '1', activatePrice: '81000', clientAlgoId: 'trail' });
    mark(80_399);
    assert.equal(statuses(venue, 'tp'), ['NEW']);
    mark(80_400);
    assert.equal(statuses(venue, 'tp'), ['NEW', 'TRIGGERING', 'TRIGGERED'], 'its limit order rests');
    mark(81_500);
    mark(80_686);
    assert.equal(statuses(venue, 'trail'), ['NEW'], '1 % below 81,500 is 80,685');
    mark(80_685);
    assert.equal(statuses(venue, 'trail'), ['NEW', 'TRIGGERING', 'TRIGGERED', 'FINISHED']);
    ask('DELETE /fapi/v1/order', { origClientOrderId: 'tp' });
    assert.is(statuses(venue, 'tp').at(-1), 'FINISHED');
  }),
);

test(
  'what closes a position goes when the position has gone',
  withVenue((venue) => {
    const { ask, refusal } = venue;
    const close = { ...STOP, quantity: undefined, closePosition: 'true' };
    assert.is(refusal(ALGO, close), -4509, 'there is nothing to close');
    ask(ORDER, MARKET);
    ask(ALGO, { ...close, clientAlgoId: 'close' });
    assert.is(refusal(ALGO, { ...close, triggerPrice: '78000' }), -4130);
    assert.is((ask('GET /fapi/v1/openAlgoOrders') as unknown as unknown[]).length, 1);
    ask(ORDER, { ...MARKET, side: 'SELL' });
    assert.equal(statuses(venue, 'close'), ['NEW', 'EXPIRED']);
    assert.equal(ask('GET /fapi/v1/openAlgoOrders'), []);
  }),
);

test(
  'margin is asked for when it is triggered: without it, the order is rejected',
  withVenue((venue) => {
    const { ask, mark } = venue;
    ask(ALGO, { ...STOP, quantity: '60', workingType: 'MARK_PRICE', clientAlgoId: 'big' });
    mark(79_000);
    const last = venue.events.findLast(({ e, o }) => e === 'ALGO_UPDATE' && o['caid'] === 'big');
    assert.equal([last!.o['X'], last!.o['rm']], ['REJECTED', 'Margin is insufficient.']);
  }),
);

test(
  'refuses what is wrong',
  withVenue(({ ask, refusal }) => {
    ask(ALGO, { ...STOP, clientAlgoId: 'same', workingType: 'MARK_PRICE' });
    const wrong: [Record<string, unknown>, number][] = [
      [{ clientAlgoId: 'same' }, -4116],
      [{ algoType: 'VP' }, -1130],
      [{ type: 'LIMIT' }, -1116],
      [{ triggerPrice: undefined }, -1102],
      [{ triggerPrice: '79000.05' }, -4014],
      [{ triggerPrice: '80000', workingType: 'MARK_PRICE' }, -2021],
      [{ type: 'STOP' }, -1102],
      [{ type: 'TRAILING_STOP_MARKET' }, -1102],
      [{ type: 'TRAILING_STOP_MARKET', callbackRate: '21' }, -2007],
      [{ quantity: undefined }, -1102],
    ];
    for (const [fields, code] of wrong)
      assert.is(refusal(ALGO, { ...STOP, ...fields }), code, `${JSON.stringify(fields)} is refused with ${code}`);
    ask('DELETE /fapi/v1/algoOrder', { clientAlgoId: 'same' });
    assert.is(refusal('DELETE /fapi/v1/algoOrder', { clientAlgoId: 'same' }), -2011);
    assert.is(refusal('GET /fapi/v1/algoOrder', { algoId: 1 }), -2013);
  }),
);

test.run();
