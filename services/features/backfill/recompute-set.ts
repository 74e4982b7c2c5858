import type { Redis } from 'ioredis';
import { featureSet } from '../../../operators/features/feature-set.ts';
import type { FeatureSet } from '../../../operators/features/resolve-feature-set.ts';
import { createPairInputs } from '../../../pipelines/pair-inputs.ts';
import { type TableRow, toRow } from '../../../pipelines/rows.ts';
import { createScale } from '../../../streams/events/scale.ts';
import type { EntryId } from '../../../streams/id.ts';
import { replayMerged } from '../../../streams/merge.ts';
import type { RecordingName } from '../../../streams/recordings.ts';

/** Of what comes before the log's `instrument` event: no price in ticks is among it. */
const NO_SCALE = createScale('1', '1');

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
  const { initialState, evolve, project } = featureSet(set);
  let state = initialState();
  let place = { entryId: '0-0', index: 0, receiveTimeUs: 0, channel: '' };
  const inputs = createPairInputs((input) => {
    state = evolve(state, input);
    const vector = project(state, input);
    if (vector === undefined) return;
    const row = toRow({ kind: 'features', set, vector, other: other ?? undefined }, place, inputs.scale ?? NO_SCALE);
    if (row !== undefined) onRow(row);
  });
  const recordings = [{ instrument, recording }, ...(other === null ? [] : [other])];
  for await (const entries of replayMerged(recordings.map((of) => ({ redis, ...of, to })))) {
    signal?.throwIfAborted();
    for (const { log, entry } of entries)
      for (const [index, { channel, payload, receiveTimeUs }] of entry.events.entries()) {
        place = { entryId: entry.entryId, index, receiveTimeUs, channel };
        inputs.push(log, channel, payload);
      }
    await onPassed(place.receiveTimeUs);
  }
}
