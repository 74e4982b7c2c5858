import type { Redis } from 'ioredis';
import type { FeatureSet } from '../../../operators/features/resolve-feature-set.ts';
import { createPairDerivation } from '../../../pipelines/pair-derivation.ts';
import { type TableRow, toRow } from '../../../pipelines/rows.ts';
import type { EntryId } from '../../../streams/id.ts';
import { replayMerged } from '../../../streams/merge.ts';
import type { RecordingName } from '../../../streams/recordings.ts';

export interface RecomputeSet extends RecordingName {
  readonly redis: Redis;
  /** Where the set is one of two instruments. */
  readonly other: RecordingName | null;
  readonly set: FeatureSet;
  /** Last entry of the log that is read. */
  readonly to: EntryId;
  readonly onRow: (row: TableRow) => void;
  /** Told now and then, with the receive time of the last event that was gone through; what it does is waited for. */
  readonly onPassed: (receiveTimeUs: number) => Promise<void>;
  readonly signal?: AbortSignal | undefined;
}

/** The rows of one feature set of a recording, by one who goes through the log from its beginning, unlike a backfill. */
export async function recomputeSet(options: RecomputeSet): Promise<void> {
  const { redis, instrument, recording, other, set, to, onRow, onPassed, signal } = options;
  const derivation = createPairDerivation({
    set,
    onVector: (vector, at, scale) =>
      onRow(toRow({ kind: 'features', set, vector, other: other ?? undefined }, at, scale)!),
  });
  const recordings = [{ instrument, recording }, ...(other === null ? [] : [other])];
  let passedUs = 0;
  for await (const entries of replayMerged(recordings.map((of) => ({ redis, ...of, to })))) {
    signal?.throwIfAborted();
    for (const { log, entry } of entries) {
      derivation.push(log, entry);
      passedUs = entry.events.at(-1)?.receiveTimeUs ?? passedUs;
    }
    await onPassed(passedUs);
  }
}
