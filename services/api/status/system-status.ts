import type { Redis } from 'ioredis';
import { countDeadLetters } from '../../../streams/dead-letter.ts';
import { type EntryId, parseEntryId } from '../../../streams/id.ts';
import { featuresKey, LIVE, rawKey } from '../../../streams/keys.ts';
import { listInstruments } from '../../../streams/recordings.ts';
import { readStatus } from '../../../streams/status.ts';
import { streamBounds } from '../../../streams/stream-bounds.ts';
import { type LastVerify, readLastVerify } from '../../jobs/last-verify.ts';

/** Services of a running Don, in the order of the data. */
export const SERVICES = ['venue', 'recorder', 'deriver', 'api', 'jobs', 'trader'] as const;
/** Those that run only where they are asked for: not to be missed where they do not. */
const OPTIONAL_SERVICES = ['features'] as const;

export interface ServiceStatus {
  readonly service: string;
  /** `down`: no heartbeat for 5 s. */
  readonly state: 'up' | 'down';
  /** What the service says of itself. */
  readonly heartbeat?: Readonly<Record<string, unknown>>;
}

export interface InstrumentStatus {
  readonly instrument: string;
  /** Entries that the log of the live recording holds. */
  readonly rawEntries: number;
  readonly lastRawId: EntryId;
  readonly lastDerivedId: EntryId;
  /** Age of the last entry of the log, ms; null where there is none. */
  readonly ageMs: number | null;
  /** How much later the last raw entry is than the last derived one, ms. */
  readonly derivedLagMs: number | null;
  readonly deadLetters: number;
}

export interface SystemStatus {
  /** µs since the epoch. */
  readonly time: number;
  readonly services: readonly ServiceStatus[];
  readonly instruments: readonly InstrumentStatus[];
  readonly redis: { readonly usedMemoryBytes: number };
  /** How the last job that verified everything came out; null where there was none. */
  readonly lastVerify: LastVerify | null;
}

/** The state of services and instruments as Redis has it now. */
export async function readSystemStatus(redis: Redis): Promise<SystemStatus> {
  const nowMs = Date.now();
  const [services, optional, names, memory, lastVerify] = await Promise.all([
    Promise.all(SERVICES.map((service) => serviceStatus(redis, service))),
    Promise.all(OPTIONAL_SERVICES.map((service) => serviceStatus(redis, service))),
    listInstruments(redis),
    redis.info('memory'),
    readLastVerify(redis),
  ]);
  const instruments = await Promise.all(names.map((name) => instrumentStatus(redis, name, nowMs)));
  const usedMemoryBytes = Number(/^used_memory:(\d+)/m.exec(memory)?.[1] ?? 0);
  const running = optional.filter(({ state }) => state === 'up');
  return {
    time: nowMs * 1_000,
    services: [...services, ...running],
    instruments,
    redis: { usedMemoryBytes },
    lastVerify,
  };
}

async function serviceStatus(redis: Redis, service: string): Promise<ServiceStatus> {
  const heartbeat = await readStatus(redis, service);
  return heartbeat === undefined ? { service, state: 'down' } : { service, state: 'up', heartbeat };
}

async function instrumentStatus(redis: Redis, instrument: string, nowMs: number): Promise<InstrumentStatus> {
  const [raw, derived, rawEntries, deadLetters] = await Promise.all([
    streamBounds(redis, rawKey(instrument, LIVE)),
    streamBounds(redis, featuresKey(instrument)),
    redis.xlen(rawKey(instrument, LIVE)),
    countDeadLetters(redis, instrument),
  ]);
  const rawMs = parseEntryId(raw.lastId).ms;
  const derivedMs = parseEntryId(derived.lastId).ms;
  return {
    instrument,
    rawEntries,
    lastRawId: raw.lastId,
    lastDerivedId: derived.lastId,
    ageMs: rawMs === 0 ? null : Math.max(0, nowMs - rawMs),
    derivedLagMs: rawMs === 0 || derivedMs === 0 ? null : Math.max(0, rawMs - derivedMs),
    deadLetters,
  };
}
