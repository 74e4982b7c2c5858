import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type SmallVenue, smallVenue, told } from './small-venue.ts';
import { e8 } from './trader.ts';

const ORDER = 'POST /fapi/v1/order';
const MARKET = { type: 'MARKET', side: 'BUY', quantity: '1' };

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

/** Balance, incomes and the last ACCOUNT_UPDATE of an account are one. */
function agrees({ ask, events }: SmallVenue): bigint {
  const wallet = e8(ask('GET /fapi/v3/account')['totalWalletBalance']);
  const income = ask('GET /fapi/v1/income', { symbol: undefined, limit: 1000 });
  const sum = (income as unknown as { income: string }[]).reduce((total, each) => total + e8(each.income), 0n);
  assert.is(sum, wallet, 'incomes sum to the balance');
  const last = events.findLast((event) => event.e === 'ACCOUNT_UPDATE' && event.account === 'demo');
  const { B } = (last as unknown as { a: { B: { wb: string }[] } }).a;
  assert.is(e8(B[0]!.wb), wallet, 'the last ACCOUNT_UPDATE tells the balance');
  return wallet;
}

test(
  'a position is valued at the mark price, and its margin is held',
  withVenue((venue) => {
    const { ask, mark } = venue;
    ask(ORDER, MARKET);
    mark(80_500);
    const [risk] = ask('GET /fapi/v2/positionRisk') as unknown as Record<string, string>[];
    assert.equal(
      [risk!['positionAmt'], risk!['entryPrice'], risk!['unRealizedProfit'], risk!['leverage'], risk!['marginType']],
      ['1.000', '80000.10000000', '499.90000000', '20', 'cross'],
    );
    const account = ask('GET /fapi/v3/account');
    assert.is(account['totalInitialMargin'], '4025.00000000', '80,500 ÷ 20');
    assert.is(account['totalWalletBalance'], '9959.99995000', 'the taker fee of 0.05 %');
    assert.is(account['availableBalance'], '6434.89995000');
    assert.is(agrees(venue), e8('9959.99995'));
  }),
);

test(
  'funding is paid by who holds a position, and tells a cross position nothing but its balance',
  withVenue((venue) => {
    const { ask, fund, events } = venue;
    ask(ORDER, { ...MARKET, quantity: '0.5' });
    fund(0.0001, 80_000);
    assert.is(agrees(venue), e8('9975.999975'), '10,000 − 20.000025 of fee − 4 of funding');
    const update = events.at(-1) as unknown as { a: { m: string; B: { bc: string }[]; P: unknown[] }; account: string };
    assert.equal([update.account, update.a.m, update.a.B[0]!.bc, update.a.P.length], ['demo', 'FUNDING_FEE', '-4', 0]);
    assert.is(ask('GET /fapi/v3/account', {}, 'other')['totalWalletBalance'], '10000.00000000', 'who holds nothing');
  }),
);

test(
  'a liquidation cancels the orders, takes the position at the mark price, and leaves nothing owed',
  withVenue((venue) => {
    const { ask, mark, events } = venue;
    ask('POST /fapi/v1/leverage', { leverage: 100 });
    ask(ORDER, { ...MARKET, quantity: '5' });
    ask(ORDER, {
      side: 'SELL',
      type: 'LIMIT',
      timeInForce: 'GTC',
      price: '82000',
      quantity: '1',
      newClientOrderId: 'up',
    });
    mark(78_600);
    assert.equal(told(events, 'up'), ['NEW NEW'], 'above the maintenance margin');
    mark(78_300);
    assert.equal(told(events, 'up'), ['NEW NEW', 'CANCELED CANCELED']);
    const forced = events.filter(({ e, o }) => e === 'ORDER_TRADE_UPDATE' && String(o['c']).startsWith('autoclose-'));
    assert.equal(
      forced.map(({ o }) => `${o['x']} ${o['X']} ${o['S']} ${o['l']} ${o['L']}`),
      ['NEW NEW SELL 0 0', 'CALCULATED FILLED SELL 5 78300'],
    );
    assert.equal(ask('GET /fapi/v3/positionRisk'), []);
    assert.ok(agrees(venue) >= 0n);
  }),
);

test(
  'settings are refused with Binance’s codes',
  withVenue(({ ask, refusal }) => {
    assert.is(refusal('POST /fapi/v1/leverage', { leverage: 126 }), -4028);
    assert.is(refusal('POST /fapi/v1/leverage'), -1102);
    assert.is(refusal('POST /fapi/v1/marginType', { marginType: 'CROSSED' }), -4046);
    assert.is(refusal('POST /fapi/v1/positionSide/dual', { dualSidePosition: 'false' }), -4059);
    ask(ORDER, { ...MARKET, quantity: '0.01' });
    assert.is(refusal('POST /fapi/v1/marginType', { marginType: 'ISOLATED' }), -4048);
    assert.is(refusal('POST /fapi/v1/positionSide/dual', { dualSidePosition: 'true' }), -4068);
    assert.is(refusal('POST /fapi/v1/positionMargin', { amount: '10', type: '1' }), -4049);
  }),
);

test(
  'isolated margin is put aside, added to and told of',
  withVenue((venue) => {
    const { ask, events } = venue;
    ask('POST /fapi/v1/marginType', { marginType: 'ISOLATED' });
    ask(ORDER, { ...MARKET, quantity: '0.1' });
    ask('POST /fapi/v1/positionMargin', { amount: '25.5', type: '1' });
    const [risk] = ask('GET /fapi/v3/positionRisk') as unknown as Record<string, string>[];
    assert.is(risk!['isolatedWallet'], '425.50050000', '8,000.01 ÷ 20 + 25.5');
    const update = events.at(-1) as unknown as {
      a: { m: string; B: { wb: string; cw: string }[]; P: { iw: string }[] };
    };
    assert.equal([update.a.m, update.a.P[0]!.iw], ['MARGIN_TRANSFER', '425.5005']);
    assert.is(e8(update.a.B[0]!.wb) - e8(update.a.B[0]!.cw), e8('425.5005'));
    agrees(venue);
  }),
);

test(
  'hedge mode has two positions, which reduce-only does not go with',
  withVenue((venue) => {
    const { ask, refusal } = venue;
    ask('POST /fapi/v1/positionSide/dual', { dualSidePosition: 'true' });
    assert.is(refusal(ORDER, MARKET), -4061);
    ask(ORDER, { ...MARKET, quantity: '0.3', positionSide: 'LONG' });
    ask(ORDER, { ...MARKET, side: 'SELL', quantity: '0.2', positionSide: 'SHORT' });
    assert.is(refusal(ORDER, { ...MARKET, quantity: '0.1', positionSide: 'SHORT', reduceOnly: 'true' }), -1106);
    assert.is(refusal(ORDER, { ...MARKET, side: 'SELL', quantity: '0.4', positionSide: 'LONG' }), -2022);
    const risk = ask('GET /fapi/v3/positionRisk') as unknown as Record<string, string>[];
    assert.equal(
      risk.map(({ positionSide, positionAmt }) => [positionSide, positionAmt]),
      [
        ['LONG', '0.300'],
        ['SHORT', '-0.200'],
      ],
    );
    ask(ORDER, { ...MARKET, side: 'SELL', quantity: '0.3', positionSide: 'LONG' });
    agrees(venue);
  }),
);

test(
  'deposits and withdrawals are incomes and events, and no more than there is can be taken out',
  withVenue((venue) => {
    venue.side.deposit('demo', 500 * 1e8);
    venue.side.deposit('demo', -200 * 1e8);
    assert.is(agrees(venue), e8('10300'));
    assert.throws(() => venue.side.deposit('demo', -20_000 * 1e8), /amount: must be at most/);
    assert.throws(() => venue.side.deposit('nobody', 1), /name: must be of an account/);
    assert.throws(() => venue.side.open({ name: 'demo', balanceE8: 0 }), /name: must be new/);
  }),
);

test.run();
