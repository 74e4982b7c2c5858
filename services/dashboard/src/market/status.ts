import { fieldsOf, isObject } from '../api/fields.ts';

/** What a service said of itself in its last heartbeat. */
export interface ServiceStatus {
  readonly service: string;
  /** It said something within the last seconds. */
  readonly isAlive: boolean;
  readonly memoryBytes: number | null;
  readonly startedMs: number | null;
  /** How far it is behind what it reads, ms; null where it reads nothing. */
  readonly lagMs: number | null;
  /** Everything of the heartbeat. */
  readonly raw: Readonly<Record<string, unknown>>;
}

/** What the recorder counts of one instrument. */
export interface RecorderCounts {
  readonly eventsPerSecond: number;
  readonly gaps: number;
  readonly deadLetters: number;
  readonly duplicates: number;
}

/** The services of a `status` answer or event. @throws TypeError naming the field that is not as expected */
export function readStatus(value: unknown): ServiceStatus[] {
  return fieldsOf('status', value).list('items').map(readService);
}

function readService(value: unknown): ServiceStatus {
  const fields = fieldsOf('status/items', value);
  const raw = isObject(value) ? value : {};
  return {
    service: fields.text('service'),
    isAlive: raw['alive'] !== false,
    memoryBytes: fields.numberOrNull('memoryBytes'),
    startedMs: fields.numberOrNull('startedMs'),
    lagMs: fields.numberOrNull('lagMs'),
    raw,
  };
}

/** The recorder's counts of an instrument; null where no recorder records it. */
export function recorderCounts(services: readonly ServiceStatus[], instrument: string): RecorderCounts | null {
  const recorder = services.find(({ service, isAlive }) => service === 'recorder' && isAlive);
  const instruments = recorder?.raw['instruments'];
  const counted = isObject(instruments) ? instruments[instrument] : undefined;
  if (!isObject(counted)) return null;
  const channels = isObject(counted['channels']) ? Object.values(counted['channels']) : [];
  const sum = (name: string): number =>
    channels.reduce<number>((total, channel) => total + (isObject(channel) ? Number(channel[name] ?? 0) : 0), 0);
  return {
    eventsPerSecond: Number(counted['eventsPerSecond'] ?? 0),
    gaps: sum('gaps'),
    deadLetters: sum('deadLetters'),
    duplicates: sum('duplicates'),
  };
}
