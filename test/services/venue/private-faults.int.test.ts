import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { FaultRequest } from '../../../services/venue/faults/rules.ts';
import { startVenue, type Venue, type VenueOptions } from '../../../services/venue/venue.ts';
import { until } from '../../support/until.ts';
import { connect } from './client.ts';
import { answered, codeOf, type Trader, trader } from './private/trader.ts';

const SYMBOL = 'BTCUSDT';

async function withTrader(options: VenueOptions, body: (venue: Venue, client: Trader) => Promise<void>): Promise<void> {
  const venue = await startVenue({ symbols: [SYMBOL], ...options });
  const client = trader(venue);
  try {
    await client.listen();
    await body(venue, client);
  } finally {
    client.close();
    await venue.close();
  }
}

async function order(client: Trader, newClientOrderId: string): Promise<void> {
  const ticket = { symbol: SYMBOL, side: 'BUY', type: 'MARKET', quantity: 0.001, newClientOrderId } as const;
  await answered(client.rest.submitNewOrder(ticket));
}

const POST: Pick<FaultRequest & { kind: 'rest' }, 'kind' | 'path' | 'method'> = {
  kind: 'rest',
  path: '/fapi/v1/order',
  method: 'POST',
};

test('an order whose answer is lost was executed all the same, and is found by its id', () =>
  withTrader({}, async (venue, client) => {
    const lost: [FaultRequest, RegExp][] = [
      [{ ...POST, answer: '503-unknown', executes: true }, /-1000 Unknown error/],
      [{ ...POST, answer: '408', executes: true }, /-1007 Timeout/],
      [{ ...POST, answer: 'reset', executes: true }, /ECONNRESET|socket hang up/],
    ];
    for (const [index, [fault, words]] of lost.entries()) {
      venue.addFault(fault);
      const error = await order(client, `lost-${index}`).catch((thrown: Error) => thrown);
      assert.match(String(error), words);
      const found = await answered(client.rest.getOrder({ symbol: SYMBOL, origClientOrderId: `lost-${index}` }));
      assert.is(found.status, 'FILLED');
    }
    venue.addFault({ ...POST, answer: '503' });
    assert.match(String(await order(client, 'failed').catch((thrown: Error) => thrown)), /-1001 Internal error/);
    assert.is(await codeOf(client.rest.getOrder({ symbol: SYMBOL, origClientOrderId: 'failed' })), -2013);
    await order(client, 'after');
  }));

test('an overload turns new orders away, but not what reduces or cancels', () =>
  withTrader({}, async (venue, client) => {
    await order(client, 'open');
    venue.addFault({ ...POST, path: '*', method: undefined, answer: 'overload', count: 10 });
    assert.match(String(await order(client, 'more').catch((thrown: Error) => thrown)), /-1008 Request throttled/);
    const reduce = { symbol: SYMBOL, side: 'SELL', type: 'MARKET', quantity: 0.001, reduceOnly: 'true' } as const;
    await answered(client.rest.submitNewOrder({ ...reduce, newClientOrderId: 'reduce' }));
    await answered(client.rest.cancelAllOpenOrders({ symbol: SYMBOL }));
    assert.is(venue.state().faults[0]!.touched, 1);
  }));

test('an answer may be late, and a ban or a clock that is off refuses', () =>
  withTrader({}, async (venue, client) => {
    venue.addFault({ ...POST, answer: 'delay', delayMs: 150, executes: true });
    const begun = performance.now();
    await order(client, 'late');
    assert.ok(performance.now() - begun >= 145);
    venue.addFault({ ...POST, answer: '418', retryAfterSeconds: 7 });
    const ticket = { symbol: SYMBOL, side: 'BUY', type: 'MARKET', quantity: 0.001, newClientOrderId: 'ban' } as const;
    const banned: unknown = await client.rest.submitNewOrder(ticket).catch((thrown: unknown) => thrown);
    const { code, headers } = banned as { code: number; headers: Record<string, string> };
    assert.equal([code, headers['retry-after']], [-1003, '7']);
    const skew = venue.addFault({ kind: 'clock-skew', skewMs: 100_000 });
    assert.is(await codeOf(client.rest.getBalanceV3()), -1021);
    venue.removeFault(skew.id);
    assert.is(await codeOf(client.rest.getBalanceV3()), 0);
  }));

test('events of the user data stream are dropped, doubled and delayed by their names', () =>
  withTrader({}, async (venue, client) => {
    const names = (): string[] => client.events.map(({ e }) => e).splice(0);
    venue.addFault({ kind: 'drop', stream: 'userData@TRADE_LITE' });
    venue.addFault({ kind: 'duplicate', stream: 'userData@ACCOUNT_UPDATE' });
    venue.addFault({ kind: 'delay', stream: 'userData@ORDER_TRADE_UPDATE', delayMs: 100 });
    await order(client, 'spoiled');
    await until('four events', () => client.events.length >= 4);
    assert.equal(names(), ['ACCOUNT_UPDATE', 'ACCOUNT_UPDATE', 'ORDER_TRADE_UPDATE', 'ORDER_TRADE_UPDATE']);
    assert.equal(
      client.events.filter(({ e }) => e === 'ORDER_TRADE_UPDATE').map(({ o }) => o['x']),
      ['TRADE', 'NEW'],
      'the delayed one came last',
    );
  }));

test('a dropped user data stream is opened anew by the SDK with the same key; what happened meanwhile is not told', () =>
  withTrader({}, async (venue, client) => {
    const open = () =>
      venue.state().connections.filter(({ path, streams }) => path === 'private' && streams.length === 1);
    const refused = venue.addFault({ kind: 'refuse', path: 'private' });
    venue.addFault({ kind: 'cut', path: 'private' });
    await until('the cut', () => open().length === 0);
    await order(client, 'unheard');
    venue.removeFault(refused.id);
    await until('the new connection', () => open().length === 1);
    await order(client, 'heard');
    await until('an event of the order', () => client.events.some(({ o }) => o?.['c'] === 'heard'));
    assert.not.ok(client.events.some(({ o }) => o?.['c'] === 'unheard'));
  }));

test('a listen key that nobody keeps alive expires; the SDK hears of it and comes with a new one', () =>
  withTrader({ listenKeyMs: 400 }, async (venue, client) => {
    venue.record(1_000);
    const last = await until('an expired key', () =>
      venue.recorded().frames.find(({ payload }) => payload.includes('listenKeyExpired')),
    );
    const told = await until('the word of it', () => client.events.find(({ listenKey }) => listenKey === last.stream));
    assert.is(told.e, 'listenKeyExpired');
    const keyNow = (): string | undefined =>
      venue.state().connections.find(({ path }) => path === 'private')?.streams[0];
    await until('a new key', () => keyNow() !== undefined && keyNow() !== last.stream);
  }));

test('a user data stream is reached by each of its addresses, and only the wanted events come', () =>
  withTrader({}, async (venue, client) => {
    const { listenKey } = await answered(client.rest.getFuturesUserDataListenKey());
    const paths = [`ws/${listenKey}`, `ws?listenKey=${listenKey}`, `stream?listenKey=${listenKey}`];
    const clients = await Promise.all(paths.map((path) => connect(`${venue.wsUrl}/private/${path}`)));
    const wanted = await connect(`${venue.wsUrl}/private/ws?listenKey=${listenKey}&events=ACCOUNT_UPDATE`);
    const unknown = await connect(`${venue.wsUrl}/private/ws/${'x'.repeat(64)}`);
    await order(client, 'all');
    await until(
      'the events on each connection',
      () => clients.every(({ messages }) => messages.length === 4) && wanted.messages.length === 1,
    );
    assert.equal(clients[0]!.messages, clients[1]!.messages);
    assert.is(clients[2]!.messages[0], `{"stream":"${listenKey}","data":${clients[0]!.messages[0]}}`);
    assert.match(wanted.messages[0]!, /"e":"ACCOUNT_UPDATE"/);
    assert.is(unknown.received(), 0);
    await answered(client.rest.closeFuturesUserDataListenKey());
    await until('the end of the connection', () => clients[0]!.closed.code === 1000);
    assert.is(await codeOf(client.rest.keepAliveFuturesUserDataListenKey()), -1125);
  }));

test('too many orders are refused with the headers that count them', () =>
  withTrader({}, async (_venue, client) => {
    const one = { symbol: SYMBOL, side: 'BUY', type: 'MARKET', quantity: '0.0' } as const;
    // An order that is refused for itself counts too; a window may end on the way, and the minute has its own limit.
    const answers: string[] = [];
    const send = async (): Promise<void> => {
      const thrown: unknown = await client.rest.submitNewOrder(one as never).catch((error: unknown) => error);
      const { code, headers } = thrown as { code: number; headers: Record<string, string> };
      answers.push(code === -1015 ? `-1015 at ${headers['x-mbx-order-count-10s']}` : String(code));
    };
    for (let round = 0; round < 18 && !answers.some((answer) => answer.startsWith('-1015')); round++)
      await Promise.all(Array.from({ length: 60 }, send));
    assert.equal([...new Set(answers)], ['-4003', '-1015 at 300']);
    assert.ok(Number(client.rest.getRateLimitStates()['x-mbx-order-count-10s']) > 0);
  }));

test.run();
