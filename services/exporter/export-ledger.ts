import type { Redis } from 'ioredis';
import type { LedgerEvent } from '../../operators/ledger/ledger-event.ts';
import { type LedgerEntry, readLedger } from '../../streams/ledger.ts';
import type { Column, Value } from './columns.ts';
import type { Output } from './output.ts';
import { createRowWriter, type ExportFormat } from './row-writer.ts';

const COLUMNS: readonly Column[] = [
  { name: 'entry_id', kind: 'text' },
  { name: 'n', kind: 'integer' },
  { name: 'time', kind: 'time' },
  { name: 'type', kind: 'text' },
  { name: 'event', kind: 'text' },
];

export interface LedgerExportOptions {
  readonly redis: Redis;
  readonly account: string;
  readonly format: ExportFormat;
  readonly output: Output;
  readonly signal?: AbortSignal | undefined;
}

/** Writes an account's ledger, oldest first. `n` and `time` are null where an event has none. @returns rows and bytes written */
export async function exportLedger(
  options: LedgerExportOptions,
): Promise<{ readonly rows: number; readonly bytes: number }> {
  const { redis, account, format, output, signal } = options;
  const writer = createRowWriter(format, COLUMNS);
  let [rows, bytes] = [0, 0];

  async function write(piece: Uint8Array): Promise<void> {
    if (piece.length > 0) await output.write(piece);
    bytes += piece.length;
  }

  for await (const page of readLedger(redis, account)) {
    signal?.throwIfAborted();
    // As JSON lines an event is JSON in JSON, in the others a text.
    await write(format === 'jsonl' ? Buffer.from(page.map(lineOf).join('')) : writer.write(page.map(rowOf)));
    rows += page.length;
  }
  if (format !== 'jsonl') await write(writer.end());
  return { rows, bytes };
}

function rowOf({ entryId, n, text }: LedgerEntry): Value[] {
  const event = JSON.parse(text) as LedgerEvent;
  return [entryId, n ?? null, timeUsOf(event), event.type, text];
}

function lineOf(entry: LedgerEntry): string {
  const cells = rowOf(entry).slice(0, -1);
  const fields = cells.map((cell, at) => `"${COLUMNS[at]!.name}":${JSON.stringify(cell)}`);
  return `{${fields.join(',')},"event":${entry.text}}\n`;
}

/** When it happened, µs since the epoch. */
function timeUsOf(event: LedgerEvent): number | null {
  if ('timeUs' in event) return event.timeUs;
  const timed = event.type === 'account' || event.type === 'accountReported' ? event.event : event;
  const timeMs = event.type === 'orderReported' ? event.fact.timeMs : 'timeMs' in timed ? timed.timeMs : undefined;
  // What an account begins with has no time.
  return timeMs === undefined || timeMs === 0 ? null : Math.round(timeMs * 1_000);
}
