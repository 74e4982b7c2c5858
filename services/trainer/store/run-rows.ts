import type { QueryResultRow } from 'pg';
import { clockOf } from '../model/model-clock.ts';
import type { Run } from '../run/run-identity.ts';
import type { RunSummary } from '../run/run-report.ts';
import type {
  ListedRun,
  MetricsPlace,
  RunMetrics,
  RunPlace,
  RunRecord,
  RunStatus,
  SeedProgress,
} from './run-record.ts';

/** What is needed of a pool or a client. */
export interface Queries {
  query<Row extends QueryResultRow>(text: string, values?: unknown[]): Promise<{ rows: Row[] }>;
}

export interface RunFilter {
  readonly status?: RunStatus | undefined;
  readonly instrument?: string | undefined;
  readonly after?: RunPlace | undefined;
  readonly limit: number;
}

export interface MetricsFilter {
  readonly seed?: number | undefined;
  readonly after?: MetricsPlace | undefined;
  readonly limit: number;
}

/** SQL of a time as µs since the epoch. */
export const micros = (expression: string): string => `(extract(epoch FROM ${expression}) * 1000000)::bigint::text`;

const COLUMNS = `id, status, instrument, "interval", recording, from_entry_id, to_entry_id, seeds::text[] AS seeds, config,
  reward_hash, backend, code_version, starts, error, summary,
  ${['train_from', 'train_to', 'test_from', 'test_to', 'created_at', 'started_at', 'ended_at'].map((name) => `${micros(name)} AS ${name}`).join(', ')}`;

/** How far the seeds of a row of `runs` are, as JSON. Each is one look from the end of the index, in the partition of its month. */
const PROGRESS = `(
  SELECT coalesce(json_agg(json_build_object('seed', seed, 'step', step) ORDER BY seed), '[]')
  FROM unnest(runs.seeds) AS one (seed), LATERAL (
    SELECT step FROM run_metrics
    WHERE run = runs.id AND run_created_at = runs.created_at AND run_metrics.seed = one.seed ORDER BY step DESC LIMIT 1
  ) AS last)`;

/** Notes that a run begins, or is taken up again. */
export async function insertRun(sql: Queries, { id, identity }: Run): Promise<void> {
  const { config, train, test } = identity;
  const row = {
    id,
    status: 'running',
    instrument: config.instrument,
    interval: clockOf(config).interval,
    recording: identity.recording,
    from_entry_id: identity.fromEntryId,
    to_entry_id: identity.toEntryId,
    train_from: new Date(train.fromMs),
    train_to: new Date(train.toMs),
    test_from: new Date(test.fromMs),
    test_to: new Date(test.toMs),
    seeds: config.seeds,
    config: JSON.stringify(config),
    reward_hash: identity.rewardHash,
    backend: identity.backend,
    code_version: identity.codeVersion,
  };
  const columns = Object.keys(row);
  await sql.query(
    `INSERT INTO runs (${columns.map((name) => `"${name}"`).join(', ')}) VALUES (${columns.map((_, n) => `$${n + 1}`).join(', ')})
     ON CONFLICT (id) DO UPDATE SET status = 'running', starts = runs.starts + 1, ended_at = NULL, error = NULL, summary = NULL,
       started_at = date_trunc('milliseconds', clock_timestamp())`,
    Object.values(row),
  );
  await sql.query(
    "SELECT ensure_month('run_metrics', created_at), ensure_month('episodes', created_at) FROM runs WHERE id = $1",
    [id],
  );
}

export async function endRun(
  sql: Queries,
  id: string,
  {
    status,
    error = null,
    summary = null,
  }: { readonly status: RunStatus; readonly error?: string | null; readonly summary?: RunSummary | null },
): Promise<void> {
  await sql.query(
    `UPDATE runs SET status = $2, error = $3, summary = $4, ended_at = date_trunc('milliseconds', clock_timestamp())
     WHERE id = $1`,
    [id, status, error, summary === null ? null : JSON.stringify(summary)],
  );
}

/** Writes updates; one that is there stays as it is. */
export async function insertMetrics(
  sql: Queries,
  id: string,
  updates: readonly Omit<RunMetrics, 'time'>[],
): Promise<void> {
  await sql.query(
    `INSERT INTO run_metrics (run, run_created_at, seed, step, metrics)
     SELECT runs.id, runs.created_at, one.seed, one.step, one.metrics::jsonb
     FROM runs, unnest($2::bigint[], $3::bigint[], $4::text[]) AS one (seed, step, metrics)
     WHERE runs.id = $1 ON CONFLICT DO NOTHING`,
    [
      id,
      updates.map(({ seed }) => seed),
      updates.map(({ step }) => step),
      updates.map(({ metrics }) => JSON.stringify(metrics)),
    ],
  );
}

/** Of a run that begins anew. */
export async function deleteMetrics(sql: Queries, id: string): Promise<void> {
  await sql.query('DELETE FROM run_metrics WHERE run = $1', [id]);
}

export async function findRun(sql: Queries, id: string): Promise<RunRecord | undefined> {
  const { rows } = await sql.query<RunRow>(`SELECT ${COLUMNS} FROM runs WHERE id = $1`, [id]);
  return rows.map(recordOf)[0];
}

export async function hasRun(sql: Queries, id: string): Promise<boolean> {
  return (await sql.query('SELECT FROM runs WHERE id = $1', [id])).rows.length > 0;
}

/** Steps that each seed of a run has done; those that have not begun are not there. */
export async function stepsOf(sql: Queries, id: string): Promise<readonly SeedProgress[]> {
  const { rows } = await sql.query<ProgressRow>(`SELECT ${PROGRESS} AS progress FROM runs WHERE id = $1`, [id]);
  return rows[0]?.progress ?? [];
}

/** Runs, the newest first, in one query. */
export async function listRuns(sql: Queries, { status, instrument, after, limit }: RunFilter): Promise<ListedRun[]> {
  const { rows } = await sql.query<RunRow & ProgressRow>(
    `SELECT ${COLUMNS}, CASE WHEN status = 'running' THEN ${PROGRESS} END AS progress FROM runs
     WHERE ($1::text IS NULL OR status = $1) AND ($2::text IS NULL OR instrument = $2)
       AND ($3::bigint IS NULL OR (created_at, id) < (timestamptz 'epoch' + $3::bigint * interval '1 microsecond', $4))
     ORDER BY runs.created_at DESC, id DESC LIMIT $5`,
    [status ?? null, instrument ?? null, after?.createdTime ?? null, after?.id ?? '', limit],
  );
  return rows.map((row) => ({ ...recordOf(row), progress: row.progress }));
}

/** Updates of a run in the order of their steps, and of their seeds where these are equal. */
export async function listMetrics(
  sql: Queries,
  id: string,
  { seed, after, limit }: MetricsFilter,
): Promise<RunMetrics[]> {
  const { rows } = await sql.query<MetricsRow>(
    `SELECT seed::text, step::text, metrics, ${micros('at')} AS at FROM run_metrics
     WHERE run = $1 AND ($2::bigint IS NULL OR seed = $2) AND ($3::bigint IS NULL OR (step, seed) > ($3, $4::bigint))
     ORDER BY run_metrics.step, run_metrics.seed LIMIT $5`,
    [id, seed ?? null, after?.step ?? null, after?.seed ?? null, limit],
  );
  return rows.map((row) => ({
    seed: Number(row.seed),
    step: Number(row.step),
    metrics: row.metrics,
    time: Number(row.at),
  }));
}

interface ProgressRow {
  readonly progress: readonly SeedProgress[] | null;
}

interface MetricsRow {
  readonly seed: string;
  readonly step: string;
  readonly metrics: RunMetrics['metrics'];
  readonly at: string;
}

/** 64-bit integers come as texts. */
interface RunRow {
  readonly id: string;
  readonly status: RunStatus;
  readonly instrument: string;
  readonly interval: string;
  readonly recording: string;
  readonly from_entry_id: string;
  readonly to_entry_id: string;
  readonly train_from: string;
  readonly train_to: string;
  readonly test_from: string;
  readonly test_to: string;
  readonly seeds: readonly string[];
  readonly config: RunRecord['config'];
  readonly reward_hash: string | null;
  readonly backend: string;
  readonly code_version: string;
  readonly starts: number;
  readonly created_at: string;
  readonly started_at: string;
  readonly ended_at: string | null;
  readonly error: string | null;
  readonly summary: RunSummary | null;
}

function recordOf(row: RunRow): RunRecord {
  return {
    id: row.id,
    status: row.status,
    instrument: row.instrument,
    interval: row.interval,
    recording: row.recording,
    fromEntryId: row.from_entry_id,
    toEntryId: row.to_entry_id,
    train: { from: Number(row.train_from), to: Number(row.train_to) },
    test: { from: Number(row.test_from), to: Number(row.test_to) },
    seeds: row.seeds.map(Number),
    config: row.config,
    rewardHash: row.reward_hash,
    backend: row.backend,
    codeVersion: row.code_version,
    starts: row.starts,
    createdTime: Number(row.created_at),
    startedTime: Number(row.started_at),
    endedTime: row.ended_at === null ? null : Number(row.ended_at),
    error: row.error,
    summary: row.summary,
  };
}
