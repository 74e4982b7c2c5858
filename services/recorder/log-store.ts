import type { Redis } from 'ioredis';
import { traceparentOf, withBatchSpan } from '../../infra/telemetry.ts';
import { type Appender, type AppendReport, createAppender, lastSequences } from '../../streams/append.ts';
import { addDeadLetter, type DeadLetter } from '../../streams/dead-letter.ts';
import { LIVE, rawKey } from '../../streams/keys.ts';
import { describeRecording, registerRecording } from '../../streams/recordings.ts';
import type { LogEvent } from './writer.ts';

/** The live recordings of the instruments as the recorder uses them. */
export interface LogStore {
  /** Makes the instrument's live recording known; false where it was known before. */
  register(instrument: string): Promise<boolean>;
  /** Last source sequences in the log, by channel. */
  lastSequences(instrument: string): Promise<ReadonlyMap<string, number>>;
  /** Idempotent. @throws where Redis refuses, is away or was lost meanwhile */
  append(instrument: string, batch: readonly LogEvent[]): Promise<AppendReport>;
  /** Keeps what was refused before it came to the log. @throws where Redis does not take it */
  deadLetter(instrument: string, letter: Omit<DeadLetter, 'recording'>): Promise<void>;
}

/** A dead letter keeps this much of its payload; the reason says how long it was. */
const DEAD_LETTER_CHARACTERS_MAX = 64 * 1024;

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

  function untilLost<Result>(call: Promise<Result>): Promise<Result> {
    return new Promise((resolve, reject) => {
      underWay.add(reject);
      call.then(resolve, reject).finally(() => underWay.delete(reject));
    });
  }

  return {
    async register(instrument) {
      if ((await describeRecording(redis, instrument, LIVE)) !== undefined) return false;
      await registerRecording(redis, instrument, { recording: LIVE, kind: 'live' });
      return true;
    },
    lastSequences: (instrument) => lastSequences(redis, instrument),
    append: (instrument, batch) =>
      withBatchSpan(
        {
          name: 'append',
          kind: 'producer',
          attributes: {
            'messaging.system': 'redis_streams',
            'messaging.operation.type': 'send',
            'messaging.destination.name': rawKey(instrument, LIVE),
            'messaging.batch.message_count': batch.length,
          },
        },
        (span) => untilLost(appenderOf(instrument).append(batch, { traceparent: traceparentOf(span) })),
      ),
    async deadLetter(instrument, { channel, reason, receiveTimeUs, payload }) {
      const isLong = payload.length > DEAD_LETTER_CHARACTERS_MAX;
      await addDeadLetter(redis, instrument, {
        recording: LIVE,
        channel,
        reason: isLong ? `${reason} (cut from ${payload.length} characters)` : reason,
        receiveTimeUs,
        payload: payload.slice(0, DEAD_LETTER_CHARACTERS_MAX),
      });
    },
  };
}
