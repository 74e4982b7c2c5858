import type { Redis } from 'ioredis';
import { formatEventId } from '../../streams/id.ts';
import type { Column, Value } from './columns.ts';
import type { Dataset } from './datasets.ts';
import type { Output } from './output.ts';
import { rawEvents } from './raw-events.ts';
import { rawLine } from './raw-line.ts';
import { createRowWriter, type ExportFormat } from './row-writer.ts';
import { type Extent, spansOf } from './span.ts';
import { tableRows } from './table-rows.ts';

export interface ExportOptions {
  readonly redis: Redis;
  /** QuestDB over HTTP; not needed for `raw`. */
  readonly questdbUrl: string | undefined;
  /** `raw`: the log itself. */
  readonly dataset: Dataset | 'raw';
  readonly extent: Extent;
  readonly format: ExportFormat;
  readonly output: Output;
  readonly signal?: AbortSignal | undefined;
  /** Told which recordings were passed over for others of the same time. */
  readonly say: (line: string) => void;
  readonly onProgress?: ((rows: number) => void) | undefined;
}

export interface ExportReport {
  readonly rows: number;
  readonly bytes: number;
  readonly recordings: readonly string[];
}

const RAW_COLUMNS: readonly Column[] = [
  { name: 'entry_id', kind: 'text' },
  { name: 'symbol', kind: 'text' },
  { name: 'recording', kind: 'text' },
  { name: 'channel', kind: 'text' },
  { name: 'receive_time', kind: 'time' },
  { name: 'payload', kind: 'text' },
];

/** How far event times and receive times may lie apart at the ends of an extent, µs. */
const SKEW_US_MAX = 60_000_000;

/**
 * Writes a dataset in order of time.
 * @throws where a recording does not exist, a server or the output refuses, or the signal aborts
 */
export async function exportDataset(options: ExportOptions): Promise<ExportReport> {
  const { redis, dataset, extent, output, signal, say, onProgress } = options;
  const isRaw = dataset === 'raw';
  const spans = await spansOf(redis, isRaw ? extent : widened(extent), say);
  const pieces = isRaw ? rawPieces(options, spans) : tablePieces(options, dataset, spans);
  let rows = 0;
  let bytes = 0;
  for await (const piece of pieces) {
    signal?.throwIfAborted();
    if (piece.bytes.length > 0) await output.write(piece.bytes);
    rows += piece.rows;
    bytes += piece.bytes.length;
    onProgress?.(rows);
  }
  return { rows, bytes, recordings: [...new Set(spans.map(({ recording }) => recording))] };
}

interface Piece {
  readonly rows: number;
  readonly bytes: Uint8Array;
}

async function* rawPieces(
  { redis, extent: { instrument }, format }: ExportOptions,
  spans: Awaited<ReturnType<typeof spansOf>>,
): AsyncGenerator<Piece> {
  const writer = createRowWriter(format, RAW_COLUMNS);
  for await (const page of rawEvents(redis, instrument, spans)) {
    // As JSON lines a payload is JSON in JSON, which can be imported again; in the others it is a text.
    const bytes =
      format === 'jsonl'
        ? Buffer.from(page.map((located) => `${rawLine(instrument, located)}\n`).join(''))
        : writer.write(
            page.map(({ recording, entryId, index, event }): Value[] => [
              formatEventId(entryId, index),
              instrument,
              recording,
              event.channel,
              event.receiveTimeUs,
              event.payload.toString(),
            ]),
          );
    yield { rows: page.length, bytes };
  }
  yield { rows: 0, bytes: writer.end() };
}

async function* tablePieces(
  { questdbUrl, extent, format }: ExportOptions,
  dataset: Dataset,
  spans: Awaited<ReturnType<typeof spansOf>>,
): AsyncGenerator<Piece> {
  if (questdbUrl === undefined) throw new TypeError(`questdbUrl: expected QuestDB's address for ${dataset.name}`);
  const writer = createRowWriter(format, dataset.columns);
  for await (const rows of tableRows(questdbUrl, dataset, extent, spans))
    yield { rows: rows.length, bytes: writer.write(rows) };
  yield { rows: 0, bytes: writer.end() };
}

/** Recordings are chosen by receive time, rows by event time. */
function widened(extent: Extent): Extent {
  const { from, to } = extent;
  return {
    ...extent,
    from: from?.entryId === undefined && from !== undefined ? { ...from, timeUs: from.timeUs - SKEW_US_MAX } : from,
    to: to?.entryId === undefined && to !== undefined ? { ...to, timeUs: to.timeUs + SKEW_US_MAX } : to,
  };
}
