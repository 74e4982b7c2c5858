import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { featuresKey } from '../../../streams/keys.ts';
import { killConnections } from '../../streams/kill-connections.ts';
import { testInstrument } from '../../support/servers.ts';
import { until } from '../../support/until.ts';
import { announce, publish, trade } from './derived-stream.ts';
import { openSse, type ReceivedEvent } from './sse-reader.ts';
import { startTestApi } from './test-api.ts';

const api = await startTestApi({ limits: { heartbeatMs: 50 } });
await api.listen();
const authorization = { authorization: `Bearer ${api.key}` };

function stream(topics: string, headers: Record<string, string> = {}, parameters = '') {
  return openSse(`${api.origin}/api/v1/stream?topics=${topics}${parameters}`, { ...authorization, ...headers });
}

async function known(): Promise<string> {
  const instrument = testInstrument();
  await announce(api.redis, instrument);
  return instrument;
}

/** Those of earlier tests, which were cut, go when the server sees it. */
const clientsAre = (count: number) => until(`${count} clients`, () => api.hub.clients() === count);

const numbers = (events: readonly ReceivedEvent[]): number[] => events.map(({ data }) => JSON.parse(data).trade_id);

test('sends what is derived, verbatim, with the identity of the event', async () => {
  const instrument = await known();
  const sse = await stream(`trades:${instrument},book:${instrument}`);
  const book = '{"i":3, "bids":[["59000.10","1.000"]], "asks":[]}';
  await publish(api.redis, instrument, '1000-0', [trade(0, 1), ['features', '{"i":3}'], ['book', book], trade(4, 2)]);
  await sse.until(({ data }) => data.includes('"trade_id":2'));
  assert.equal(sse.events, [
    { id: '1000-0:0', event: `trades:${instrument}`, data: trade(0, 1)[1] },
    { id: '1000-0:3.1', event: `book:${instrument}`, data: book },
    { id: '1000-0:4', event: `trades:${instrument}`, data: trade(4, 2)[1] },
  ]);
  sse.cut();
});

test('begins at the end of the stream without an id, behind it with one', async () => {
  const instrument = await known();
  await publish(api.redis, instrument, '1000-0', [trade(0, 1), trade(1, 2), trade(2, 3)]);
  await publish(api.redis, instrument, '1000-1', [trade(0, 4)]);
  const fresh = await stream(`trades:${instrument}`);
  const resumed = await stream(`trades:${instrument}`, { 'last-event-id': '1000-0:1' });
  const byParameter = await stream(`trades:${instrument}`, {}, '&lastEventId=1000-0');
  await publish(api.redis, instrument, '1000-2', [trade(0, 5)]);
  for (const sse of [fresh, resumed, byParameter]) await sse.until(({ id }) => id === '1000-2:0');
  assert.equal(numbers(fresh.events), [5]);
  assert.equal(numbers(resumed.events), [3, 4, 5]);
  assert.equal(numbers(byParameter.events), [4, 5]);
  for (const sse of [fresh, resumed, byParameter]) sse.cut();
});

test('one id resumes every instrument of the stream', async () => {
  const [one, other] = [await known(), await known()];
  const topics = `trades:${one},trades:${other}`;
  const first = await stream(topics, {}, `&lastEventId=${one}@0-0,${other}@0-0`);
  await publish(api.redis, one, '1000-0', [trade(0, 1), trade(1, 2)]);
  await publish(api.redis, other, '1001-0', [trade(0, 3), trade(1, 4)]);
  await publish(api.redis, one, '1002-0', [trade(0, 5)]);
  const { id } = await first.until(({ data }) => data.includes('"trade_id":5'));
  assert.equal(numbers(first.events).sort(), [1, 2, 3, 4, 5]);
  first.cut();
  for (const { id: cutAt } of first.events) {
    const upTo = first.events.findIndex((event) => event.id === cutAt);
    const resumed = await stream(topics, { 'last-event-id': cutAt! });
    const rest = first.events.slice(upTo + 1);
    await until('the rest', () => resumed.events.length >= rest.length);
    // What comes too much would be here by now.
    await sleep(20);
    assert.equal(numbers(resumed.events).sort(), numbers(rest).sort(), `after ${cutAt}`);
    resumed.cut();
  }
  assert.match(id!, `${one}@1002-0:0`);
});

test('says reset where the events behind the id are no longer kept, and goes on live', async () => {
  const instrument = await known();
  for (let n = 1; n <= 5; n++) await publish(api.redis, instrument, `100${n}-0`, [trade(0, n)]);
  await api.redis.xtrim(featuresKey(instrument), 'MINID', '1003-0');
  const sse = await stream(`trades:${instrument}`, { 'last-event-id': '1001-0:0' });
  const reset = await sse.until(({ event }) => event === 'reset');
  assert.equal(JSON.parse(reset.data).instrument, instrument);
  assert.match(JSON.parse(reset.data).reason, '1003-0');
  await publish(api.redis, instrument, '1006-0', [trade(0, 6)]);
  await sse.until(({ id }) => id === '1006-0:0');
  assert.equal(numbers(sse.events.slice(1)), [6]);
  const again = await stream(`trades:${instrument}`, { 'last-event-id': reset.id! });
  await again.until(({ id }) => id === '1006-0:0');
  assert.equal(numbers(again.events), [6], 'the id of the reset resumes behind it');
  const kept = await stream(`trades:${instrument}`, { 'last-event-id': '1003-0:0' });
  await kept.until(({ id }) => id === '1006-0:0');
  assert.equal(numbers(kept.events), [4, 5, 6], 'the first entry that is kept is not too old');
  for (const each of [sse, again, kept]) each.cut();
});

test('says reset where the id is ahead of the stream, as after a loss of Redis', async () => {
  const instrument = await known();
  await publish(api.redis, instrument, '1000-0', [trade(0, 1)]);
  const sse = await stream(`trades:${instrument}`, { 'last-event-id': '2000-0:0' });
  const reset = await sse.until(({ event }) => event === 'reset');
  assert.match(JSON.parse(reset.data).reason, '1000-0');
  sse.cut();
});

test('says reset to those who listen when the stream is emptied and begins anew', async () => {
  const instrument = await known();
  await publish(api.redis, instrument, '5000-0', [trade(0, 1)]);
  const sse = await stream(`trades:${instrument}`);
  await api.redis.del(featuresKey(instrument));
  await publish(api.redis, instrument, '1000-0', [trade(0, 2)]);
  // The reader learns of it when its connection comes back, as after a restart of Redis.
  await killConnections(api.redis);
  await sse.until(({ event }) => event === 'reset');
  await publish(api.redis, instrument, '1001-0', [trade(0, 3)]);
  await sse.until(({ id }) => id === '1001-0:0');
  sse.cut();
});

test('sends the state of the system once a second, without an id', async () => {
  const sse = await stream('status');
  const status = await sse.until(({ event }) => event === 'status');
  assert.is(status.id, undefined);
  assert.ok(JSON.parse(status.data).services.length >= 3);
  sse.cut();
});

test('ends a client that does not read, with the reason, and it resumes without loss', async () => {
  const instrument = await known();
  const topics = `trades:${instrument}`;
  const slow = await stream(topics);
  const quick = await stream(topics);
  await clientsAre(2);
  slow.pause();
  const padding = 'x'.repeat(20_000);
  const send = (n: number) =>
    publish(api.redis, instrument, `${1000 + n}-0`, [['trades', JSON.stringify({ i: 0, trade_id: n, padding })]]);
  let count = 0;
  while (api.hub.clients() === 2 && count < 2_000) {
    await send(++count);
    // The quick one shares this process: it must have had its turn before the next is sent.
    const sent = `${1000 + count}-0:0`;
    await quick.until(({ id }) => id === sent);
  }
  slow.resume();
  const farewell = await slow.until(({ event }) => event === 'disconnect');
  assert.match(JSON.parse(farewell.data).reason, 'slow');
  await slow.ended;
  for (let n = 0; n < 50; n++) await send(++count);
  const last = `${1000 + count}-0:0`;
  await quick.until(({ id }) => id === last);
  const expected = Array.from({ length: count }, (_, index) => index + 1);
  assert.equal(numbers(quick.events), expected, 'the others lose nothing');
  const before = slow.events.filter(({ event }) => event !== 'disconnect');
  assert.ok(before.length < count);
  const resumed = await stream(topics, { 'last-event-id': before.at(-1)!.id! });
  await resumed.until(({ id }) => id === last);
  assert.equal([...numbers(before), ...numbers(resumed.events)], expected);
  for (const sse of [quick, resumed]) sse.cut();
});

test('forgets clients that are gone', async () => {
  const instrument = await known();
  const sse = await stream(`trades:${instrument}`);
  await publish(api.redis, instrument, '1-0', [trade(0, 1)]);
  await sse.until(() => true);
  await clientsAre(1);
  sse.cut();
  await clientsAre(0);
});

test('answers HEAD with the head of a stream and no stream', async () => {
  const instrument = await known();
  await clientsAre(0);
  const answer = await fetch(`${api.origin}/api/v1/stream?topics=trades:${instrument}`, {
    method: 'HEAD',
    headers: authorization,
  });
  assert.is(answer.status, 200);
  assert.match(answer.headers.get('content-type')!, 'text/event-stream');
  assert.is(api.hub.clients(), 0);
});

test('refuses what is no topic, no instrument or no id', async () => {
  const instrument = await known();
  const refused = async (query: string, status: number, found: RegExp, headers = {}) => {
    const answer = await api.get(`/api/v1/stream?${query}`, headers);
    const text = await answer.text();
    assert.is(answer.status, status, `${query}: ${text}`);
    assert.match(text, found);
  };
  await refused('', 400, /topics: expected/);
  await refused('topics=', 400, /topics: expected/);
  await refused(`topics=trade:${instrument}`, 400, /did you mean trades/);
  await refused('topics=trades:BTCUSDT', 400, /venue:SYMBOL/);
  await refused(`topics=trades:${instrument}:bid-v1`, 400, /trades:INSTRUMENT, or features:INSTRUMENT:SET/);
  await refused(`topics=features:${instrument}:bid`, 400, /features:INSTRUMENT:SET with a name-v1/);
  await refused(`topics=features:${instrument}:bid-v1`, 404, /no other set is streamed/);
  await refused('topics=trades:simulated:NOSUCH', 404, /no|one of/);
  await refused(`topics=trades:${instrument}&lastEventId=abc`, 400, /lastEventId: expected/);
  await refused(`topics=trades:${instrument}`, 400, /lastEventId: expected/, {
    'last-event-id': '99999999999999999999-0:0',
  });
  await refused(
    `topics=trades:${instrument}&topic=x`,
    400,
    /topic: expected only the parameters topics, lastEventId \(did you mean topics/,
  );
  await refused('topics=status&topics=status', 400, /topics/);
});

test('ends', () => api.end());

test.run();
