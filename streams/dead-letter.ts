import type { Redis } from 'ioredis';
import type { EntryId } from './id.ts';
import { deadLettersKey } from './keys.ts';

/** A payload that was refused, kept as it came. */
export interface DeadLetter {
  readonly recording: string;
  readonly channel: string;
  /** What was expected and what was found. */
  readonly reason: string;
  /** µs since the epoch. */
  readonly receiveTimeUs: number;
  readonly payload: string;
}

export interface StoredDeadLetter extends DeadLetter {
  readonly id: EntryId;
}

/** As in append.lua: a venue gone mad must not fill the memory. */
const DEAD_LETTERS_MAX = 100_000;

export async function addDeadLetter(redis: Redis, instrument: string, letter: DeadLetter): Promise<void> {
  const { recording, channel, reason, receiveTimeUs, payload } = letter;
  const pairs = { recording, channel, reason, receiveTimeUs, payload };
  await redis.xadd(
    deadLettersKey(instrument),
    'MAXLEN',
    '~',
    DEAD_LETTERS_MAX,
    '*',
    ...Object.entries(pairs).flat().map(String),
  );
}

/** The last dead letters of the instrument, the newest first. */
export async function listDeadLetters(redis: Redis, instrument: string, limit = 100): Promise<StoredDeadLetter[]> {
  const entries = await redis.xrevrange(deadLettersKey(instrument), '+', '-', 'COUNT', limit);
  return entries.map(([id, [, recording, , channel, , reason, , receiveTimeUs, , payload]]) => ({
    id,
    recording: recording!,
    channel: channel!,
    reason: reason!,
    receiveTimeUs: Number(receiveTimeUs),
    payload: payload!,
  }));
}

/** How many dead letters are kept. */
export async function countDeadLetters(redis: Redis, instrument: string): Promise<number> {
  return redis.xlen(deadLettersKey(instrument));
}
