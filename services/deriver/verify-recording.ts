import type { Redis } from 'ioredis';
import { waitUntilApplied } from '../../infra/questdb/applied.ts';
import type { FeatureSet } from '../../operators/features/resolve-feature-set.ts';
import { createDerivation, DERIVATION_VERSION, type Derivation } from '../../pipelines/derivation.ts';
import { FEATURE_SETS, setsOfVersion } from '../../pipelines/feature-sets.ts';
import { toRow } from '../../pipelines/rows.ts';
import { getCheckpoint } from '../../streams/checkpoint.ts';
import { LIVE } from '../../streams/keys.ts';
import { describeRecording } from '../../streams/recordings.ts';
import { replay } from '../../streams/replay.ts';
import { listBackfilledSets } from '../features/backfill/backfilled-sets.ts';
import { derivedTables } from '../features/feature-table.ts';
import { livePairSets } from '../features/pairs/live-pair-sets.ts';
import { createRowComparison, type Difference, type RowComparison } from './compare-rows.ts';
import { CONSUMER } from './deriver.ts';
import { type OutdatedSet, verifyBackfilled } from './verify-backfilled.ts';

export type { Difference } from './compare-rows.ts';

/** Entries after which the recomputation goes on from its own saved state, unlike what it checks. */
const ENTRIES_A_CHUNK = 997;
const DIFFERENCES_MAX = 20;

export interface VerifyOptions {
  readonly redis: Redis;
  /** QuestDB over HTTP. */
  readonly questdbUrl: string;
  readonly instrument: string;
  readonly recording: string;
  /** Receive times, µs since the epoch, both included; undefined: no bound. */
  readonly fromUs?: number | undefined;
  readonly toUs?: number | undefined;
  readonly onProgress?: (events: number, entries: number) => void;
  /** Recomputed rows that are in memory at once, about. */
  readonly rowsASlice?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface VerifyReport {
  readonly instrument: string;
  readonly recording: string;
  /** Last entry that was recomputed; null where nothing has been derived yet. */
  readonly upTo: string | null;
  /** The version that derived it, where that is not this one: its rows cannot be compared. */
  readonly outdated: string | null;
  /** Sets that were filled by a backfill when they had another definition: their rows cannot be compared. */
  readonly outdatedSets: readonly OutdatedSet[];
  /** Rows compared by table. */
  readonly rows: Readonly<Record<string, number>>;
  readonly differenceCount: number;
  /** The first of them, in order of table and time. */
  readonly differences: readonly Difference[];
}

/**
 * Recomputes what was derived of a recording from the log, in other chunks, the sets that were filled by a backfill and those
 * of two instruments, and compares it with what is stored, to the last bit.
 */
export async function verifyRecording(options: VerifyOptions): Promise<VerifyReport> {
  const { redis, questdbUrl, instrument, recording } = options;
  await waitUntilApplied(questdbUrl);
  const stored = await getCheckpoint(redis, { instrument, consumer: CONSUMER, recording });
  const featureSets = stored === undefined ? undefined : setsOfVersion(DERIVATION_VERSION, stored.version);
  const outdated = stored !== undefined && featureSets === undefined ? stored.version : null;
  const upTo = featureSets === undefined ? null : stored!.entryId;
  const differences: Difference[] = [];
  let differenceCount = 0;
  const onDifference = (difference: Difference): void => {
    differenceCount++;
    if (differences.length < DIFFERENCES_MAX) differences.push(difference);
  };
  const filled = await listBackfilledSets(redis, options);
  if (recording === LIVE) filled.push(...(await livePairSets(redis, instrument)));
  // Of what is not derived yet there are no rows, but those of a backfill.
  const derived = featureSets ?? FEATURE_SETS.filter(({ id }) => filled.every(({ set }) => set !== id));
  const ofDerived = outdated === null ? await verifyDerived(options, upTo, derived, onDifference) : {};
  const others = filled.filter(({ set }) => !featureSets?.some(({ id }) => id === set));
  const backfilled = await verifyBackfilled(options, others, onDifference);
  const rows = { ...ofDerived, ...backfilled.rows };
  const { outdatedSets } = backfilled;
  return { instrument, recording, upTo, outdated, outdatedSets, rows, differenceCount, differences };
}

async function verifyDerived(
  options: VerifyOptions,
  upTo: string | null,
  featureSets: readonly FeatureSet[],
  onDifference: (difference: Difference) => void,
): Promise<Readonly<Record<string, number>>> {
  const { questdbUrl, instrument, recording, fromUs, toUs, rowsASlice, signal } = options;
  const tables = derivedTables(featureSets);
  const of = { questdbUrl, tables, instrument, recording, fromUs, toUs, upTo, rowsASlice, signal };
  const comparison = createRowComparison({ ...of, onDifference });
  if (upTo !== null) await recompute(options, upTo, featureSets, comparison);
  return comparison.end();
}

async function recompute(
  options: VerifyOptions,
  upTo: string,
  featureSets: readonly FeatureSet[],
  comparison: RowComparison,
): Promise<void> {
  const { redis, instrument, recording, onProgress, signal } = options;
  const begin = (saved?: Uint8Array): Derivation =>
    createDerivation({
      saved,
      featureSets,
      onDerived: (derived, at, scale) => {
        const row = toRow(derived, at, scale);
        if (row !== undefined) comparison.push(row);
      },
      // It has its dead letter already; here only its effect on the rows counts.
      onRefused: () => {},
    });
  let derivation = begin();
  let entryCount = 0;
  let events = 0;
  for await (const entries of replay({ redis, instrument, recording, to: upTo })) {
    signal?.throwIfAborted();
    for (const entry of entries) {
      derivation.push(entry);
      events += entry.events.length;
      if (++entryCount % ENTRIES_A_CHUNK === 0) derivation = begin(derivation.save());
    }
    await comparison.pass(entries.at(-1)!.events.at(-1)!.receiveTimeUs);
    onProgress?.(events, entryCount);
  }
  const known = await describeRecording(redis, instrument, recording);
  if (known?.kind === 'import' && known.counts !== undefined) derivation.end();
}
