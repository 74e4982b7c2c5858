import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { testInstrument } from '../../support/servers.ts';
import { announce, publish, trade } from './derived-stream.ts';
import { openSse, type ReceivedEvent } from './sse-reader.ts';
import { startTestApi } from './test-api.ts';

const CLIENTS = 50;
const ENTRIES = 1_500;
const EVENTS_AN_ENTRY = 3;

test('fifty clients that are cut again and again get every event once, in order', async () => {
  const api = await startTestApi();
  await api.listen();
  const instruments = [testInstrument(), testInstrument()];
  await announce(api.redis, ...instruments);
  /** Last events of the streams that the server ended. */
  const farewells: (ReceivedEvent | undefined)[] = [];
  const isDone = (count: number): boolean => count >= 2 * ENTRIES * EVENTS_AN_ENTRY;

  async function client(number: number): Promise<number[][]> {
    const topics = instruments.map((name) => `trades:${name}`).join();
    const seen: { id: string; event: string; data: string }[] = [];
    const start = instruments.map((name) => `${name}@0-0`).join();
    while (!isDone(seen.length)) {
      const sse = await openSse(`${api.origin}/api/v1/stream?topics=${topics}`, {
        authorization: `Bearer ${api.key}`,
        'last-event-id': seen.at(-1)?.id ?? start,
      });
      assert.is(sse.status, 200);
      // One that has too little of this process's time is too slow, and is ended: it goes on as after any cut.
      let hasEnded = false;
      void sse.ended.then(() => {
        hasEnded = true;
      });
      // Some stay for a few events, some for a few hundred.
      const stay = 20 + ((number * 97 + seen.length * 31) % 1_200);
      const enough = new Promise<void>((resolve) => {
        const look = setInterval(() => {
          if (!hasEnded && sse.events.length < stay && !isDone(seen.length + sse.events.length)) return;
          clearInterval(look);
          resolve();
        }, 5);
      });
      await enough;
      if (hasEnded) farewells.push(sse.events.at(-1));
      sse.cut();
      const received = sse.events.filter(({ event }) => event !== 'disconnect');
      seen.push(...received.map(({ id, event, data }) => ({ id: id!, event, data })));
      assert.not.ok(seen.some(({ event }) => event === 'reset'));
    }
    return instruments.map((name) =>
      seen.filter(({ event }) => event === `trades:${name}`).map(({ data }) => JSON.parse(data).trade_id),
    );
  }

  async function write(): Promise<void> {
    for (let n = 0; n < ENTRIES; n++) {
      for (const instrument of instruments) {
        const pairs = Array.from({ length: EVENTS_AN_ENTRY }, (_, index) => trade(index, n * EVENTS_AN_ENTRY + index));
        await publish(api.redis, instrument, `${1_000 + n}-0`, pairs);
      }
      if (n % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  const [received] = await Promise.all([
    Promise.all(Array.from({ length: CLIENTS }, (_, number) => client(number))),
    write(),
  ]);
  const expected = Array.from({ length: ENTRIES * EVENTS_AN_ENTRY }, (_, index) => index);
  for (const [number, sequences] of received.entries())
    for (const sequence of sequences) assert.equal(sequence, expected, `client ${number}`);
  // Of one that could not read on even then, the reason was lost as well; but the server counted it.
  for (const { event, data } of farewells.filter((last) => last !== undefined))
    if (event === 'disconnect') assert.match(JSON.parse(data).reason, /^the client reads too slowly/);
  const metrics = await (await api.app.request(`${api.origin}/metrics`)).text();
  const slow = Number(/^don_api_stream_disconnects_total\{reason="slow"\} (\d+)$/m.exec(metrics)?.[1] ?? 0);
  assert.ok(farewells.length <= slow, `the server ended ${farewells.length} streams, ${slow} of them as too slow`);
  assert.equal(api.errors, []);
  await api.end();
});

test.run();
