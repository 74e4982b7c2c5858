import { featureSetNamed, setHash } from '../../pipelines/feature-sets.ts';
import type { TableRow } from '../../pipelines/rows.ts';
import { type BackfilledSet, listBackfilledSets } from '../features/backfill/backfilled-sets.ts';
import { recomputeSet } from '../features/backfill/recompute-set.ts';
import { featureTable } from '../features/feature-table.ts';
import { compareRows, type Difference, type ExpectedRows, isBehind, keyOf } from './compare-rows.ts';
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

/**
 * Recomputes the sets that were filled by a backfill and compares them with their rows, as far as each was filled.
 * @param derived sets that are derived of every recording: they are compared as such
 * @param counts gets the rows compared, by table
 * @returns the sets that cannot be compared
 */
export async function verifyBackfilled(
  options: VerifyOptions,
  derived: ReadonlySet<string>,
  counts: Record<string, number>,
  onDifference: (difference: Difference) => void,
): Promise<OutdatedSet[]> {
  const outdated: OutdatedSet[] = [];
  for (const filled of await listBackfilledSets(options.redis, options)) {
    if (derived.has(filled.set)) continue;
    const set = featureSetNamed(filled.set);
    const hash = set === undefined ? null : setHash(set);
    if (set === undefined || hash !== filled.hash) {
      outdated.push({ set: filled.set, storedHash: filled.hash, hash });
      continue;
    }
    const { redis, questdbUrl, instrument, recording, signal } = options;
    const { other, lastEntryId: upTo } = filled;
    const table = featureTable(set);
    const rows: ExpectedRows = new Map();
    const span = spanOf(options, filled);
    const onRow = ({ columns }: TableRow): void => {
      const receiveTimeUs = Number(columns['receive_time']);
      const isInSpan = receiveTimeUs >= (span.fromUs ?? 0) && receiveTimeUs <= (span.toUs ?? Infinity);
      if (isInSpan) rows.set(keyOf(table, columns), columns);
    };
    await recomputeSet({ redis, instrument, recording, other, set, to: upTo, onRow, signal });
    counts[table.name] = (counts[table.name] ?? 0) + rows.size;
    const isMeant = (row: StoredRow): boolean => !isBehind(String(row['entry_id']), upTo) && isBeside(row, other);
    const of = { questdbUrl, table, instrument, recording, ...span, upTo, isMeant, signal };
    await compareRows(rows, { ...of, onDifference });
  }
  return outdated;
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
