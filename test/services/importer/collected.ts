import type { Fault, LineReader } from '../../../services/importer/line-sink.ts';

/** What a reader made of some lines. */
export interface Collected {
  readonly events: { channel: string; payload: string; timeUs: number; entryId?: string }[];
  readonly snapshots: string[];
  readonly others: string[];
  readonly unsupported: string[];
  readonly refused: Fault[];
}

export function collect(read: LineReader, ...lines: string[]): Collected {
  const collected: Collected = { events: [], snapshots: [], others: [], unsupported: [], refused: [] };
  for (const line of lines)
    read(Buffer.from(line), {
      event: (channel, payload, timeUs, entryId) =>
        collected.events.push({
          channel,
          payload: payload.toString(),
          timeUs,
          ...(entryId === undefined ? {} : { entryId }),
        }),
      anonymousSnapshot: (payload) => collected.snapshots.push(payload.toString()),
      other: (instrument) => collected.others.push(instrument),
      unsupported: (kind) => collected.unsupported.push(kind),
      refuse: (fault) => collected.refused.push(fault),
    });
  return collected;
}
