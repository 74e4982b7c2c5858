import type { Redis } from 'ioredis';
import { LIVE, rawKey, statusKey } from '../../../streams/keys.ts';
import { streamBounds } from '../../../streams/stream-bounds.ts';
import { until } from '../../support/until.ts';
import { type ServiceProcess, type ServiceServers, startService } from '../service-process.ts';

export type DeriverServers = ServiceServers;

/** A deriver in a process of its own. */
export type DeriverProcess = ServiceProcess;

export function startDeriver(
  servers: DeriverServers,
  instruments: readonly string[],
  env: Readonly<Record<string, string>> = {},
): DeriverProcess {
  return startService('deriver', servers, instruments, env);
}

/** What a deriver's heartbeat says of an instrument. */
export interface InstrumentBeat {
  readonly instrument: string;
  readonly lastEntryId: string;
  readonly entries: number;
  readonly events: number;
  readonly refused: number;
  readonly gaps: number;
  readonly lagMs: number;
}

/** Waits until the deriver has seen the last entry of the instrument's log. @returns the heartbeat that said so */
export async function untilDerived(
  redis: Redis,
  instrument: string,
  { child }: DeriverProcess,
): Promise<Readonly<Record<string, unknown>> & { readonly instruments: readonly InstrumentBeat[] }> {
  const { lastId } = await streamBounds(redis, rawKey(instrument, LIVE));
  return until(`the deriver at ${lastId}`, async () => {
    const beat = JSON.parse((await redis.get(statusKey('deriver'))) ?? '{}');
    if (beat.pid !== child.pid) return undefined;
    const at = beat.instruments.find((item: InstrumentBeat) => item.instrument === instrument)?.lastEntryId;
    return at === lastId && beat;
  });
}
