import type pg from 'pg';
import { BadInput, SetupError } from '../../../infra/setup-error.ts';
import { type ModelRecord, modelTitle, type Stage, type StageChange } from './model-record.ts';
import { insertChange, type Queries, selectModels } from './model-rows.ts';

/** The registry has changed since it was looked at, so that what was decided on it may be wrong. */
export class StageConflict extends SetupError {}

/** Who changes something, and why; both are kept for ever. */
export interface Reason {
  /** A user or the name of an API key. */
  readonly who: string;
  readonly why: string;
}

/** What came of a change. */
export interface StageChanged {
  /** As it is now. */
  readonly record: ModelRecord;
  /** The one that was where it is now, or that it took the place of; null: none was. */
  readonly replaced: ModelRecord | null;
}

const WHY_MAX = 500;

/** @throws BadInput where there is no reason */
export function checkReason({ who, why }: Reason): void {
  if (who.trim() === '') throw new BadInput('who: expected the name of whoever says so, found none');
  if (why.trim() === '') throw new BadInput('why: expected a reason, found none');
  if (why.length > WHY_MAX) throw new BadInput(`why: expected at most ${WHY_MAX} characters, found ${why.length}`);
}

/** The model of a name in a stage; of those that hold one. */
export async function holderOf(sql: Queries, name: string, stage: Stage): Promise<ModelRecord | undefined> {
  return (await selectModels(sql, 'WHERE name = $1 AND stage = $2', [name, stage]))[0];
}

/** @throws StageConflict where a model is not in the stage any more in which it was seen */
export async function checkUnchanged(sql: Queries, seen: ModelRecord): Promise<void> {
  const [now] = await selectModels(sql, 'WHERE id = $1', [seen.id]);
  if (now?.stage !== seen.stage)
    throw new StageConflict(
      `${modelTitle(seen)}: expected it ${seen.stage}, as it was a moment ago, found it ${now?.stage}; look again and repeat`,
    );
}

/** @throws StageConflict where another model is there than was seen */
export async function checkHolder(
  sql: Queries,
  { name, stage, seen }: { readonly name: string; readonly stage: Stage; readonly seen: ModelRecord | undefined },
): Promise<void> {
  const now = await holderOf(sql, name, stage);
  if (now?.id === seen?.id) return;
  const titleOf = (model: ModelRecord | undefined): string => (model === undefined ? 'none' : modelTitle(model));
  throw new StageConflict(
    `${name}, ${stage}: expected ${titleOf(seen)} there, as a moment ago, found ${titleOf(now)}; look again and repeat`,
  );
}

/** Moves a model and writes that down. @returns it as it is then */
export async function move(
  sql: Queries,
  record: ModelRecord,
  to: Stage,
  change: Reason & Pick<StageChange, 'kind' | 'evaluation'>,
): Promise<ModelRecord> {
  await sql.query('UPDATE models SET stage = $2 WHERE id = $1', [record.id, to]);
  await insertChange(sql, { model: record.id, from: record.stage, to, ...change });
  return { ...record, stage: to };
}

/** What registry functions take. */
export type RegistryPool = Pick<pg.Pool, 'query' | 'connect'>;
