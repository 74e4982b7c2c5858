import { connect, type Socket } from 'node:net';
import type { Redis } from 'ioredis';
import { RedisAnswerError } from './passing-error.ts';
import { createRangeReader, type RangeEntry } from './resp.ts';

/** Reads spans of one stream. */
export interface PageReader {
  /**
   * Up to `count` entries from `start` to `end`, as XRANGE takes them. One call at a time.
   * @throws RedisAnswerError where Redis refuses, else an error that says how the connection was lost
   */
  page(start: string | number, end: string | number, count: number): Promise<readonly RangeEntry[]>;
  close(): void;
}

/** Redis answers a page in milliseconds; one that is silent for so long is gone. */
const ANSWER_MS_MAX = 10_000;
const PAGE_BYTES_MIN = 1024 * 1024;

/** Reads through the given client. */
export function pagesOfClient(redis: Redis, key: string): PageReader {
  return {
    async page(start, end, count) {
      const entries = await redis.xrangeBuffer(key, start, end, 'COUNT', count);
      return entries.map(([id, pairs]) => [id.toString(), pairs]);
    },
    close() {},
  };
}

/** Whether the client's server can be read over a plain connection of our own. */
export function canConnectLike(redis: Redis): boolean {
  const { tls, sentinels, Connector } = redis.options;
  return !tls && !sentinels && !Connector;
}

/**
 * Reads over a connection of its own to the client's server, straight into the memory in which the values stay.
 *
 * @param textFields fields whose values are given as text
 * @see createRangeReader for why
 */
export function pagesOfConnection(redis: Redis, key: string, textFields: ReadonlySet<string>): PageReader {
  const { host = '127.0.0.1', port = 6379, path, username, password, db } = redis.options;
  const reader = createRangeReader(textFields);
  let memory = Buffer.allocUnsafeSlow(PAGE_BYTES_MIN);
  let filled = 0;
  let pending: PromiseWithResolvers<readonly RangeEntry[]> | undefined;
  let lost: Error | undefined;
  /** `+OK` lines that come before the first page. */
  let greetings = 0;

  function fail(error: Error): void {
    lost ??= error;
    pending?.reject(lost);
    pending = undefined;
    socket.destroy();
  }

  function take(): void {
    if (greetings > 0 && !skipGreetings()) return;
    const entries = reader.read(memory, filled);
    if (entries === undefined) return;
    // The values of this page stay where they are, so that the next one needs memory of its own.
    memory = Buffer.allocUnsafeSlow(Math.max(PAGE_BYTES_MIN, memory.length));
    filled = 0;
    socket.setTimeout(0);
    pending?.resolve(entries);
    pending = undefined;
  }

  /** False while greetings are missing. */
  function skipGreetings(): boolean {
    for (; greetings > 0; greetings--) {
      const end = memory.subarray(0, filled).indexOf('\r\n');
      if (end < 0) return false;
      const line = memory.toString('utf8', 0, end);
      if (!line.startsWith('+')) throw new RedisAnswerError(line.slice(1));
      memory.copy(memory, 0, end + 2, filled);
      filled -= end + 2;
    }
    return true;
  }

  function room(): Buffer {
    if (filled === memory.length) {
      const larger = Buffer.allocUnsafeSlow(memory.length * 2);
      memory.copy(larger);
      memory = larger;
    }
    return memory.subarray(filled);
  }

  function onBytes(count: number): boolean {
    filled += count;
    try {
      take();
    } catch (error) {
      fail(error as Error);
    }
    return true;
  }

  const onread = { buffer: room, callback: onBytes };
  const socket: Socket = path ? connect({ path, onread }) : connect({ host, port, onread });
  socket.on('error', fail);
  socket.on('close', () => fail(new Error('the connection to Redis was lost')));
  socket.on('timeout', () => fail(new Error(`expected an answer of Redis within ${ANSWER_MS_MAX} ms, found none`)));
  const greet = (...parts: (string | number)[]): void => {
    greetings++;
    socket.write(command(parts));
  };
  if (password) greet('AUTH', ...(username ? [username, password] : [password]));
  if (db) greet('SELECT', db);

  return {
    page(start, end, count) {
      if (lost !== undefined) return Promise.reject(lost);
      pending = Promise.withResolvers();
      socket.setTimeout(ANSWER_MS_MAX);
      socket.write(command(['XRANGE', key, start, end, 'COUNT', count]));
      return pending.promise;
    },
    close() {
      fail(new Error('closed'));
    },
  };
}

function command(parts: readonly (string | number)[]): string {
  const texts = parts.map(String);
  return `*${texts.length}\r\n${texts.map((text) => `$${Buffer.byteLength(text)}\r\n${text}\r\n`).join('')}`;
}
