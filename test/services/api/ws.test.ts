import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { WebSocket } from 'ws';
import { testInstrument } from '../../support/servers.ts';
import { until } from '../../support/until.ts';
import { announce, publish, trade } from './derived-stream.ts';
import { startTestApi } from './test-api.ts';

const api = await startTestApi();
await api.listen();

interface Message {
  readonly op?: string;
  readonly topic?: string;
  readonly id?: string;
  readonly data?: { readonly trade_id?: number };
  readonly topics?: string[];
  readonly detail?: string;
  readonly reason?: string;
}

async function open(headers: Record<string, string> = { authorization: `Bearer ${api.key}` }, origin = api.origin) {
  const socket = new WebSocket(`${origin.replace('http', 'ws')}/api/v1/ws`, { headers });
  const messages: Message[] = [];
  socket.on('message', (data) => messages.push(JSON.parse(String(data))));
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  const untilTold = (fits: (message: Message) => boolean): Promise<Message> =>
    until(`a message that fits ${fits}`, () => messages.find(fits));
  return { socket, messages, until: untilTold, say: (message: unknown) => socket.send(JSON.stringify(message)) };
}

async function known(): Promise<string> {
  const instrument = testInstrument();
  await announce(api.redis, instrument);
  return instrument;
}

const numbers = (messages: readonly Message[]): unknown[] =>
  messages.filter(({ topic }) => topic?.startsWith('trades')).map(({ data }) => data?.trade_id);

test('needs the key, and the own origin', async () => {
  for (const headers of [
    {},
    { authorization: 'Bearer don_x' },
    { authorization: `Bearer ${api.key}`, origin: 'http://evil.example' },
  ]) {
    let message = '';
    await open(headers as Record<string, string>).catch((error: Error) => {
      message = error.message;
    });
    assert.match(message, /40[13]/, JSON.stringify(headers));
  }
});

test('tells a plain request what it expects', async () => {
  const answer = await api.get('/api/v1/ws');
  assert.is(answer.status, 400);
  assert.match(await answer.text(), 'Upgrade: expected websocket');
});

test('acknowledges a subscription and sends its events', async () => {
  const instrument = await known();
  const { socket, until, say, messages } = await open();
  say({ op: 'subscribe', topics: [`trades:${instrument}`] });
  assert.equal((await until(({ op }) => op === 'subscribed')).topics, [`trades:${instrument}`]);
  say({ op: 'ping' });
  await until(({ op }) => op === 'pong');
  await publish(api.redis, instrument, '1000-0', [trade(0, 1), ['book', '{"i":1}'], trade(2, 2)]);
  await until(({ id }) => id === '1000-0:2');
  assert.equal(
    messages.filter(({ topic }) => topic),
    [
      { topic: `trades:${instrument}`, id: '1000-0:0', data: JSON.parse(trade(0, 1)[1]) },
      { topic: `trades:${instrument}`, id: '1000-0:2', data: JSON.parse(trade(2, 2)[1]) },
    ],
  );
  socket.close();
});

test('loses and repeats nothing while topics come and go', async () => {
  const [one, other] = [await known(), await known()];
  const { socket, until, say, messages } = await open();
  say({ op: 'subscribe', topics: [`trades:${one}`] });
  await until(({ op }) => op === 'subscribed');
  let isDone = false;
  const changes = (async () => {
    while (!isDone) {
      say({ op: 'subscribe', topics: [`trades:${other}`, 'status'] });
      await new Promise((resolve) => setTimeout(resolve, 15));
      say({ op: 'unsubscribe', topics: [`trades:${other}`] });
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  })();
  const heard = () => messages.filter(({ topic }) => topic === `trades:${other}`).map(({ data }) => -data!.trade_id!);
  /** Whether some of the other's came, and some between them did not. */
  const isBoth = (): boolean => (heard().at(-1) ?? 0) - (heard()[0] ?? 0) >= heard().length && heard().length > 0;
  let count = 0;
  while (count < 300 || (count < 10_000 && !isBoth())) {
    const n = ++count;
    await publish(api.redis, one, `${1_000 + n}-0`, [trade(0, n)]);
    await publish(api.redis, other, `${1_000 + n}-0`, [trade(0, -n)]);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await until(({ data }) => data?.trade_id === count);
  isDone = true;
  await changes;
  const ofOne = messages.filter(({ topic }) => topic === `trades:${one}`).map(({ data }) => data?.trade_id);
  assert.equal(
    ofOne,
    Array.from({ length: count }, (_, index) => index + 1),
  );
  assert.ok(isBoth(), `${heard().length} of ${count}`);
  assert.is(new Set(heard()).size, heard().length);
  socket.close();
});

test('resumes behind an id, each instrument once', async () => {
  const [one, other] = [await known(), await known()];
  for (let n = 1; n <= 5; n++) await publish(api.redis, one, `${1_000 + n}-0`, [trade(0, n)]);
  const { socket, until, say, messages } = await open();
  say({ op: 'subscribe', topics: [`trades:${other}`] });
  say({ op: 'subscribe', topics: [`trades:${one}`], lastEventId: '1002-0:0' });
  await until(({ data }) => data?.trade_id === 5);
  assert.equal(numbers(messages), [3, 4, 5]);
  say({ op: 'subscribe', topics: [`trades:${one}`], lastEventId: '1001-0:0' });
  assert.match((await until(({ op }) => op === 'error')).detail!, 'not subscribed yet');
  socket.close();
});

test('names what is wrong with a message, and goes on', async () => {
  const { socket, until, say, messages } = await open();
  const wrong: [unknown, RegExp][] = [
    ['{', /message: expected a JSON object/],
    [null, /message: expected/],
    [{ op: 'subscribe' }, /topics: expected a list of topics/],
    [{ op: 'subscribe', topics: 'status' }, /topics: expected a list/],
    [{ op: 'subscribe', topics: [1] }, /topics\/0: expected a list/],
    [{ op: 'subscribe', topics: [] }, /topics: expected 1 to/],
    [{ op: 'subscribe', topics: ['trade:simulated:X'] }, /did you mean trades/],
    [{ op: 'subscribe', topics: ['trades:simulated:NOSUCH'] }, /topics: expected/],
    [{ op: 'subscribe', topics: ['status'], id: 1 }, /id: expected only/],
    [{ op: 'unsubscribe', topics: ['status'] }, /topics: expected one of none/],
    [{ op: 'sing' }, /op: expected subscribe, unsubscribe or ping/],
  ];
  for (const [message, expected] of wrong) {
    messages.length = 0;
    if (typeof message === 'string') socket.send(message);
    else say(message);
    assert.match((await until(({ op }) => op === 'error')).detail!, expected);
  }
  socket.send(Buffer.from([1, 2, 3]), { binary: true });
  say({ op: 'ping' });
  await until(({ op }) => op === 'pong');
  socket.close();
});

test('ends a client that does not read, with the reason', async () => {
  const instrument = await known();
  const { socket, until: untilTold, say } = await open();
  say({ op: 'subscribe', topics: [`trades:${instrument}`] });
  await untilTold(({ op }) => op === 'subscribed');
  // Those of earlier tests go when the server sees it.
  const clientsAre = (count: number) => until(`${count} clients`, () => api.hub.clients() === count);
  await clientsAre(1);
  socket.pause();
  const padding = 'x'.repeat(50_000);
  for (let n = 1; n <= 1_000 && api.hub.clients() === 1; n++)
    await publish(api.redis, instrument, `${1_000 + n}-0`, [
      ['trades', JSON.stringify({ i: 0, trade_id: n, padding })],
    ]);
  await clientsAre(0);
  socket.resume();
  assert.match((await untilTold(({ op }) => op === 'disconnect')).reason!, 'slow');
});

test('ends a client that answers no ping, and keeps one that does', async () => {
  // Long enough for a pong on a busy machine: both sides of it are in this process.
  const quick = await startTestApi({ limits: { heartbeatMs: 1_500 } });
  await quick.listen();
  const headers = { authorization: `Bearer ${quick.key}` };
  const [silent, answering] = await Promise.all([open(headers, quick.origin), open(headers, quick.origin)]);
  silent.socket.pong = () => {};
  await new Promise((resolve) => silent.socket.once('close', resolve));
  await until('one client', () => quick.hub.clients() === 1);
  assert.is(answering.socket.readyState, WebSocket.OPEN);
  await quick.end();
});

test('ends', () => api.end());

test.run();
