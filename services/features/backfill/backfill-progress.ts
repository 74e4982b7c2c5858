import { deserialize, serialize } from 'node:v8';
import type { Redis } from 'ioredis';
import type { FeatureSet } from '../../../operators/features/resolve-feature-set.ts';
import { setHash } from '../../../pipelines/feature-sets.ts';
import { type CheckpointOwner, deleteCheckpoint, getCheckpoint, setCheckpoint } from '../../../streams/checkpoint.ts';
import type { Chunk } from './chunk.ts';
import type { MergeState } from './merge-chunks.ts';

/** Samples with which a chunk went on behind its end. */
export interface Tail {
  readonly table: Float64Array;
  readonly width: number;
}

/** How far a backfill is, and what it goes on with when it is taken up again. */
export interface BackfillProgress {
  readonly chunks: number;
  /** Where the last of them ends, ms since the epoch; not included. */
  readonly toMs: number;
  readonly merge: MergeState;
  readonly tail: Tail;
}

/** Progress counts only for the same set over the same chunks; a recording that has grown keeps those that were whole. */
export function backfillVersion(set: FeatureSet, [first]: readonly Chunk[], span: readonly unknown[]): string {
  return JSON.stringify([setHash(set), first?.fromMs, (first?.toMs ?? 0) - (first?.fromMs ?? 0), ...span]);
}

export async function loadProgress(
  redis: Redis,
  owner: CheckpointOwner,
  version: string,
): Promise<BackfillProgress | undefined> {
  const stored = await getCheckpoint(redis, owner);
  return stored?.version === version ? deserialize(stored.state) : undefined;
}

/** Once the rows of the chunks are committed. */
export async function saveProgress(
  redis: Redis,
  owner: CheckpointOwner,
  version: string,
  progress: BackfillProgress,
): Promise<void> {
  const state = serialize(progress);
  await setCheckpoint(redis, owner, { entryId: `${progress.toMs}-0`, version, state });
}

export async function forgetProgress(redis: Redis, owner: CheckpointOwner): Promise<void> {
  await deleteCheckpoint(redis, owner);
}
