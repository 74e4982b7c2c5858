import type { Redis } from 'ioredis';
import { waitUntilApplied } from '../../infra/questdb/applied.ts';
import type { FeatureSet } from '../../operators/features/resolve-feature-set.ts';
import { FEATURE_SETS } from '../../pipelines/feature-sets.ts';
import { describeRecording } from '../../streams/recordings.ts';
import { replay } from '../../streams/replay.ts';
import { derivedTables } from '../features/feature-table.ts';
import { type Deriver, openDeriver } from './deriver.ts';
import { openRowStore } from './row-store.ts';

/** Rows a commit. */
const ROWS_A_FLUSH = 20_000;
/** Entries between two checkpoints: what a killed import derives again. */
const ENTRIES_A_CHECKPOINT = 20_000;

export interface DeriveRecordingOptions {
  readonly redis: Redis;
  /** QuestDB over HTTP. */
  readonly questdbUrl: string;
  readonly instrument: string;
  readonly recording: string;
  /** Those that are derived where none are said if not said. */
  readonly featureSets?: readonly FeatureSet[];
  /** Called after each page with the number of events derived so far. */
  readonly onProgress?: (events: number) => void;
  readonly signal?: AbortSignal;
}

export interface DerivedReport {
  readonly entries: number;
  readonly events: number;
  /** Rows committed to QuestDB. */
  readonly rows: number;
  /** Payloads that were refused, now dead letters. */
  readonly refused: number;
  readonly gaps: number;
}

/**
 * Derives what a recording holds beyond its checkpoint, and returns when the rows can be read. Called again it goes on
 * from there, or has nothing to do.
 */
export async function deriveRecording(options: DeriveRecordingOptions): Promise<DerivedReport> {
  const { redis, questdbUrl, instrument, recording, featureSets = FEATURE_SETS, onProgress, signal } = options;
  const rows = await openRowStore(questdbUrl, derivedTables(featureSets));
  try {
    const deriver = await openDeriver({ redis, rows, instrument, recording, featureSets, isStreamed: false });
    let nextCheckpoint = ENTRIES_A_CHECKPOINT;
    const pages = replay({ redis, instrument, recording, ...startOf(deriver) });
    for await (const entries of pages) {
      signal?.throwIfAborted();
      for (const entry of entries) deriver.push(entry);
      if (rows.pending >= ROWS_A_FLUSH) await rows.flush();
      if (deriver.counts.entries >= nextCheckpoint) {
        await deriver.checkpoint();
        nextCheckpoint = deriver.counts.entries + ENTRIES_A_CHECKPOINT;
      }
      onProgress?.(deriver.counts.events);
    }
    if (await isComplete(redis, instrument, recording)) deriver.end();
    await deriver.checkpoint();
    await waitUntilApplied(questdbUrl);
    const { entries, events, refused, gaps } = deriver.counts;
    return { entries, events, rows: rows.committed, refused, gaps };
  } finally {
    await rows.close();
  }
}

/** An import is complete when its counts are known; a live recording never is. */
async function isComplete(redis: Redis, instrument: string, recording: string): Promise<boolean> {
  const known = await describeRecording(redis, instrument, recording);
  return known?.kind === 'import' && known.counts !== undefined;
}

function startOf({ from }: Deriver): { after?: string } {
  return from === '0-0' ? {} : { after: from };
}
