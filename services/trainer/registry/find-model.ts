import { nearestName } from '../../../infra/nearest-name.ts';
import { BadInput } from '../../../infra/setup-error.ts';
import { MODEL_PREFIX } from '../model/model-strategy.ts';
import { isStage, type ModelRecord, STAGES, type Stage, type StageChange } from './model-record.ts';
import { type Queries, selectChanges, selectModels } from './model-rows.ts';

/** There is no model that is called so, or more than one. */
export class NoSuchModel extends BadInput {}

export interface ModelFilter {
  readonly name?: string | undefined;
  readonly stage?: Stage | undefined;
}

/** By their names, of each the newest first. */
export async function listModels(sql: Queries, { name, stage }: ModelFilter = {}): Promise<ModelRecord[]> {
  return selectModels(
    sql,
    'WHERE ($1::text IS NULL OR name = $1) AND ($2::text IS NULL OR stage = $2) ORDER BY name COLLATE "C", number DESC',
    [name ?? null, stage ?? null],
  );
}

/** What became of one, from its registration on. */
export function stagesOf(sql: Queries, id: string): Promise<StageChange[]> {
  return selectChanges(sql, { id });
}

const ID = /^[0-9a-f]{16}$/;
const ID_PREFIX = /^[0-9a-f]{4,15}$/;
const EXPECTED = 'an id of don models list or its first digits, NAME, NAME:v3, or NAME@live, @paper or @candidate';

/**
 * The model that a text names, with `model:` before it or not:
 *
 * - its id, or as much of it as only it has, at least four digits; a name goes before
 * - `NAME:v3`: that number
 * - `NAME@paper`: the one in that stage, of several the newest
 * - `NAME`: the one that is live, else the one on paper, else the newest candidate, else the newest
 *
 * @param isExact whether a name alone is refused where it has several models, as for changes
 * @throws NoSuchModel that says what was expected and what is near
 */
export async function findModel(sql: Queries, ref: string, { isExact = false } = {}): Promise<ModelRecord> {
  const text = ref.startsWith(MODEL_PREFIX) ? ref.slice(MODEL_PREFIX.length) : ref;
  if (ID.test(text)) return (await selectModels(sql, 'WHERE id = $1', [text]))[0] ?? refuse(sql, text);
  const [, name = '', number, stage] = /^([^:@]+)(?::v(\d{1,9}))?(?:@(.+))?$/.exec(text) ?? [];
  const named = await listModels(sql, { name });
  if (named.length === 0) return ofPrefix(sql, text);
  if (number !== undefined && stage !== undefined) return refuse(sql, text);
  if (number !== undefined) return ofNumber(named, Number(number), text);
  if (stage !== undefined) return ofStage(named, stage, text);
  if (isExact && named.length > 1) {
    const those = named.slice(0, SHOWN_MAX).map((one) => `${name}:v${one.number} (${one.stage})`);
    throw new NoSuchModel(`model: expected which one of ${name}: ${those.join(', ')}; found ${text}`);
  }
  const best = (['live', 'paper', 'candidate'] as const).flatMap((wanted) =>
    named.filter((one) => one.stage === wanted),
  );
  return best[0] ?? named[0]!;
}

const SHOWN_MAX = 8;

async function ofPrefix(sql: Queries, text: string): Promise<ModelRecord> {
  if (!ID_PREFIX.test(text)) return refuse(sql, text);
  const found = await selectModels(sql, 'WHERE starts_with(id, $1) ORDER BY id LIMIT $2', [text, SHOWN_MAX]);
  if (found.length === 0) return refuse(sql, text);
  if (found.length === 1) return found[0]!;
  throw new NoSuchModel(
    `model: expected as many digits of an id as only one has, found ${text}, with which ${found.map(({ id }) => id).join(', ')} begin`,
  );
}

function ofNumber(named: readonly ModelRecord[], number: number, text: string): ModelRecord {
  const found = named.find((one) => one.number === number);
  if (found !== undefined) return found;
  const { name, number: newest } = named[0]!;
  throw new NoSuchModel(`model: expected ${name}:v1 to ${name}:v${newest}, found ${text}`);
}

function ofStage(named: readonly ModelRecord[], stage: string, text: string): ModelRecord {
  const { name } = named[0]!;
  if (!isStage(stage))
    throw new NoSuchModel(
      `model: expected ${name}@ and one of ${STAGES.join(', ')}, found ${text}${hintOf(stage, STAGES)}`,
    );
  const found = named.find((one) => one.stage === stage);
  if (found !== undefined) return found;
  const those = named.slice(0, SHOWN_MAX).map((one) => `v${one.number} (${one.stage})`);
  throw new NoSuchModel(`model: expected a model of ${name} that is ${stage}, found only ${those.join(', ')}`);
}

function refuse(sql: Queries, text: string): Promise<never> {
  return refuseName(sql, text, `model: expected ${EXPECTED}`);
}

/** @throws NoSuchModel that says which name is near */
export async function refuseName(
  sql: Queries,
  text: string,
  expected = 'name: expected one of don models list',
): Promise<never> {
  const { rows } = await sql.query<{ name: string }>('SELECT DISTINCT name FROM models ORDER BY name');
  const names = rows.map(({ name }) => name);
  const hint = hintOf(text.replace(/[:@].*$/, ''), names);
  const none = names.length === 0 ? '; none is registered yet' : hint;
  throw new NoSuchModel(`${expected}, found ${text || 'nothing'}${none}`);
}

function hintOf(found: string, names: readonly string[]): string {
  const near = nearestName(found, names);
  return near === undefined ? '' : `; did you mean ${near}?`;
}
