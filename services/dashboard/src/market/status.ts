import { fieldsOf, isObject } from '../api/fields.ts';
import { type LastVerify, readLastVerify } from './jobs.ts';

/** A service and what it said of itself in its last heartbeat. */
export interface ServiceStatus {
  readonly service: string;
  /** It said something within the last seconds. */
  readonly isUp: boolean;
  readonly memoryBytes: number | null;
  readonly startedMs: number | null;
  readonly heartbeat: Readonly<Record<string, unknown>>;
}

/** How far an instrument's data have come. */
export interface InstrumentStatus {
  readonly instrument: string;
  /** Age of the last event of the log, ms; null where there is none. */
  readonly ageMs: number | null;
  /** How far the derived events are behind the log, ms. */
  readonly derivedLagMs: number | null;
  /** Events that were refused. */
  readonly deadLetters: number;
}

export interface SystemStatus {
  readonly services: readonly ServiceStatus[];
  readonly instruments: readonly InstrumentStatus[];
  /** Null where everything was not verified yet. */
  readonly lastVerify: LastVerify | null;
}

/** @throws TypeError naming the field that is not as expected */
export function readStatus(value: unknown): SystemStatus {
  const fields = fieldsOf('status', value);
  return {
    services: fields.list('services').map(readService),
    instruments: fields.list('instruments').map(readInstrumentStatus),
    lastVerify: readLastVerify(fields.raw('lastVerify')),
  };
}

function readService(value: unknown): ServiceStatus {
  const fields = fieldsOf('status/services', value);
  const found = fields.raw('heartbeat');
  const heartbeat = isObject(found) ? found : {};
  const number = (name: string): number | null => {
    const said = heartbeat[name];
    return typeof said === 'number' ? said : null;
  };
  return {
    service: fields.text('service'),
    isUp: fields.text('state') === 'up',
    memoryBytes: number('memoryBytes') ?? number('rssBytes'),
    startedMs: number('startedMs'),
    heartbeat,
  };
}

function readInstrumentStatus(value: unknown): InstrumentStatus {
  const fields = fieldsOf('status/instruments', value);
  return {
    instrument: fields.text('instrument'),
    ageMs: fields.numberOrNull('ageMs'),
    derivedLagMs: fields.numberOrNull('derivedLagMs'),
    deadLetters: fields.number('deadLetters'),
  };
}

/** What the service that runs custom features says of them, as it says it; none where it does not run. */
export function customFeaturesOf({ services }: SystemStatus): readonly unknown[] {
  const found = services.find(({ service, isUp }) => service === 'features' && isUp)?.heartbeat['features'];
  return Array.isArray(found) ? found : [];
}

/** What the recorder does for an instrument. */
export interface Recording {
  readonly eventsPerSecond: number;
  /** Gaps that it marked since it started. */
  readonly gaps: number;
  readonly deadLetters: number;
}

/** The recording of an instrument; null where no recorder is at it. */
export function recordingOf({ services, instruments }: SystemStatus, name: string): Recording | null {
  const recorder = services.find(({ service, isUp }) => service === 'recorder' && isUp);
  const recorded = recorder?.heartbeat['instruments'];
  const counted = isObject(recorded) ? recorded[name] : undefined;
  if (!isObject(counted)) return null;
  const channels = isObject(counted['channels']) ? Object.values(counted['channels']) : [];
  const gaps = channels.reduce<number>((sum, counts) => sum + (isObject(counts) ? Number(counts['gaps'] ?? 0) : 0), 0);
  return {
    eventsPerSecond: Number(counted['eventsPerSecond'] ?? 0),
    gaps,
    deadLetters: instruments.find(({ instrument }) => instrument === name)?.deadLetters ?? 0,
  };
}
