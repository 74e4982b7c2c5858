import type { Redis } from 'ioredis';
import type { EventToAppend } from '../../streams/entry.ts';
import { replay } from '../../streams/replay.ts';

/** `channel payload` of every event of a recording, in log order. */
export async function logOf(redis: Redis, instrument: string, recording?: string): Promise<string[]> {
  const lines: string[] = [];
  for await (const page of replay({ redis, instrument, recording }))
    for (const { events } of page) for (const { channel, payload } of events) lines.push(`${channel} ${payload}`);
  return lines;
}

/** The same of events that are to be in the log. */
export function linesOf(events: readonly EventToAppend[]): string[] {
  return events.map(({ channel, payload }) => `${channel} ${payload}`);
}
