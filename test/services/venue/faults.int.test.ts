import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { FaultRequest } from '../../../services/venue/faults/rules.ts';
import { startVenue, type Venue } from '../../../services/venue/venue.ts';
import { until } from '../../support/until.ts';
import { connect, eventsOf, fromNowOn, pause, type TestClient } from './client.ts';

const DEPTH = 'btcusdt@depth@100ms';

async function withClient(body: (venue: Venue, client: TestClient) => Promise<void>): Promise<void> {
  const venue = await startVenue({ symbols: ['BTCUSDT'], pace: 5 });
  try {
    await body(venue, await connect(`${venue.wsUrl}/public/stream?streams=${DEPTH}/btcusdt@bookTicker`));
  } finally {
    await venue.close();
  }
}

/** Messages of a stream that arrive after the fault was asked for, as many as wanted. */
async function spoiled(venue: Venue, client: TestClient, fault: FaultRequest, count: number): Promise<string[]> {
  const since = fromNowOn(venue, client);
  venue.addFault(fault);
  await until('as many messages', () => since().filter(isDepth).length >= count);
  return since().filter(isDepth).slice(0, count);
}

function isDepth(text: string): boolean {
  return !text.includes('@bookTicker');
}

function ids(texts: readonly string[]): { pu: number; u: number }[] {
  return texts.map((text) => JSON.parse(text).data as { pu: number; u: number });
}

test('drops so many frames after so many, and only of the stream named', () =>
  withClient(async (venue, client) => {
    const events = ids(await spoiled(venue, client, { kind: 'drop', stream: '*@depth*', after: 2, count: 3 }, 4));
    assert.is(events[1]!.pu, events[0]!.u);
    assert.is.not(events[2]!.pu, events[1]!.u, 'the hole');
    assert.is(events[3]!.pu, events[2]!.u, 'one hole only');
    const { made, sent } = venue.state().streams[DEPTH]!;
    assert.is(made - sent, 3);
    assert.is(venue.state().faults[0]!.touched, 3);
    const quotes = venue.state().streams['btcusdt@bookTicker']!;
    assert.is(quotes.made, quotes.sent);
  }));

test('sends a frame twice', () =>
  withClient(async (venue, client) => {
    const [first, second, third] = await spoiled(venue, client, { kind: 'duplicate', stream: DEPTH }, 3);
    assert.is(first, second);
    assert.is.not(second, third);
  }));

test('swaps two frames', () =>
  withClient(async (venue, client) => {
    const [second, first, third] = ids(await spoiled(venue, client, { kind: 'swap', stream: DEPTH }, 3));
    assert.is(second!.pu, first!.u);
    assert.is(third!.pu, second!.u);
  }));

test('delays a frame past others', () =>
  withClient(async (venue, client) => {
    const since = fromNowOn(venue, client);
    venue.addFault({ kind: 'delay', stream: DEPTH, delayMs: 400 });
    // How many go past it is up to the machine.
    const events = await until('a frame that came late', () => {
      const all = ids(since().filter(isDepth));
      return all.some(({ u }, i) => i > 0 && u < all[i - 1]!.u) && all;
    });
    const chain = [...events].sort((a, b) => a.u - b.u);
    assert.is.not(events[0], chain[0], 'the first came later');
    chain.slice(1).forEach((event, i) => {
      assert.is(event.pu, chain[i]!.u, 'nothing is lost');
    });
  }));

const payloads: [FaultRequest & { kind: 'corrupt' }, (text: string) => void][] = [
  [{ kind: 'corrupt', how: 'truncate' }, (text) => assert.throws(() => JSON.parse(text))],
  [{ kind: 'corrupt', how: 'not-json' }, (text) => assert.throws(() => JSON.parse(text))],
  [{ kind: 'corrupt', how: 'concatenate' }, (text) => assert.throws(() => JSON.parse(text))],
  [{ kind: 'corrupt', how: 'binary' }, (text) => assert.throws(() => JSON.parse(text))],
  [{ kind: 'corrupt', how: 'bad-number' }, (text) => assert.match(JSON.stringify(JSON.parse(text).data), '"12x4.5"')],
  [{ kind: 'corrupt', how: 'empty-price' }, (text) => assert.match(JSON.stringify(JSON.parse(text).data), '[["",')],
  [
    { kind: 'corrupt', how: 'negative-quantity' },
    (text) => assert.match(JSON.stringify(JSON.parse(text).data), '"-1.000"'),
  ],
  [{ kind: 'corrupt', how: 'unsafe-id' }, (text) => assert.match(text, '"u":8389766145050669870')],
  [{ kind: 'corrupt', how: 'unknown-event' }, (text) => assert.is(JSON.parse(text).data.e, 'serverShutdown')],
  [{ kind: 'corrupt', how: 'new-field' }, (text) => assert.equal(JSON.parse(text).data.zz, { new: [1, '2'] })],
  [{ kind: 'corrupt', how: 'huge' }, (text) => assert.ok(text.length > 8_000_000)],
  [
    { kind: 'corrupt', how: 'inverted-ids' },
    (text) => {
      const { U, u, pu } = JSON.parse(text).data;
      assert.ok(U > u && pu < u);
    },
  ],
];

test('spoils a frame in each of its ways, and the next is whole again', () =>
  withClient(async (venue, client) => {
    for (const [fault, check] of payloads) {
      const [bad, good] = await spoiled(venue, client, { ...fault, stream: DEPTH }, 2);
      check(bad!);
      assert.is(JSON.parse(good!).data.e, 'depthUpdate', fault.how);
      venue.clearFaults();
    }
  }));

test('silences one stream on a live socket until the fault is taken back', () =>
  withClient(async (venue, client) => {
    await until('a first update', () => eventsOf(client.messages, DEPTH).length > 0);
    const since = fromNowOn(venue, client);
    const { id } = venue.addFault({ kind: 'silence', stream: DEPTH });
    await until('quotes', () => eventsOf(since(), 'btcusdt@bookTicker').length > 30);
    assert.is(eventsOf(since(), DEPTH).length, 0);
    assert.ok(venue.removeFault(id));
    await until('an update', () => eventsOf(since(), DEPTH).length > 0);
  }));

test('touches frames by probability, the same ones for the same seed', () =>
  withClient(async (venue, client) => {
    venue.addFault({ kind: 'drop', stream: 'btcusdt@bookTicker', probability: 0.5 });
    await until('300 quotes', () => (venue.state().streams['btcusdt@bookTicker']?.made ?? 0) > 300);
    const { made, sent } = venue.state().streams['btcusdt@bookTicker']!;
    assert.ok(sent / made > 0.35 && sent / made < 0.75, `${sent} of ${made}`);
    client.end();
  }));

test('cuts connections, by path too', () =>
  withClient(async (venue, client) => {
    const market = await connect(`${venue.wsUrl}/market/stream`);
    assert.is(venue.addFault({ kind: 'cut', path: 'public' }).touched, 1);
    assert.is(await until('the cut', () => client.closed.code), 1006);
    assert.is(market.closed.code, undefined);
    venue.addFault({ kind: 'cut', code: 1012 });
    assert.is(await until('the other cut', () => market.closed.code), 1012);
  }));

test('half-opens a connection: it stays, gets nothing and answers nothing', () =>
  withClient(async (venue, client) => {
    await until('a message', () => client.messages.length > 0);
    const since = fromNowOn(venue, client);
    venue.addFault({ kind: 'half-open' });
    let pongs = 0;
    client.socket.on('pong', () => pongs++);
    client.socket.ping();
    client.socket.send(JSON.stringify({ method: 'LIST_SUBSCRIPTIONS', id: 1 }));
    await pause(300);
    assert.equal([since().length, pongs, client.closed.code], [0, 0, undefined]);
    assert.ok(venue.state().connections[0]!.isHalfOpen);
    client.socket.close();
    await pause(200);
    assert.is(client.closed.code, undefined, 'not even a close is answered');
    const other = await connect(`${venue.wsUrl}/public/stream?streams=${DEPTH}`);
    await until('an update', () => eventsOf(other.messages, DEPTH).length > 0);
    client.end();
  }));

test('refuses so many handshakes', () =>
  withClient(async (venue) => {
    venue.addFault({ kind: 'refuse', count: 2 });
    for (let i = 0; i < 2; i++) {
      const refused = await connect(`${venue.wsUrl}/market/ws`).catch((error: Error) => error);
      assert.instance(refused, Error);
    }
    (await connect(`${venue.wsUrl}/market/ws`)).end();
    venue.addFault({ kind: 'refuse', how: '429', path: 'market' });
    const error = (await connect(`${venue.wsUrl}/market/ws`).catch((thrown: Error) => thrown)) as Error;
    assert.match(error.message, '429');
    assert.is(venue.state().handshakes.refused, 3);
  }));

test('answers REST requests wrongly in each of its ways', () =>
  withClient(async (venue) => {
    const ask = (init: RequestInit = {}) => fetch(`${venue.restUrl}/fapi/v1/depth?symbol=BTCUSDT&limit=5`, init);
    const fault = (
      answer: '429' | '418' | '503' | 'html' | 'truncated' | 'empty' | 'hang' | 'reset',
      retryAfterSeconds?: number,
    ) =>
      venue.addFault({
        kind: 'rest',
        path: '/fapi/v1/depth',
        answer,
        ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
      });
    for (const status of ['429', '418', '503'] as const) {
      fault(status, 3);
      const response = await ask();
      assert.equal([String(response.status), response.headers.get('retry-after')], [status, '3']);
    }
    fault('html');
    assert.match(await (await ask()).text(), '<html>');
    fault('empty');
    assert.is(await (await ask()).text(), '');
    fault('truncated');
    const cut = await (await ask()).text();
    assert.throws(() => JSON.parse(cut));
    fault('reset');
    assert.instance(await ask().catch((error: Error) => error), Error);
    fault('hang');
    const giveUp = new AbortController();
    const hung = ask({ signal: giveUp.signal }).then(
      () => 'answered',
      (error: Error) => error.name,
    );
    await until('the request', () => venue.state().faults.at(-1)?.touched === 1);
    await pause(200);
    giveUp.abort();
    assert.is(await hung, 'AbortError');
    assert.is((await ask()).status, 200, 'each once');
    assert.is((await fetch(`${venue.restUrl}/fapi/v1/ping`)).status, 200);
  }));

test('answers with a snapshot that is older than what was sent', () =>
  withClient(async (venue, client) => {
    const since = fromNowOn(venue, client);
    venue.addFault({ kind: 'rest', path: '*/depth', answer: 'stale-snapshot', count: 1 });
    await until('updates', () => eventsOf(since(), DEPTH).length > 5);
    const ask = async () =>
      (await (await fetch(`${venue.restUrl}/fapi/v1/depth?symbol=BTCUSDT&limit=1000`)).json()) as {
        lastUpdateId: number;
      };
    const third = ids(since().filter(isDepth))[3]!;
    assert.ok((await ask()).lastUpdateId < third.pu);
    assert.ok((await ask()).lastUpdateId > third.u);
  }));

test('sets its clock wrong, in frames and answers', () =>
  withClient(async (venue, client) => {
    // More than a slow machine may be behind.
    const HOUR_MS = 3_600_000;
    const isAbout = (timeMs: unknown, skewMs: number) => Math.abs(Number(timeMs) - Date.now() - skewMs) < HOUR_MS / 10;
    const skewed = fromNowOn(venue, client);
    const { id } = venue.addFault({ kind: 'clock-skew', skewMs: -HOUR_MS });
    const event = await until('an update of the wrong time', () => eventsOf(skewed(), DEPTH).at(3));
    assert.ok(isAbout(event['E'], -HOUR_MS));
    const time = (await (await fetch(`${venue.restUrl}/fapi/v1/time`)).json()) as { serverTime: number };
    assert.ok(isAbout(time.serverTime, -HOUR_MS));
    const righted = fromNowOn(venue, client);
    venue.removeFault(id);
    const right = await until('an update of the right time', () => eventsOf(righted(), DEPTH).at(3));
    assert.ok(isAbout(right['E'], 0));
  }));

test('halts a symbol and changes its tick in exchangeInfo', () =>
  withClient(async (venue) => {
    venue.addFault({ kind: 'instrument', symbol: 'BTCUSDT', status: 'BREAK', tickSize: '1.00' });
    const info = (await (await fetch(`${venue.restUrl}/fapi/v1/exchangeInfo`)).json()) as {
      symbols: { status: string; filters: { tickSize: string }[] }[];
    };
    assert.equal([info.symbols[0]!.status, info.symbols[0]!.filters[0]!.tickSize], ['BREAK', '1.00']);
  }));

test.run();
