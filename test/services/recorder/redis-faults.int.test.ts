import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { withOwnRedis } from '../../support/own-redis.ts';
import { until } from '../../support/until.ts';
import { assertBooksStart } from './audit.ts';
import { INSTRUMENT, withRig } from './rig.ts';
import { atWork, moreOf } from './waits.ts';

const test = suite('services/recorder/redis-faults.int');

test('a Redis that stands still for seconds costs no event and no gap', async () => {
  await withOwnRedis(async ({ url, pid }) => {
    await withRig({ redisUrl: url }, async ({ recorder, audit }) => {
      await atWork(recorder);
      process.kill(pid(), 'SIGSTOP');
      await sleep(4_000);
      await until('50 events in the spool', () => recorder.status().spoolEvents > 50);
      process.kill(pid(), 'SIGCONT');
      await until('the drained spool', () => recorder.status().spoolEvents < 20);
      await moreOf(recorder, 1);
      const { audit: result } = await audit();
      assert.equal(result.gaps, []);
      assert.ok(
        Object.values(result.missing).every((count) => count === 0),
        JSON.stringify(result.missing),
      );
      assert.equal(recorder.fatal, []);
    });
  });
});

test('CLIENT PAUSE longer than the time limit of a command: batches are sent again and add nothing', async () => {
  await withOwnRedis(async ({ url }) => {
    await withRig({ redisUrl: url }, async ({ recorder, audit, redis }) => {
      await atWork(recorder);
      await redis.call('CLIENT', 'PAUSE', '120000', 'WRITE');
      await until('a timeout', () => recorder.lines.some((line) => line.includes('does not accept events')));
      await redis.call('CLIENT', 'UNPAUSE');
      await until('the drained spool', () => recorder.status().spoolEvents < 20);
      await moreOf(recorder, 1);
      const { audit: result } = await audit();
      assert.equal(result.gaps, []);
      assert.ok(
        Object.values(result.missing).every((count) => count === 0),
        JSON.stringify(result.missing),
      );
    });
  });
});

test('Redis killed and started again under load: nothing lost that it had acknowledged, no repetition', async () => {
  await withOwnRedis(async ({ url, pid, start }) => {
    await withRig({ redisUrl: url, venue: { rate: 1_000 } }, async ({ recorder, audit }) => {
      for (let kill = 0; kill < 3; kill++) {
        await moreOf(recorder, 1);
        process.kill(pid(), 'SIGKILL');
        await until('100 events in the spool', () => recorder.status().spoolEvents > 100);
        await start();
        await until('the drained spool', () => recorder.status().spoolEvents < 300);
      }
      await moreOf(recorder, 1);
      const { audit: result } = await audit();
      assert.equal(result.gaps, []);
      assert.ok(
        Object.values(result.missing).every((count) => count === 0),
        JSON.stringify(result.missing),
      );
    });
  });
});

/** What the append function answers: the id of an entry, or a list. */
const ANSWER_TO_APPEND = /^(\$\d+\r\n\d+-\d+\r\n|\*)/;

/** A way to Redis on which answers can be lost after the command was carried out. */
async function proxyTo(url: string) {
  const target = new URL(url);
  const sockets = new Set<Socket>();
  let isDeaf = false;
  let lostAppends = 0;
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    }
    client.pipe(upstream);
    upstream.on('data', (data) => {
      if (!isDeaf) client.write(data);
      else if (ANSWER_TO_APPEND.test(data.toString('latin1', 0, 64))) lostAppends++;
    });
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const own = new URL(url);
  own.port = String((server.address() as { port: number }).port);
  own.searchParams.delete('path');
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: own.href,
    /** Commands still reach Redis, answers do not come back, that to a batch among them; then every connection breaks. */
    async loseAnswers() {
      const before = lostAppends;
      isDeaf = true;
      await until('a lost answer', () => lostAppends > before);
      cut();
      isDeaf = false;
    },
    async stop() {
      cut();
      server.close();
    },
  };
}

test('answers lost after the command was carried out repeat nothing', async () => {
  await withOwnRedis(async ({ url }) => {
    const proxy = await proxyTo(url);
    try {
      await withRig({ redisUrl: proxy.url }, async ({ recorder, audit }) => {
        const { counts } = recorder.instruments.get(INSTRUMENT)!;
        await atWork(recorder);
        for (let loss = 0; loss < 4; loss++) {
          await proxy.loseAnswers();
          await until('the drained spool', () => recorder.status().spoolEvents < 20);
          await moreOf(recorder, 1, ['depth']);
        }
        const losses = recorder.lines.filter((line) => line.includes('does not accept events'));
        assert.ok(losses.length >= 4);
        assert.ok(
          losses.every((line) => line.includes('the connection to Redis was lost')),
          `not after the 10 s that ioredis gives a command whose connection is gone: ${losses.join('\n')}`,
        );
        const duplicates = counts.channels.values().reduce((sum, each) => sum + each.duplicates, 0);
        assert.ok(duplicates > 0, 'batches were sent twice');
        const { audit: result, events } = await audit();
        assert.equal(result.gaps, []);
        assert.ok(
          Object.values(result.missing).every((count) => count === 0),
          JSON.stringify(result.missing),
        );
        assert.is(events.filter((event) => event.channel === 'connected').length, 2, 'own events neither');
      });
    } finally {
      await proxy.stop();
    }
  });
});

test('a spool that is full stops the recorder with a sentence', async () => {
  await withOwnRedis(async ({ url, pid }) => {
    // More than what waits in a start that is slow.
    const settings = { spoolEventsMax: 2_000 };
    await withRig({ redisUrl: url, settings, venue: { rate: 1_000 } }, async ({ recorder }) => {
      await atWork(recorder);
      await until('an empty spool', () => recorder.status().spoolEvents < 20);
      const before = recorder.lines.length;
      process.kill(pid(), 'SIGSTOP');
      await until('the end', () => recorder.fatal.length > 0);
      process.kill(pid(), 'SIGCONT');
      assert.is(recorder.fatal.length, 1);
      assert.match(
        recorder.fatal[0]!,
        /^the spool is full \(2000 events, \d+ characters wait for Redis\): recording stops/,
      );
      const levels = recorder.lines
        .slice(before)
        .filter((line) => line.includes('% full'))
        .map((line) => Number(/(\d+) %/.exec(line)![1]));
      assert.equal(levels, [50, 60, 70, 80, 90]);
    });
  });
});

test('a log that vanishes begins anew with what it cannot be read without', async () => {
  await withRig({}, async ({ redis, log, recorder }) => {
    await until('a start', async () => (await log()).some((event) => event.channel === 'depthSnapshot'));
    await redis.flushdb();
    await until('a new start', async () => {
      const events = await log();
      return ['instrument', 'depthSnapshot'].every((channel) => events.some((event) => event.channel === channel));
    });
    assert.ok(recorder.lines.some((line) => line.includes('begins anew')));
    await recorder.end();
    assertBooksStart(await log());
    assert.equal(await redis.smembers('don:instruments'), [INSTRUMENT]);
  });
});

test.run();
