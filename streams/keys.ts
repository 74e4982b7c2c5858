import { parseInstrument } from './instrument.ts';

/** The recording that a recorder writes; imports are named by their content. */
export const LIVE = 'live';

/** First 12 hex digits of the SHA-256 of an imported file's content. */
const IMPORTED = /^[0-9a-f]{12}$/;

/** Consumers and services: lower-case words. */
const NAME = /^[a-z0-9][a-z0-9.-]{0,63}$/;

/** Feature sets by id. */
const SET = /^[a-z][a-z0-9_]{0,99}-v[1-9]\d{0,8}$/;

/** Training runs, by the hash of all that decides on them. */
const RUN = /^[0-9a-f]{16}$/;

/** Every instrument that has a recording: a set. */
export const INSTRUMENTS_KEY = 'don:instruments';

/** Where BullMQ keeps the jobs: `don:{jobs}:wait`, … */
export const JOBS = { prefix: 'don', queue: '{jobs}' } as const;

/** Every account that has a ledger: a set. */
export const ACCOUNTS_KEY = 'don:accounts';

/** How the last verification of everything came out: JSON, a string. */
export const LAST_VERIFY_KEY = 'don:verify:last';

/** What the last look at models that trade found: JSON, a string. */
export const LAST_WATCH_KEY = 'don:models:watch';

/** The log of one recording: a stream. */
export function rawKey(instrument: string, recording: string): string {
  return `${prefix(instrument)}raw${suffix(recording)}`;
}

/** Last source sequence of each channel, kept by the append function only: a hash. */
export function sequenceKey(instrument: string, recording: string): string {
  return `${prefix(instrument)}sequence${suffix(recording)}`;
}

/** Digests of the events last seen that no sequence identifies, kept by the append function only: a sorted set. */
export function recentKey(instrument: string, recording: string): string {
  return `${prefix(instrument)}recent${suffix(recording)}`;
}

/** Derived events of the live recording: a stream. */
export function featuresKey(instrument: string): string {
  return `${prefix(instrument)}features`;
}

/** Whether it names a feature set, `name-v1`. */
export function isSetId(text: string): boolean {
  return SET.test(text);
}

/** The rows of a feature set that has a stream of its own, `name-v1`: a stream. */
export function featureSetKey(instrument: string, set: string): string {
  if (!isSetId(set)) throw new Error(`set: expected name-v1 of lower-case letters, digits and "_", found "${set}"`);
  return `${prefix(instrument)}features:${set}`;
}

/** Sets that have a stream of their own → the raw entry behind which it begins: a hash. */
export function streamedSetsKey(instrument: string): string {
  return `${prefix(instrument)}streamed-sets`;
}

/** Payloads that were refused: a stream. */
export function deadLettersKey(instrument: string): string {
  return `${prefix(instrument)}dead-letters`;
}

/** `entryId`, `version` and `state` of a consumer: a hash. */
export function checkpointKey(instrument: string, consumer: string, recording: string): string {
  return `${prefix(instrument)}checkpoint:${checkName('consumer', consumer)}${suffix(recording)}`;
}

/** Matches the keys of all checkpoints of the instrument; none of its characters but the last is special in a pattern. */
export function checkpointPattern(instrument: string): string {
  return `${prefix(instrument)}checkpoint:*`;
}

/** The consumer whose checkpoint of this recording has this key; undefined where it is another recording's. */
export function consumerOf(key: string, instrument: string, recording: string): string | undefined {
  const consumer = key.slice(`${prefix(instrument)}checkpoint:`.length).split(':')[0]!;
  return key === checkpointKey(instrument, consumer, recording) ? consumer : undefined;
}

/** Recording → JSON: a hash. */
export function recordingsKey(instrument: string): string {
  return `${prefix(instrument)}recordings`;
}

/** Feature set that was filled by a backfill → JSON of what of the recording it covers: a hash. */
export function backfilledKey(instrument: string, recording: string): string {
  return `${prefix(instrument)}backfilled${suffix(recording)}`;
}

/** Says that a job is to end: a string that expires. */
export function jobCancelKey(id: string): string {
  return `${JOBS.prefix}:${JOBS.queue}:cancel:${id}`;
}

/** What a trader did, and was told to do: a stream. */
export function ledgerKey(account: string): string {
  return `don:{${checkName('account', account)}}:ledger`;
}

/** How many events of its own the trader has written to the ledger: a string. */
export function ledgerHeadKey(account: string): string {
  return `${ledgerKey(account)}-head`;
}

/** Who trades live with a key of the exchange: a string that expires. @param key a hash of it */
export function liveLeaseKey(key: string): string {
  return `don:live-lease:${key}`;
}

/** How an account stood when its trader last told, once a second: JSON, a string. */
export function accountStatusKey(account: string): string {
  return `don:{${checkName('account', account)}}:status`;
}

/** What a training run tells while it goes on: a stream that expires. @param id 16 hex digits */
export function runKey(id: string): string {
  if (!isRunId(id)) throw new Error(`run: expected 16 hex digits (0-9, a-f), found "${id}"`);
  return `don:{run:${id}}:events`;
}

/** Whether it names a training run. */
export function isRunId(text: string): boolean {
  return RUN.test(text);
}

/** JSON heartbeat of a service: a string that expires. */
export function statusKey(service: string): string {
  return `don:status:${checkName('service', service)}`;
}

/** @throws where it is neither `live` nor 12 hex digits */
export function checkRecording(recording: string): string {
  if (recording !== LIVE && !IMPORTED.test(recording))
    throw new Error(`recording: expected "${LIVE}" or 12 hex digits (0-9, a-f), found "${recording}"`);
  return recording;
}

/** The braces are a cluster hash tag: all keys of an instrument sit in one slot. */
function prefix(instrument: string): string {
  return `don:{${parseInstrument(instrument).name}}:`;
}

function suffix(recording: string): string {
  return checkRecording(recording) === LIVE ? '' : `:${recording}`;
}

function checkName(what: string, name: string): string {
  if (!NAME.test(name)) throw new Error(`${what}: expected lower-case letters, digits, "-" and ".", found "${name}"`);
  return name;
}
