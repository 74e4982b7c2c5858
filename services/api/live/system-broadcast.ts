import type { Redis } from 'ioredis';
import type { OpenJobs } from '../open-jobs.ts';
import { readAccountStatuses } from '../status/account-statuses.ts';
import { readSystemStatus } from '../status/system-status.ts';
import type { Hub } from './hub.ts';
import type { SystemTopic } from './topics.ts';

const EVERY_MS = 1_000;
/** Jobs that a message tells of. */
const JOBS_MAX = 20;

/** Sends the state of the system, the newest jobs and how accounts stand once a second, while somebody wants them. */
export function startSystemBroadcast(
  redis: Redis,
  hub: Hub,
  openJobs: OpenJobs,
  failed: (error: unknown) => void,
): { stop(): void } {
  const readers: Readonly<Record<SystemTopic, () => Promise<unknown>>> = {
    status: () => readSystemStatus(redis),
    // Their results may be large, and are asked for when they are wanted.
    jobs: async () => {
      const jobs = await (await openJobs()).list();
      return { items: jobs.slice(0, JOBS_MAX).map(({ result: _, ...job }) => job) };
    },
    trading: async () => ({ items: await readAccountStatuses(redis) }),
  };
  const reading = new Set<string>();

  async function send(topic: SystemTopic): Promise<void> {
    if (reading.has(topic) || !hub.wantsSystem(topic)) return;
    reading.add(topic);
    try {
      hub.sendSystem(topic, JSON.stringify(await readers[topic]()));
    } catch (error) {
      failed(error);
    } finally {
      reading.delete(topic);
    }
  }

  const timer = setInterval(() => {
    for (const topic of Object.keys(readers) as SystemTopic[]) void send(topic);
  }, EVERY_MS);
  return { stop: () => clearInterval(timer) };
}
