import type { ComputedRow } from '../../features/compute/compute-request.ts';
import type { CustomSetDescription } from '../../features/custom/describe-custom-feature.ts';
import type { SqlClient } from '../dependencies.ts';

/** Which of a feature's stored rows. */
export interface StoredSpan {
  readonly set: Pick<CustomSetDescription, 'table' | 'hash' | 'sampling' | 'columns'>;
  /** `venue:SYMBOL` */
  readonly instrument: string;
  readonly recording: string;
  /** Event times, µs since the epoch; the last one is not included. */
  readonly fromUs: number;
  readonly toUs: number;
  /** Where it is one of quotes: of each such span the last row only. */
  readonly everyMs: number;
}

/** What a chart can show, many times over. */
export const STORED_ROWS_MAX = 100_000;

/**
 * The rows of a feature's own set that its definition of now has made, as one that is computed has them.
 * @returns undefined where they are more than `STORED_ROWS_MAX`
 */
export async function readStoredFeature(
  questdb: SqlClient,
  { set, instrument, recording, fromUs, toUs, everyMs }: StoredSpan,
): Promise<readonly ComputedRow[] | undefined> {
  const isThinned = set.sampling === 'quotes';
  const columns = set.columns.map((name) => (isThinned ? `last("${name}") "${name}"` : `"${name}"`));
  // QuestDB gives each span its beginning as `ts`.
  const time = isThinned ? 'ts, max(ts) last_ts' : 'ts, ts last_ts';
  const conditions = `symbol = $1 AND recording = $2 AND set_hash = $3 AND ts >= ${fromUs} AND ts < ${toUs}`;
  const thinning = isThinned ? ` SAMPLE BY ${everyMs}T ALIGN TO CALENDAR` : '';
  const source = `SELECT ${[time, ...columns].join(', ')} FROM ${set.table} WHERE ${conditions}${thinning}`;
  const wanted = ['last_ts::long ts_us', ...set.columns.map((name) => `"${name}"`)].join(', ');
  const { rows } = await questdb.query<Record<string, string | number | null>>(
    `SELECT ${wanted} FROM (${source}) ORDER BY ts LIMIT ${STORED_ROWS_MAX + 1}`,
    [instrument, recording, set.hash],
  );
  if (rows.length > STORED_ROWS_MAX) return undefined;
  return rows.map((row) => [Number(row['ts_us']), ...set.columns.map((name) => row[name] as number | null)]);
}
