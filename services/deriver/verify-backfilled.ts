import type { FeatureSet } from '../../operators/features/resolve-feature-set.ts';
import { featureSetNamed, setHash } from '../../pipelines/feature-sets.ts';
import type { BackfilledSet } from '../features/backfill/backfilled-sets.ts';
import { recomputeSet } from '../features/backfill/recompute-set.ts';
import { featureTable } from '../features/feature-table.ts';
import { createRowComparison, type Difference, isBehind } from './compare-rows.ts';
import type { StoredRow } from './stored-rows.ts';
import type { VerifyOptions } from './verify-recording.ts';

/** A set whose definition is another one by now. */
export interface OutdatedSet {
  /** `name-v1` */
  readonly set: string;
  /** Of the definition by which its rows were made. */
  readonly storedHash: string;
  /** Of its definition now; null where there is no set of that name any more. */
  readonly hash: string | null;
}

export interface BackfilledReport {
  /** Rows compared by table. */
  readonly rows: Readonly<Record<string, number>>;
  readonly outdatedSets: readonly OutdatedSet[];
}

/**
 * Recomputes sets that were filled by a backfill and compares them with their rows, as far as each was filled.
 * @param sets less those that are derived of every recording, which are compared as such
 */
export async function verifyBackfilled(
  options: VerifyOptions,
  sets: readonly BackfilledSet[],
  onDifference: (difference: Difference) => void,
): Promise<BackfilledReport> {
  const rows: Record<string, number> = {};
  const outdatedSets: OutdatedSet[] = [];
  for (const filled of sets) {
    const set = featureSetNamed(filled.set);
    const hash = set === undefined ? null : setHash(set);
    if (set === undefined || hash !== filled.hash) {
      outdatedSets.push({ set: filled.set, storedHash: filled.hash, hash });
      continue;
    }
    const counts = await verifySet(options, filled, set, onDifference);
    // A set of two instruments has rows beside each other one.
    for (const [table, count] of Object.entries(counts)) rows[table] = (rows[table] ?? 0) + count;
  }
  return { rows, outdatedSets };
}

async function verifySet(
  options: VerifyOptions,
  filled: BackfilledSet,
  set: FeatureSet,
  onDifference: (difference: Difference) => void,
): Promise<Readonly<Record<string, number>>> {
  const { redis, questdbUrl, instrument, recording, rowsASlice, signal } = options;
  const { other, lastEntryId: upTo } = filled;
  const isMeant = (row: StoredRow): boolean => !isBehind(String(row['entry_id']), upTo) && isBeside(row, other);
  const of = { questdbUrl, instrument, recording, ...spanOf(options, filled), upTo, isMeant, rowsASlice, signal };
  const comparison = createRowComparison({ ...of, tables: [featureTable(set)], onDifference });
  const { push: onRow, pass: onPassed } = comparison;
  await recomputeSet({ redis, instrument, recording, other, set, to: upTo, onRow, onPassed, signal });
  return comparison.end();
}

/** Of what was asked, what was filled. */
function spanOf({ fromUs, toUs }: VerifyOptions, filled: BackfilledSet) {
  return {
    fromUs: filled.fromUs === null ? fromUs : Math.max(filled.fromUs, fromUs ?? 0),
    toUs: filled.toUs === null ? toUs : Math.min(filled.toUs, toUs ?? Infinity),
  };
}

function isBeside(row: StoredRow, other: BackfilledSet['other']): boolean {
  return other === null || (row['other'] === other.instrument && row['other_recording'] === other.recording);
}
