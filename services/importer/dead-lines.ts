import type { Redis } from 'ioredis';
import { addDeadLetter } from '../../streams/dead-letter.ts';
import { deadLettersKey } from '../../streams/keys.ts';
import type { Fault } from './line-sink.ts';

/** Longest line that is kept; the rest of a longer one is cut off. */
const KEPT_BYTES_MAX = 1024 * 1024;
/** Written at once. */
const PENDING_MAX = 200;

/** Keeps refused lines as dead letters of the instrument, in file order. */
export function createDeadLines(
  redis: Redis,
  instrument: string,
  recording: string,
): {
  add(line: number, text: Buffer, receiveTimeUs: number, fault: Fault): void;
  /** Resolves when few enough wait to be written; of `finish`, when none does. @throws where Redis refuses */
  drain(): Promise<void>;
  finish(): Promise<void>;
} {
  let pending: Promise<void>[] = [];
  async function finish(): Promise<void> {
    const waiting = pending;
    pending = [];
    await Promise.all(waiting);
  }
  return {
    add(line, text, receiveTimeUs, { channel = '', field, expected, found }) {
      const reason = `line ${line}: ${field}: expected ${expected}, found ${found}`;
      const payload = text.subarray(0, KEPT_BYTES_MAX).toString();
      const written = addDeadLetter(redis, instrument, { recording, channel, reason, receiveTimeUs, payload });
      // Its failure is seen where it is waited for.
      written.catch(() => {});
      pending.push(written);
    },
    async drain() {
      if (pending.length >= PENDING_MAX) await finish();
    },
    finish,
  };
}

const PAGE = 500;

/** Removes the recording's dead letters, which an unfinished import left. */
export async function removeDeadLines(redis: Redis, instrument: string, recording: string): Promise<void> {
  const key = deadLettersKey(instrument);
  for (let from = '-'; ; ) {
    const page = await redis.xrange(key, from, '+', 'COUNT', PAGE);
    const ids = page.filter(([, pairs]) => pairs[pairs.indexOf('recording') + 1] === recording).map(([id]) => id);
    if (ids.length > 0) await redis.xdel(key, ...ids);
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return;
    from = `(${last[0]}`;
  }
}
