import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { startVenue, type Venue } from '../../../services/venue/venue.ts';
import { until } from '../../support/until.ts';
import { connect, eventsOf, pause } from './client.ts';

async function withVenue(body: (venue: Venue) => Promise<void>): Promise<void> {
  const venue = await startVenue({ symbols: ['BTCUSDT'], pace: 5 });
  try {
    await body(venue);
  } finally {
    await venue.close();
  }
}

async function control(
  venue: Venue,
  method: string,
  path: string,
  body?: unknown,
): Promise<{ status: number; body: never }> {
  const response = await fetch(venue.controlUrl + path, {
    method,
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as never };
}

test('makes, lists and takes back faults over HTTP', () =>
  withVenue(async (venue) => {
    const made = await control(venue, 'POST', '/faults', { kind: 'drop', stream: '*@depth*', count: 3 });
    assert.equal(made, {
      status: 200,
      body: { id: 1, fault: { kind: 'drop', stream: '*@depth*', after: 0, count: 3 }, touched: 0 },
    });
    await control(venue, 'POST', '/faults', { kind: 'silence', stream: 'btcusdt@trade' });
    assert.equal((await control(venue, 'GET', '/faults')).body, venue.state().faults);
    assert.is(venue.state().faults.length, 2);
    assert.is(((await control(venue, 'DELETE', '/faults/1')).body as unknown[]).length, 1);
    assert.equal((await control(venue, 'DELETE', '/faults')).body, []);
  }));

test('says what is wrong with a request, field by field', () =>
  withVenue(async (venue) => {
    const wrong: [string, string, unknown, RegExp][] = [
      ['POST', '/faults', { kind: 'explode' }, /kind: .*/],
      ['POST', '/faults', { kind: 'drop', count: 0 }, /count: .*/],
      ['POST', '/faults', { kind: 'drop', often: 1 }, /often/],
      ['POST', '/faults', { kind: 'corrupt', how: 'badly' }, /how: .*truncate/],
      ['POST', '/faults', '{', /body: must be JSON/],
      ['DELETE', '/faults/99', undefined, /id: no fault 99/],
      ['POST', '/emit', { payload: '{}' }, /stream: /],
      ['POST', '/liquidate', { symbol: 'BTCUSDT', side: 'UP', qty: '1' }, /side: /],
      ['POST', '/liquidate', { symbol: 'DOGE', side: 'BUY', qty: '1' }, /symbol: must be one of BTCUSDT, was DOGE/],
      ['POST', '/liquidate', { symbol: 'BTCUSDT', side: 'BUY', qty: '-1' }, /qty: must be a decimal text/],
      ['POST', '/record', { limit: -1 }, /limit: /],
    ];
    for (const [method, path, body, message] of wrong) {
      const answer = await control(venue, method, path, body);
      assert.is(answer.status, 400, JSON.stringify(body));
      assert.match((answer.body as { error: string }).error, message);
    }
    assert.is((await control(venue, 'GET', '/nothing')).status, 404);
    const fromPage = await fetch(`${venue.controlUrl}/faults`, {
      method: 'DELETE',
      headers: { origin: 'http://evil.example' },
    });
    assert.is(fromPage.status, 403, 'a web page may not');
  }));

test('emits any frame to the subscribers of a stream', () =>
  withVenue(async (venue) => {
    const client = await connect(`${venue.wsUrl}/market/stream?streams=btcusdt@forceOrder`);
    await until('the connection', () => venue.state().connections.length === 1);
    const answer = await control(venue, 'POST', '/emit', {
      stream: 'btcusdt@forceOrder',
      payload: '{"e":"forceOrder", "odd":1}',
    });
    assert.equal(answer.body, { connections: 1 });
    assert.is(
      await until('the frame', () => client.messages[0]),
      '{"stream":"btcusdt@forceOrder","data":{"e":"forceOrder", "odd":1}}',
    );
    assert.equal((await control(venue, 'POST', '/emit', { stream: 'nobody@trade', payload: {} })).body, {
      connections: 0,
    });
  }));

test('liquidates somebody when asked', () =>
  withVenue(async (venue) => {
    const client = await connect(`${venue.wsUrl}/market/stream?streams=btcusdt@forceOrder`);
    const seen = () =>
      eventsOf(client.messages, 'btcusdt@forceOrder')
        .map(({ o }) => o as Record<string, string>)
        .find(({ q }) => q === '0.123');
    // The stream tells of the last one of each second: another may take its place.
    let askedMs = Number.NEGATIVE_INFINITY;
    const order = await until('the liquidation', async () => {
      if (performance.now() - askedMs > 1_500) {
        const asked = await control(venue, 'POST', '/liquidate', { symbol: 'BTCUSDT', side: 'SELL', qty: '0.123' });
        assert.equal(asked.body, { liquidated: true });
        askedMs = performance.now();
      }
      return seen();
    });
    assert.equal([order['S'], order['X'], order['z']], ['SELL', 'FILLED', '0.123']);
  }));

test('keeps the exact texts of what it sent, as many as asked for', () =>
  withVenue(async (venue) => {
    await control(venue, 'POST', '/record', { limit: 50 });
    const client = await connect(`${venue.wsUrl}/public/ws/btcusdt@bookTicker`);
    await until('more than are kept', () => client.messages.length > 60);
    const kept = (await control(venue, 'GET', '/record?stream=btcusdt@bookTicker')).body as {
      frames: { payload: string; connections: number[]; sentAtMs: number }[];
      missed: number;
    };
    assert.equal(
      kept.frames.map(({ payload }) => payload),
      client.messages.slice(0, 50),
    );
    assert.ok(kept.missed >= 10);
    assert.equal(kept.frames[0]!.connections, [1]);
    assert.equal(((await control(venue, 'GET', '/record?stream=other')).body as typeof kept).frames, []);
    await control(venue, 'DELETE', '/record');
    await pause(50);
    assert.is(venue.recorded().frames.length, 50, 'stays readable after the end');
  }));

test('tells what was sent: as many frames and the same last ids as the client has', () =>
  withVenue(async (venue) => {
    const client = await connect(`${venue.wsUrl}/public/stream?streams=btcusdt@depth@100ms/btcusdt@bookTicker`);
    await until('100 messages', () => client.messages.length > 100);
    venue.addFault({ kind: 'silence', stream: '*' });
    await until('all that was sent', () => client.received() === venue.state().connections[0]!.framesSent);
    const askedMs = Date.now();
    const { streams, connections, clockMs } = (await control(venue, 'GET', '/state')).body as ReturnType<
      Venue['state']
    >;
    for (const stream of ['btcusdt@depth@100ms', 'btcusdt@bookTicker']) {
      const events = eventsOf(client.messages, stream);
      assert.is(streams[stream]!.sent, events.length);
      assert.equal(streams[stream]!.last, {
        sequence: events.at(-1)!['u'] as number,
        eventTimeMs: events.at(-1)!['E'] as number,
      });
    }
    assert.is(connections[0]!.framesSent, client.messages.length);
    assert.ok(clockMs > askedMs - 1000 && clockMs < Date.now() + 1000);
  }));

test.run();
