import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { UserAccount } from '../../../../services/venue/private/user-account.ts';
import { type SmallVenue, smallVenue } from './small-venue.ts';
import { e8 } from './trader.ts';

// Whatever is asked of the venue, in whatever order: what it books, tells and keeps in its market stays one.

const price = fc.integer({ min: -30, max: 30 }).map((offset) => (80_000 + offset / 2).toFixed(1));
const quantity = fc.integer({ min: 1, max: 400 }).map((steps) => (steps / 1000).toFixed(3));
const side = fc.constantFrom('BUY', 'SELL');
const account = fc.constantFrom('demo', 'other');
const id = fc.constantFrom('a', 'b', 'c', 'd');
const timeInForce = fc.constantFrom('GTC', 'GTC', 'GTC', 'IOC', 'FOK', 'GTX');
const reduceOnly = fc.constantFrom('true', 'false', 'false', 'false');
const selfTradePreventionMode = fc.constantFrom('EXPIRE_TAKER', 'EXPIRE_MAKER', 'EXPIRE_BOTH');

type Action =
  | { readonly request: string; readonly params: Record<string, unknown>; readonly account: string }
  | {
      readonly request: 'others' | 'mark' | 'fund';
      readonly side: string;
      readonly price: string;
      readonly quantity: string;
    };
const asked = (request: string, params: fc.Arbitrary<Record<string, unknown>>): fc.Arbitrary<Action> =>
  fc.record({ request: fc.constant(request), params, account });
const LIMIT = fc.record({
  type: fc.constant('LIMIT'),
  side,
  price,
  quantity,
  timeInForce,
  reduceOnly,
  selfTradePreventionMode,
  newClientOrderId: id,
});
const CONDITIONAL = fc.record({
  algoType: fc.constant('CONDITIONAL'),
  type: fc.constantFrom('STOP_MARKET', 'TAKE_PROFIT_MARKET', 'STOP'),
  side,
  triggerPrice: price,
  price,
  quantity,
  reduceOnly,
});
const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 4, arbitrary: asked('POST /fapi/v1/order', LIMIT) },
  asked('POST /fapi/v1/order', fc.record({ type: fc.constant('MARKET'), side, quantity, reduceOnly })),
  asked('PUT /fapi/v1/order', fc.record({ side, price, quantity, origClientOrderId: id })),
  asked('DELETE /fapi/v1/order', fc.record({ origClientOrderId: id })),
  asked('POST /fapi/v1/algoOrder', CONDITIONAL),
  fc.record({ request: fc.constantFrom('others' as const, 'mark' as const, 'fund' as const), side, price, quantity }),
);

function perform(venue: SmallVenue, done: Action): void {
  if ('params' in done) {
    // What is refused is no failure, and must have changed nothing.
    venue.refusal(done.request, done.params, done.account);
    return;
  }
  const at = Number(done.price);
  if (done.request === 'others') venue.others(done.side === 'BUY' ? 'bid' : 'ask', at, Number(done.quantity) * 20);
  else if (done.request === 'mark') venue.mark(at);
  else venue.fund(0.0001, at);
}

function isConsistent(venue: SmallVenue, user: UserAccount): void {
  const { state, income, open, trades } = user;
  assert.is(
    income.reduce((sum, { amountE8 }) => sum + amountE8, 0),
    state.walletE8,
    'incomes are the balance',
  );
  const { both } = state.books[0]!;
  const bought = trades.reduce((sum, each) => sum + (each.side === 'buy' ? each.qtySteps : -each.qtySteps), 0);
  assert.is(bought, both.steps, 'fills are the position');
  const orders = [...open.values()];
  const resting = (counts: (order: (typeof orders)[number]) => boolean): number =>
    orders.filter(counts).reduce((sum, { restingSteps }) => sum + restingSteps, 0);
  assert.is(
    resting((order) => !order.isReduceOnly && order.side === 'buy'),
    both.bidSteps,
  );
  assert.is(
    resting((order) => !order.isReduceOnly && order.side === 'sell'),
    both.askSteps,
  );
  assert.is(
    resting((order) => order.isReduceOnly),
    both.reduceOnlySteps,
  );
  for (const order of orders) {
    const { orderId, restingSteps } = order;
    assert.ok(restingSteps > 0, 'what is open stands in the market');
    assert.is(venue.restingSteps(orderId), restingSteps, 'with as much as the account has open');
    assert.is(user.orders.get(orderId), order);
  }
  const heard = venue.events.filter(
    ({ account: name, e, o }) => name === user.name && e === 'ORDER_TRADE_UPDATE' && o['x'] === 'TRADE',
  );
  assert.is(heard.length, trades.length);
  const fees = heard.reduce((sum, { o }) => sum + e8(o['n']), 0n);
  assert.is(fees, BigInt(state.feesE8), 'events tell the fees');
}

test('accounts, market and events agree after every action', () => {
  fc.assert(
    fc.property(fc.array(action, { minLength: 1, maxLength: 80, size: 'max' }), (actions) => {
      const venue = smallVenue();
      try {
        for (const each of actions) {
          perform(venue, each);
          for (const user of venue.side.accounts.values()) isConsistent(venue, user);
        }
      } finally {
        venue.close();
      }
    }),
    { numRuns: 300 },
  );
});

test.run();
