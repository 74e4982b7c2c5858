import type { Redis } from 'ioredis';
import { type Appender, type AppendReport, createAppender, lastSequences } from '../../streams/append.ts';
import { deadLettersKey, LIVE } from '../../streams/keys.ts';
import type { LogEvent } from './writer.ts';

/** A payload that was refused before it came to the log. */
export interface DeadLetter {
  readonly channel: string;
  readonly reason: string;
  readonly receiveTimeUs: number;
  readonly payload: string;
}

/** The live recordings of the instruments as the recorder uses them. */
export interface LogStore {
  /** Last source sequences in the log, by channel. */
  lastSequences(instrument: string): Promise<ReadonlyMap<string, number>>;
  /** Idempotent. @throws where Redis refuses, is away or was lost meanwhile */
  append(instrument: string, batch: readonly LogEvent[]): Promise<AppendReport>;
  /** @throws where Redis does not take it */
  deadLetter(instrument: string, letter: DeadLetter): Promise<void>;
}

/** A dead letter keeps this much of its payload; the reason says how long it was. */
const DEAD_LETTER_CHARACTERS_MAX = 64 * 1024;
/** As the append function bounds the stream. */
const DEAD_LETTERS_MAX = 100_000;

/** @param redis a connection of its own: what waits on it must not wait behind others' commands */
export function createLogStore(redis: Redis): LogStore {
  const appenders = new Map<string, Appender>();
  const underWay = new Set<(error: Error) => void>();
  // ioredis 6.0.0 settles a command whose connection was lost only after its time limit (redis.md 2.6). An append is
  // idempotent, so there is nothing to wait for.
  redis.on('close', () => {
    for (const reject of underWay) reject(new Error('the connection to Redis was lost'));
  });

  function appenderOf(instrument: string): Appender {
    let appender = appenders.get(instrument);
    if (appender === undefined) {
      appender = createAppender({ redis, instrument });
      appenders.set(instrument, appender);
    }
    return appender;
  }

  return {
    lastSequences: (instrument) => lastSequences(redis, instrument),
    append: (instrument, batch) =>
      new Promise((resolve, reject) => {
        underWay.add(reject);
        appenderOf(instrument)
          .append(batch)
          .then(resolve, reject)
          .finally(() => underWay.delete(reject));
      }),
    async deadLetter(instrument, { channel, reason, receiveTimeUs, payload }) {
      const isLong = payload.length > DEAD_LETTER_CHARACTERS_MAX;
      const kept = payload.slice(0, DEAD_LETTER_CHARACTERS_MAX);
      await redis.xadd(
        deadLettersKey(instrument),
        ...['MAXLEN', '~', DEAD_LETTERS_MAX, '*', 'recording', LIVE, 'channel', channel],
        ...['reason', isLong ? `${reason} (cut from ${payload.length} characters)` : reason],
        ...['receiveTimeUs', receiveTimeUs, 'payload', kept],
      );
    },
  };
}
