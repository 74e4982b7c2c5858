import type pg from 'pg';
import type { ChangeKind, ModelRecord, Stage, StageChange } from './model-record.ts';

/** What queries are sent by: a pool, or a client within a transaction. */
export type Queries = Pick<pg.Pool | pg.PoolClient, 'query'>;

/** All but the model itself. */
const COLUMNS = `id, name, number, stage, instrument, environment, interval, feature_hash, recording, from_entry_id, to_entry_id,
  train_from, train_to, test_from, test_to, seed, steps, backend, code_version, tested, parent, run_id, created_at`;

interface ModelRow {
  readonly id: string;
  readonly name: string;
  readonly number: number;
  readonly stage: Stage;
  readonly instrument: string;
  readonly environment: ModelRecord['environment'];
  readonly interval: string;
  readonly feature_hash: string;
  readonly recording: string;
  readonly from_entry_id: string;
  readonly to_entry_id: string;
  readonly train_from: Date;
  readonly train_to: Date;
  readonly test_from: Date;
  readonly test_to: Date;
  /** What PostgreSQL has as 64 bits comes as text. */
  readonly seed: string;
  readonly steps: string;
  readonly backend: string;
  readonly code_version: string;
  readonly tested: ModelRecord['tested'];
  readonly parent: string | null;
  readonly run_id: string | null;
  readonly created_at: Date;
}

/** @param where condition, order and limit, with `$1` … for the values */
export async function selectModels(sql: Queries, where = '', values: unknown[] = []): Promise<ModelRecord[]> {
  const { rows } = await sql.query<ModelRow>(`SELECT ${COLUMNS} FROM models ${where}`, values);
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    number: row.number,
    stage: row.stage,
    instrument: row.instrument,
    environment: row.environment,
    interval: row.interval,
    featureHash: row.feature_hash,
    recording: row.recording,
    fromEntryId: row.from_entry_id,
    toEntryId: row.to_entry_id,
    train: { fromMs: row.train_from.getTime(), toMs: row.train_to.getTime() },
    test: { fromMs: row.test_from.getTime(), toMs: row.test_to.getTime() },
    seed: Number(row.seed),
    steps: Number(row.steps),
    backend: row.backend,
    codeVersion: row.code_version,
    tested: row.tested,
    parent: row.parent,
    runId: row.run_id,
    createdMs: row.created_at.getTime(),
  }));
}

/** Changes of all models of a name, or of one model, from the first on. */
export async function selectChanges(
  sql: Queries,
  of: { readonly name: string } | { readonly id: string },
): Promise<StageChange[]> {
  const [column, value] = 'name' in of ? ['name', of.name] : ['id', of.id];
  const { rows } = await sql.query<{
    readonly model: string;
    readonly kind: ChangeKind;
    readonly from_stage: Stage | null;
    readonly to_stage: Stage;
    readonly who: string;
    readonly why: string;
    readonly evaluation: unknown;
    readonly at: Date;
  }>(
    `SELECT model, kind, from_stage, to_stage, who, why, evaluation, at
     FROM model_stages JOIN models ON models.id = model WHERE models.${column} = $1 ORDER BY change`,
    [value],
  );
  return rows.map(({ model, kind, from_stage, to_stage, who, why, evaluation, at }) => ({
    model,
    kind,
    from: from_stage,
    to: to_stage,
    who,
    why,
    evaluation,
    atMs: at.getTime(),
  }));
}

export async function insertChange(sql: Queries, change: Omit<StageChange, 'atMs'>): Promise<void> {
  const { model, kind, from, to, who, why, evaluation } = change;
  await sql.query(
    'INSERT INTO model_stages (model, kind, from_stage, to_stage, who, why, evaluation) VALUES ($1, $2, $3, $4, $5, $6, $7)',
    [model, kind, from, to, who, why, evaluation === null ? null : JSON.stringify(evaluation)],
  );
}

/** Runs work in a transaction, alone among all that changes models of that name. */
export async function alone<Result>(
  pool: Pick<pg.Pool, 'connect'>,
  name: string,
  work: (client: pg.PoolClient) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect();
  let isBroken = false;
  try {
    await client.query('BEGIN');
    await client.query('SELECT pg_advisory_xact_lock($1, hashtext($2))', [LOCK_SPACE, name]);
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {
      isBroken = true;
    });
    throw error;
  } finally {
    client.release(isBroken);
  }
}

/** Any number that no other lock of Don begins with. */
export const LOCK_SPACE = 4_000_002;
