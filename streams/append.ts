import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Redis } from 'ioredis';
import { checkBatch } from './batch.ts';
import { type EventToAppend, encodeHeader } from './entry.ts';
import type { GapReason } from './events/gap.ts';
import type { EntryId } from './id.ts';
import { sequenceRule } from './instrument.ts';
import { deadLettersKey, LIVE, rawKey, recentKey, sequenceKey } from './keys.ts';

/** An event of the batch that is not in the entry. */
export interface RefusedEvent {
  /** Which event of the batch, from 0. */
  readonly index: number;
  readonly channel: string;
}

export interface DeadLetteredEvent extends RefusedEvent {
  readonly reason: string;
}

/** A gap that the append function put in front of an event. */
export interface MarkedGap {
  /** Which event of the batch it precedes, from 0. */
  readonly index: number;
  readonly channel: string;
  readonly expected: string | null;
  readonly found: string | null;
  readonly reason: GapReason;
}

export interface AppendReport {
  /** The new entry; null where there is nothing new in the batch. */
  readonly entryId: EntryId | null;
  /** How many of the batch's events are in the entry. */
  readonly appended: number;
  /** The log has these. */
  readonly duplicates: readonly RefusedEvent[];
  readonly gaps: readonly MarkedGap[];
  readonly deadLetters: readonly DeadLetteredEvent[];
}

export interface AppendOptions {
  /** Explicit id of an import's entry; where it is not above the log's last one, all of the batch is there already. */
  readonly entryId?: EntryId;
  /** W3C trace context, where the batch is sampled. */
  readonly traceparent?: string | undefined;
}

/** Appends to one recording. */
export interface Appender {
  /**
   * Appends up to 512 events as one entry, in order, atomically. A batch sent again adds nothing, so after a lost answer
   * it can be. Calls made before the first is answered keep their order; but where one fails those behind it may be in
   * the log already, so only who then begins anew, as an import does, may call ahead.
   * @throws where Redis refuses or cannot be reached; then the batch is in the log as a whole or not at all
   */
  append(events: readonly EventToAppend[], options?: AppendOptions): Promise<AppendReport>;
}

export interface AppenderOptions {
  readonly redis: Redis;
  /** `venue:SYMBOL` */
  readonly instrument: string;
  /** `live`, or 12 hex digits of an import. */
  readonly recording?: string;
}

const SOURCE = readFileSync(new URL('append.lua', import.meta.url), 'utf8');

/** Named by its content: programs of different versions use one Redis without replacing each other's function. */
const FUNCTION_NAME = `don_append_${hash('sha256', SOURCE).slice(0, 12)}`;

export function createAppender({ redis, instrument, recording = LIVE }: AppenderOptions): Appender {
  const rule = sequenceRule(instrument);
  const keys = [
    rawKey(instrument, recording),
    sequenceKey(instrument, recording),
    recentKey(instrument, recording),
    deadLettersKey(instrument),
  ];

  return {
    async append(events, { entryId = '*', traceparent } = {}) {
      const { payloads, isContinuous, joins, facts, members } = checkBatch(events, rule);
      const args: (string | number | Buffer)[] = [FUNCTION_NAME, keys.length, ...keys, entryId, recording];
      args.push(events[0]!.receiveTimeUs, facts, isContinuous ? 1 : 0, traceparent ?? '');
      args.push(joins.length, members.length, events.length);
      for (const { channel, kind, predecessor, first, last } of joins)
        args.push(channel, kind, predecessor ?? '', first, last);
      args.push(...members, ...encodeHeader(events, traceparent));
      for (let i = 0; i < events.length; i++) args.push(events[i]!.channel, payloads[i]!);
      const answer = await callFunction(redis, args);
      return reportOf(answer, events);
    },
  };
}

/** Last source sequence of each channel that the recording has. */
export async function lastSequences(
  redis: Redis,
  instrument: string,
  recording: string = LIVE,
): Promise<ReadonlyMap<string, number>> {
  const fields = Object.entries(await redis.hgetall(sequenceKey(instrument, recording)));
  const channels = fields.filter(([field]) => !field.includes(':'));
  return new Map(channels.map(([channel, sequence]) => [channel, Number.parseInt(sequence, 10)]));
}

async function callFunction(redis: Redis, args: (string | number | Buffer)[]): Promise<unknown> {
  try {
    return await redis.call('FCALL', args);
  } catch (error) {
    if (!(error instanceof Error) || !error.message.includes('Function not found')) throw error;
    await loadFunction(redis);
    return redis.call('FCALL', args);
  }
}

async function loadFunction(redis: Redis): Promise<void> {
  try {
    await redis.call(
      'FUNCTION',
      'LOAD',
      `#!lua name=${FUNCTION_NAME}\nlocal FUNCTION_NAME = '${FUNCTION_NAME}'\n${SOURCE}`,
    );
  } catch (error) {
    // Another process was first.
    if (!(error instanceof Error) || !error.message.includes('already exists')) throw error;
  }
}

function reportOf(answer: unknown, events: readonly EventToAppend[]): AppendReport {
  if (typeof answer === 'string')
    return { entryId: answer, appended: events.length, duplicates: [], gaps: [], deadLetters: [] };
  const items = (answer as unknown[]).map(String);
  const entryId = items[0] === '' ? null : items[0]!;
  const duplicates: RefusedEvent[] = [];
  const gaps: MarkedGap[] = [];
  const deadLetters: DeadLetteredEvent[] = [];
  if (items[1] === 'present')
    events.forEach(({ channel }, index) => {
      duplicates.push({ index, channel });
    });
  else
    for (let at = 1; at < items.length; ) {
      const index = Number(items[at + 1]);
      const { channel } = events[index]!;
      switch (items[at]) {
        case 'duplicate':
          duplicates.push({ index, channel });
          at += 2;
          break;
        case 'gap': {
          const [expected, found, reason] = items.slice(at + 2, at + 5) as [string, string, GapReason];
          gaps.push({ index, channel, expected: expected || null, found: found || null, reason });
          at += 5;
          break;
        }
        case 'dead-letter':
          deadLetters.push({ index, channel, reason: items[at + 2]! });
          at += 3;
          break;
        default:
          throw new Error(`append: expected duplicate, gap or dead-letter, found "${items[at]}" from ${FUNCTION_NAME}`);
      }
    }
  const appended = events.length - duplicates.length - deadLetters.length;
  return { entryId, appended, duplicates, gaps, deadLetters };
}
