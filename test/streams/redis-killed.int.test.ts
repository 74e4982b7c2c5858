import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { connectRedis } from '../../infra/redis.ts';
import { createAppender } from '../../streams/append.ts';
import { tail } from '../../streams/tail.ts';
import { withOwnRedis } from '../support/own-redis.ts';
import { linesOf, logOf } from './log-of.ts';
import { bookTicker, connected, depth, markPrice } from './sample-events.ts';

const test = suite('streams/redis-killed.int');
const INSTRUMENT = 'simulated:BTCUSDT';
const BATCHES = 1_500;
const KILLS = 3;

/** A batch of which every event is told apart in another way. */
const batchOf = (n: number) => [depth(n, n + 1), bookTicker(n), markPrice(n), connected(n)];

test('whatever batch Redis is killed in, log and tail have every event once', () =>
  withOwnRedis(async ({ url, pid, start }) => {
    const writer = await connectRedis(url);
    const reader = await connectRedis(url, { blocking: true });
    const expected = linesOf(Array.from({ length: BATCHES }, (_, n) => batchOf(n)).flat());
    let written = 0;
    let retries = 0;

    let kills = 0;
    let restarted = Promise.resolve();

    async function kill(): Promise<void> {
      await sleep(Math.random() * 5);
      process.kill(pid(), 'SIGKILL');
      await start();
    }

    async function write(): Promise<void> {
      const appender = createAppender({ redis: writer, instrument: INSTRUMENT });
      while (written < BATCHES) {
        // Each kill falls among batches, however long the machine takes for the one before.
        if (kills < KILLS && written >= (BATCHES * (kills + 1)) / (KILLS + 1)) {
          await restarted;
          kills++;
          restarted = kill();
          restarted.catch(() => {});
        }
        const lost = new AbortController();
        try {
          // ioredis 6.0.0 never settles a command whose answer was lost (redis.md 2.6).
          const close = once(writer, 'close', { signal: lost.signal }).then(() => Promise.reject(new Error('lost')));
          close.catch(() => {});
          await Promise.race([appender.append(batchOf(written)), close]);
          written++;
        } catch {
          retries++;
          await sleep(20);
        } finally {
          lost.abort();
        }
      }
      await restarted;
    }

    async function read(): Promise<string[]> {
      const lines: string[] = [];
      for await (const { entries } of tail({ redis: reader, streams: [{ instrument: INSTRUMENT, from: '0-0' }] })) {
        lines.push(...linesOf(entries.flatMap(({ events }) => events)));
        if (lines.length >= expected.length) break;
      }
      return lines;
    }

    try {
      const [tailed] = await Promise.all([read(), write()]);
      assert.ok(retries >= KILLS, `${retries} retries`);
      assert.equal(tailed, expected, 'tail');
      assert.equal(await logOf(writer, INSTRUMENT), expected, 'log');
    } finally {
      writer.disconnect();
      reader.disconnect();
    }
  }));

test.run();
