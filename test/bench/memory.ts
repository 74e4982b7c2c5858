import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Bench, median } from './bench.ts';
import { donHome, type RunningDon } from './running-don.ts';

const MINUTES = 10;
const PACE = 10;

/**
 * What the processes took after ten minutes, MB by process, and by how much the one that grew most did in the second half:
 * medians of three minutes, since a collection more or less is some megabytes.
 */
export interface MemoryFound {
  readonly megabytes: ReadonlyMap<string, number>;
  readonly growth: number;
}

/** Runs the demonstration at ten times its pace. */
export async function measureMemory(env: Record<string, string>, say: (line: string) => void): Promise<MemoryFound> {
  const home = await donHome();
  const don = await home.start({ DON_VENUE_PACE: String(PACE), ...env });
  try {
    const minutes: Map<string, number>[] = [];
    for (let minute = 1; minute <= MINUTES; minute++) {
      await sleep(60_000);
      minutes.push(await memory(don));
      say(`minute ${minute}: ${describe(minutes.at(-1)!)}`);
    }
    const megabytes = minutes.at(-1)!;
    const usual = (name: string, part: readonly Map<string, number>[]): number =>
      median(part.map((found) => found.get(name) ?? 0));
    const [before, after] = [minutes.slice(MINUTES / 2 - 3, MINUTES / 2), minutes.slice(-3)];
    const growth = Math.max(...[...megabytes.keys()].map((name) => usual(name, after) - usual(name, before)));
    return { megabytes, growth };
  } finally {
    await don.stop();
    home.remove();
  }
}

export default {
  name: 'memory',
  summary: `RSS of each Don process after ${MINUTES} min of the demo at ${PACE}× pace`,
  target: { of: 'value', at: 'most', bound: 200 },
  async run({ say }) {
    const { megabytes, growth } = await measureMemory({}, say);
    const note = `${describe(megabytes)}; most growth in the second half ${growth.toFixed(0)} MB`;
    const value = Math.max(...megabytes.values());
    return { name: 'memory', value, unit: 'MB', reference: null, referenceValue: null, ratio: null, note };
  },
} satisfies Bench;

interface ServiceStatus {
  readonly service: string;
  readonly heartbeat?: { readonly pid?: number };
}

/** RSS by process, MB. */
async function memory({ url, authorization, pid }: RunningDon): Promise<Map<string, number>> {
  const response = await fetch(`${url}/api/v1/status`, { headers: { authorization } });
  const { services } = (await response.json()) as { services: readonly ServiceStatus[] };
  const pids = services.map(({ service, heartbeat }) => [service, heartbeat?.pid] as const);
  const found = new Map([['start', rssMegabytes(pid)]]);
  for (const [service, servicePid] of pids) if (servicePid !== undefined) found.set(service, rssMegabytes(servicePid));
  return found;
}

function rssMegabytes(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes) / 1_024;
}

export function describe(megabytes: ReadonlyMap<string, number>): string {
  return [...megabytes].map(([name, value]) => `${name} ${value.toFixed(0)} MB`).join(', ');
}
