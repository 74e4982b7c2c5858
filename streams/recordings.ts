import type { Redis } from 'ioredis';
import { parseInstrument } from './instrument.ts';
import { checkRecording, INSTRUMENTS_KEY, LIVE, recordingsKey } from './keys.ts';

/** Which log: an instrument's live recording, or an import of it. */
export interface RecordingName {
  /** `venue:SYMBOL` */
  readonly instrument: string;
  readonly recording: string;
}

/** What one recorder wrote, or one file that was imported. */
export interface Recording {
  /** `live`, or the first 12 hex digits of the SHA-256 of the imported content. */
  readonly recording: string;
  readonly kind: 'live' | 'import';
  /** Name of the imported file. */
  readonly file?: string | undefined;
  /** Receive times of the first and the last event, µs since the epoch; absent while it is written. */
  readonly fromUs?: number | undefined;
  readonly toUs?: number | undefined;
  /** Events by channel; absent while it is written. */
  readonly counts?: Readonly<Record<string, number>> | undefined;
}

/** Makes the recording known, or replaces what is known of it. Once when it begins, once when an import is done. */
export async function registerRecording(redis: Redis, instrument: string, recording: Recording): Promise<void> {
  checkRecording(recording.recording);
  parseInstrument(instrument);
  await redis.hset(recordingsKey(instrument), recording.recording, JSON.stringify(recording));
  await redis.sadd(INSTRUMENTS_KEY, instrument);
}

/** Every instrument that has a recording, in order of name. */
export async function listInstruments(redis: Redis): Promise<string[]> {
  return (await redis.smembers(INSTRUMENTS_KEY)).sort();
}

/** The instrument's recordings, the live one first, then as their names sort. */
export async function listRecordings(redis: Redis, instrument: string): Promise<Recording[]> {
  const texts = await redis.hgetall(recordingsKey(instrument));
  const recordings = Object.entries(texts).map(([name, text]) => readRecording(instrument, name, text));
  const order = (recording: Recording) => (recording.recording === LIVE ? '' : recording.recording);
  return recordings.sort((one, other) => (order(one) < order(other) ? -1 : 1));
}

/** What is known of a recording; undefined where there is none of that name. */
export async function describeRecording(
  redis: Redis,
  instrument: string,
  recording: string,
): Promise<Recording | undefined> {
  const text = await redis.hget(recordingsKey(instrument), checkRecording(recording));
  return text === null ? undefined : readRecording(instrument, recording, text);
}

function readRecording(instrument: string, name: string, text: string): Recording {
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null || !('kind' in value))
    throw new Error(`${recordingsKey(instrument)}/${name}: expected an object with a kind, found ${text}`);
  return value as Recording;
}
