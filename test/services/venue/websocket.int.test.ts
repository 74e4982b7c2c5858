import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { WebSocket } from 'ws';
import { startVenue, type Venue, type VenueOptions } from '../../../services/venue/venue.ts';
import { until } from '../../support/until.ts';
import { connect, eventsOf, pause, type TestClient } from './client.ts';

async function withVenue(options: VenueOptions, body: (venue: Venue) => Promise<void>): Promise<void> {
  const venue = await startVenue({ symbols: ['BTCUSDT', 'ETHUSDT'], ...options });
  try {
    await body(venue);
  } finally {
    await venue.close();
  }
}

test('delivers a stream on its own path only; elsewhere it is acknowledged and silent', () =>
  withVenue({}, async (venue) => {
    const [publicSide, marketSide] = await Promise.all([
      connect(`${venue.wsUrl}/public/stream`),
      connect(`${venue.wsUrl}/market/stream`),
    ]);
    const streams = [
      'btcusdt@depth@100ms',
      'btcusdt@bookTicker',
      '!bookTicker',
      'btcusdt@aggTrade',
      'btcusdt@markPrice@1s',
    ];
    assert.equal(await publicSide.ask({ method: 'SUBSCRIBE', params: streams, id: 1 }), { result: null, id: 1 });
    assert.equal(await marketSide.ask({ method: 'SUBSCRIBE', params: streams, id: 7 }), { result: null, id: 7 });
    const seen = (messages: readonly string[]) => streams.filter((stream) => eventsOf(messages, stream).length > 0);
    await until(
      'three public and two market streams',
      () => seen(publicSide.messages).length >= 3 && seen(marketSide.messages).length >= 2,
    );
    assert.equal(seen(publicSide.messages), streams.slice(0, 3));
    assert.equal(seen(marketSide.messages), streams.slice(3));
    const misplaced = venue.state().connections.map(({ misplacedStreams }) => misplacedStreams.length);
    assert.equal(misplaced.sort(), [2, 3]);
  }));

test('takes streams from the address, bare or combined, and turns the wrapping on and off', () =>
  withVenue({}, async (venue) => {
    const combined = await connect(`${venue.wsUrl}/public/stream?streams=btcusdt@bookTicker/ethusdt@depth`);
    await until(
      'both streams',
      () => eventsOf(combined.messages, 'btcusdt@bookTicker')[0] && eventsOf(combined.messages, 'ethusdt@depth')[0],
    );
    const raw = await connect(`${venue.wsUrl}/public/ws/btcusdt@bookTicker`);
    const first = await until('a first message', () => raw.messages[0]);
    assert.ok(first.startsWith('{"e":"bookTicker","u":'), first);
    assert.equal(await raw.ask({ method: 'LIST_SUBSCRIPTIONS', id: 3 }), { result: ['btcusdt@bookTicker'], id: 3 });
    assert.equal(await raw.ask({ method: 'GET_PROPERTY', params: ['combined'], id: 4 }), { result: false, id: 4 });
    assert.equal(await raw.ask({ method: 'SET_PROPERTY', params: ['combined', true], id: 5 }), { result: null, id: 5 });
    const from = raw.messages.length;
    await until('a wrapped message', () =>
      raw.messages.slice(from).some((text) => text.startsWith('{"stream":"btcusdt@bookTicker","data":{')),
    );
  }));

test('stops a stream that is unsubscribed, and leaves the others', () =>
  withVenue({}, async (venue) => {
    const client = await connect(`${venue.wsUrl}/public/stream?streams=btcusdt@bookTicker/ethusdt@bookTicker`);
    await until('quotes of BTCUSDT', () => eventsOf(client.messages, 'btcusdt@bookTicker').length > 2);
    assert.equal(await client.ask({ method: 'UNSUBSCRIBE', params: ['btcusdt@bookTicker'], id: 9 }), {
      result: null,
      id: 9,
    });
    client.messages.length = 0;
    await until('quotes of ETHUSDT', () => eventsOf(client.messages, 'ethusdt@bookTicker').length > 5);
    assert.is(eventsOf(client.messages, 'btcusdt@bookTicker').length, 0);
  }));

test("answers a wrong request with Binance's code and words, and goes on", () =>
  withVenue({ connectionLimits: { messagesPerSecond: 100 } }, async (venue) => {
    const client = await connect(`${venue.wsUrl}/market/ws`);
    const wrong: [unknown, number, RegExp][] = [
      [{ method: 'SUBSCRIBE', params: ['a'], id: -1 }, 2, /request ID must be an unsigned integer/],
      [{ method: 'FLY', params: [], id: 1 }, 2, /unknown variant `FLY`, expected one of `SUBSCRIBE`/],
      [{ params: [], id: 1 }, 2, /missing field `method`/],
      [{ method: 'SUBSCRIBE', id: 1 }, 2, /missing field `params`/],
      [{ method: 'SUBSCRIBE', params: [5], id: 1 }, 2, /stream name must be a string/],
      [{ method: 'SET_PROPERTY', params: ['colour', true], id: 1 }, 0, /Unknown property/],
      [{ method: 'SET_PROPERTY', params: ['combined', 'yes'], id: 1 }, 1, /expected Boolean/],
      [{ method: 'SET_PROPERTY', params: ['combined', true, 1], id: 1 }, 2, /too many parameters/],
      [{ method: 'GET_PROPERTY', params: [1], id: 1 }, 2, /property name must be a string/],
      [[1], 2, /expected an object/],
    ];
    for (const [request, code, message] of wrong) {
      const { error, id } = (await client.ask(request as Record<string, unknown>)) as {
        error: { code: number; msg: string };
        id?: number;
      };
      assert.is(error.code, code, JSON.stringify(request));
      assert.match(error.msg, message);
      if ((request as { id?: number }).id === 1) assert.is(id, 1);
    }
    client.socket.send('{"method":');
    const answer = JSON.parse(
      await until('the answer', () => client.messages.find((text) => text.includes('Invalid JSON'))),
    );
    assert.is(answer.error.code, 3);
    const many = Array.from({ length: 1025 }, (_, i) => `s${i}@trade`);
    const { error } = (await client.ask({ method: 'SUBSCRIBE', params: many, id: 2 })) as { error: { msg: string } };
    assert.match(error.msg, /too many parameters/);
    assert.equal(await client.ask({ method: 'SUBSCRIBE', params: many.slice(1), id: 3 }), { result: null, id: 3 });
  }));

test('refuses the undivided addresses of before April 2026, and unknown ones', () =>
  withVenue({}, async (venue) => {
    for (const path of [
      '/ws',
      '/stream?streams=btcusdt@trade',
      '/ws/btcusdt@trade',
      '/public',
      '/public/other',
      '/spot/ws',
    ]) {
      const socket = new WebSocket(venue.wsUrl + path);
      const status = await new Promise((resolve) => {
        socket.on('error', () => {});
        socket.on('unexpected-response', (_request, response) => resolve(response.statusCode));
        socket.on('open', () => resolve('open'));
      });
      assert.is(status, 404, path);
    }
    assert.is(venue.state().handshakes.refused, 6);
  }));

test('keeps /private connections open and silent', () =>
  withVenue({}, async (venue) => {
    const client = await connect(`${venue.wsUrl}/private/stream?listenKey=abc`);
    assert.equal(await client.ask({ method: 'SUBSCRIBE', params: ['btcusdt@bookTicker'], id: 1 }), {
      result: null,
      id: 1,
    });
    await pause(300);
    assert.is(client.messages.length, 1);
    assert.is(client.closed.code, undefined);
  }));

test('pings, and ends a connection that does not answer', () =>
  withVenue({ connectionLimits: { pingEveryMs: 100, pongWithinMs: 1000 } }, async (venue) => {
    const alive = await connect(`${venue.wsUrl}/market/ws`);
    const deaf = await connect(`${venue.wsUrl}/market/ws`, { answerPings: false });
    let pings = 0;
    alive.socket.on('ping', () => pings++);
    await until('the end of the deaf one', () => deaf.closed.code !== undefined);
    const before = pings;
    await until('three more pings', () => pings >= before + 3);
    assert.is(alive.closed.code, undefined);
    const pong = new Promise((resolve) => alive.socket.once('pong', (data) => resolve(String(data))));
    alive.socket.ping('hello');
    assert.is(await pong, 'hello', "answers a client's ping with its own data");
  }));

test('ends a connection at the end of its life', () =>
  withVenue({ connectionLimits: { lifetimeMs: 150 } }, async (venue) => {
    const client = await connect(`${venue.wsUrl}/market/ws`);
    assert.is(await until('the end', () => client.closed.code), 1001);
  }));

test('ends a connection that sends more than ten messages in a second', () =>
  withVenue({}, async (venue) => {
    const [hasty, patient] = await Promise.all([
      connect(`${venue.wsUrl}/market/ws`),
      connect(`${venue.wsUrl}/market/ws`),
    ]);
    const send = (client: TestClient, requests: number): void => {
      for (let id = 1; id <= requests; id++) client.socket.send(JSON.stringify({ method: 'LIST_SUBSCRIPTIONS', id }));
    };
    send(patient, 10);
    // Where the venue stood still on the way, eleven may come in more than a second.
    for (let answers = 11; hasty.closed.code === undefined && answers <= 110; answers += 11) {
      await pause(answers === 11 ? 0 : 1_100);
      send(hasty, 11);
      await until('the end or all answers', () => hasty.closed.code !== undefined || hasty.messages.length === answers);
    }
    assert.is(hasty.closed.code, 1008);
    await until('all answers', () => patient.messages.length === 10);
    await pause(50);
    assert.is(patient.closed.code, undefined);
  }));

interface Update {
  readonly U: number;
  readonly u: number;
  readonly pu: number;
  readonly b: [string, string][];
  readonly a: [string, string][];
}

test("a book kept by Binance's own procedure has the venue's best prices at every quote", () =>
  withVenue({ symbols: ['ETHUSDT'], pace: 3 }, async (venue) => {
    const client = await connect(`${venue.wsUrl}/public/stream?streams=ethusdt@depth@0ms/ethusdt@bookTicker`);
    await until('three updates', () => eventsOf(client.messages, 'ethusdt@depth@0ms').length > 3);
    const snapshot = (await (await fetch(`${venue.restUrl}/fapi/v1/depth?symbol=ETHUSDT&limit=1000`)).json()) as {
      lastUpdateId: number;
      bids: [string, string][];
      asks: [string, string][];
    };
    const updates = () => eventsOf(client.messages, 'ethusdt@depth@0ms') as unknown as Update[];
    await until(
      'updates behind the snapshot',
      () => updates().filter(({ u }) => u >= snapshot.lastUpdateId).length > 60,
    );
    client.end();
    const sides = { b: new Map(snapshot.bids), a: new Map(snapshot.asks) };
    const quotes = new Map(eventsOf(client.messages, 'ethusdt@bookTicker').map((quote) => [quote['u'], quote]));
    let last = 0;
    let compared = 0;
    for (const update of updates()) {
      if (update.u < snapshot.lastUpdateId) continue;
      if (last === 0)
        assert.ok(update.pu <= snapshot.lastUpdateId && snapshot.lastUpdateId <= update.u, 'the snapshot joins');
      else assert.is(update.pu, last);
      last = update.u;
      for (const side of ['b', 'a'] as const) {
        for (const [price, qty] of update[side]) {
          if (Number(qty) === 0) sides[side].delete(price);
          else sides[side].set(price, qty);
        }
      }
      const quote = quotes.get(update.u);
      if (quote === undefined) continue;
      compared++;
      const bid = [...sides.b.keys()].reduce((best, price) => (Number(price) > Number(best) ? price : best));
      const ask = [...sides.a.keys()].reduce((best, price) => (Number(price) < Number(best) ? price : best));
      assert.equal([bid, sides.b.get(bid), ask, sides.a.get(ask)], [quote['b'], quote['B'], quote['a'], quote['A']]);
    }
    assert.ok(compared > 5, `${compared} quotes fell on the end of an update`);
  }));

test('sends partial books, best prices first', () =>
  withVenue({}, async (venue) => {
    const client = await connect(`${venue.wsUrl}/public/stream?streams=btcusdt@depth5@100ms`);
    const event = await until('a partial book', () => eventsOf(client.messages, 'btcusdt@depth5@100ms')[0]);
    const prices = (event['b'] as [string, string][]).map(([price]) => Number(price));
    assert.is(prices.length, 5);
    assert.equal(
      prices,
      [...prices].sort((a, b) => b - a),
    );
  }));

test.run();
