import type { Redis } from 'ioredis';
import { readSystemStatus } from '../status/system-status.ts';
import type { Hub } from './hub.ts';

const EVERY_MS = 1_000;

/** Sends the state of the system once a second, while somebody wants it. */
export function startStatusBroadcast(redis: Redis, hub: Hub, failed: (error: unknown) => void): { stop(): void } {
  let isReading = false;

  async function send(): Promise<void> {
    if (isReading || !hub.wantsStatus()) return;
    isReading = true;
    try {
      hub.sendStatus(JSON.stringify(await readSystemStatus(redis)));
    } catch (error) {
      failed(error);
    } finally {
      isReading = false;
    }
  }

  const timer = setInterval(send, EVERY_MS);
  return { stop: () => clearInterval(timer) };
}
