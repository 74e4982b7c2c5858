import type { InstrumentStatus, ServiceStatus, SystemStatus } from '../status/system-status.ts';
import type { Metric, Sample } from './exposition.ts';

/** The state of services and instruments as metrics. */
export function systemMetrics({ services, instruments, redis }: SystemStatus): Metric[] {
  const of = (value: (status: InstrumentStatus) => number | null): Sample[] =>
    instruments.flatMap((status) => {
      const number = value(status);
      return number === null ? [] : [{ labels: { instrument: status.instrument }, value: number }];
    });
  const seconds = (ms: number | null): number | null => (ms === null ? null : ms / 1_000);
  return [
    {
      name: 'don_service_up',
      help: '1 where the service had a heartbeat in the last 5 s',
      type: 'gauge',
      samples: services.map(({ service, state }) => ({ labels: { service }, value: state === 'up' ? 1 : 0 })),
    },
    {
      name: 'don_service_memory_bytes',
      help: 'Resident memory of a service',
      type: 'gauge',
      samples: services.flatMap(memorySample),
    },
    metric(
      'don_log_entries',
      'Entries that the log holds',
      of(({ rawEntries }) => rawEntries),
    ),
    metric(
      'don_log_age_seconds',
      'Age of the last entry of the log',
      of(({ ageMs }) => seconds(ageMs)),
    ),
    metric(
      'don_derived_lag_seconds',
      'How far the derived stream is behind the log',
      of(({ derivedLagMs }) => seconds(derivedLagMs)),
    ),
    metric(
      'don_dead_letters',
      'Payloads that were refused and kept',
      of(({ deadLetters }) => deadLetters),
    ),
    ...recorderMetrics(services.find(({ service }) => service === 'recorder')),
    {
      name: 'don_redis_used_memory_bytes',
      help: 'Memory that Redis uses for data',
      type: 'gauge',
      samples: [{ value: redis.usedMemoryBytes }],
    },
  ];
}

function metric(name: string, help: string, samples: readonly Sample[]): Metric {
  return { name, help, type: 'gauge', samples };
}

function memorySample({ service, heartbeat }: ServiceStatus): Sample[] {
  const bytes = heartbeat?.['memoryBytes'] ?? heartbeat?.['rssBytes'];
  return typeof bytes === 'number' ? [{ labels: { service }, value: bytes }] : [];
}

const COUNTS = ['events', 'gaps', 'duplicates'] as const;

/** What the recorder counts of each channel since it started. */
function recorderMetrics(recorder: ServiceStatus | undefined): Metric[] {
  const instruments = Object.entries(objectOf(recorder?.heartbeat?.['instruments']));
  return COUNTS.map((count) => ({
    name: `don_recorder_${count}_total`,
    help: `${count[0]!.toUpperCase()}${count.slice(1)} of a channel since the recorder started`,
    type: 'counter' as const,
    samples: instruments.flatMap(([instrument, recorded]) =>
      Object.entries(objectOf(objectOf(recorded)['channels'])).flatMap(([channel, counts]) => {
        const value = objectOf(counts)[count];
        return typeof value === 'number' ? [{ labels: { instrument, channel }, value }] : [];
      }),
    ),
  }));
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
