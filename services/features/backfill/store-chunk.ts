import type { RowSender } from '../../../infra/questdb/sender.ts';
import type { FeatureSet } from '../../../operators/features/resolve-feature-set.ts';
import { toRow } from '../../../pipelines/rows.ts';
import { createScale } from '../../../streams/events/scale.ts';
import type { RecordingName } from '../../../streams/recordings.ts';
import type { ChunkResult } from './chunk-result.ts';
import type { ChunkMerge } from './merge-chunks.ts';

/** Whose rows, and which of them. */
export interface StoredSpan {
  readonly instrument: string;
  readonly recording: string;
  readonly set: FeatureSet;
  /** Where the set is one of two instruments. */
  readonly other?: RecordingName | undefined;
  /** Receive times, µs since the epoch, both included; undefined: no bound. */
  readonly fromUs?: number | undefined;
  readonly toUs?: number | undefined;
}

/** Commits the rows of a chunk. @returns how many they are */
export async function storeChunk(
  { instrument, recording, set, other, fromUs = 0, toUs = Number.POSITIVE_INFINITY }: StoredSpan,
  sender: RowSender,
  push: ChunkMerge['push'],
  result: ChunkResult,
): Promise<number> {
  const scale = createScale(result.tickSize, result.stepSize);
  let rows = 0;
  push(result, (vector, place) => {
    if (place.receiveTimeUs < fromUs || place.receiveTimeUs > toUs) return;
    const { columns } = toRow({ kind: 'features', set, vector, other }, { ...place, channel: '' }, scale)!;
    sender.add({ ...columns, symbol: instrument, recording });
    rows++;
  });
  await sender.flush();
  return rows;
}
