import type pg from 'pg';
import { BadInput } from '../../../infra/setup-error.ts';
import { encodeModel, type Model, modelId } from '../model/model.ts';
import { clockOf, clockText } from '../model/model-clock.ts';
import { writeModel } from '../model/model-folder.ts';
import type { ModelRecord } from './model-record.ts';
import { alone, insertChange, type Queries, selectModels } from './model-rows.ts';

export interface Registration {
  /** `defaultModelName` where it is not said. */
  readonly name?: string | undefined;
  /** The training run that it came of. */
  readonly runId?: string | undefined;
  readonly who: string;
}

const NAME = /^[a-z][a-z0-9._-]{0,62}$/;
const EXPECTED_NAME =
  'lower-case letters, digits, ".", "_" and "-", a letter first, at most 63, and not what an id looks like';

/**
 * Puts a model into the registry as a candidate, and its file into the home. One that is there already, under whatever name,
 * stays as it is.
 * @throws BadInput for a name that is none, or one whose models trade another instrument, or decide at other times
 */
export async function registerModel(
  pool: pg.Pool,
  home: string,
  model: Model,
  { name = defaultModelName(model), runId, who }: Registration,
): Promise<{ readonly record: ModelRecord; readonly isNew: boolean }> {
  checkModelName(name);
  const encoded = encodeModel(model);
  const id = modelId(encoded);
  writeModel(home, model);
  return alone(pool, name, async (client) => {
    const [known] = await selectModels(client, 'WHERE id = $1', [id]);
    if (known !== undefined) return { record: known, isNew: false };
    const number = await nextNumber(client, name, model);
    const isNew = await insert(client, { id, name, number, encoded, model, runId });
    if (isNew)
      await insertChange(client, {
        model: id,
        kind: 'register',
        from: null,
        to: 'candidate',
        who,
        why: runId === undefined ? 'registered' : `of run ${runId}`,
        evaluation: null,
      });
    const [record] = await selectModels(client, 'WHERE id = $1', [id]);
    return { record: record!, isNew };
  });
}

/** `simulated-btcusdt-5m`, `simulated-btcusdt-book-100ms`: with the venue, since no line of models trades on two. */
export function defaultModelName(model: Model): string {
  const { environment, interval } = clockOf(model);
  const clock = environment === 'book' ? `book-${interval.replace(' ', '')}` : interval;
  return `${model.instrument.replace(':', '-')}-${clock}`.toLowerCase();
}

/** @throws BadInput where it is none */
function checkModelName(name: string): void {
  if (!NAME.test(name) || /^[0-9a-f]{16}$/.test(name) || name === 'model')
    throw new BadInput(`name: expected ${EXPECTED_NAME}, found ${JSON.stringify(name)}`);
}

/** @throws BadInput where those before trade something else */
async function nextNumber(sql: Queries, name: string, model: Model): Promise<number> {
  const traded = { instrument: model.instrument, ...clockOf(model) };
  const [last] = await selectModels(sql, 'WHERE name = $1 ORDER BY number DESC LIMIT 1', [name]);
  if (last === undefined) return 1;
  const tradedBefore = tradedText(last);
  if (tradedText(traded) !== tradedBefore)
    throw new BadInput(
      `name ${name}: expected a model of ${tradedBefore}, as those before, found one of ${tradedText(traded)}; give it another name`,
    );
  return last.number + 1;
}

function tradedText(traded: Pick<ModelRecord, 'instrument' | 'environment' | 'interval'>): string {
  return `${traded.instrument}, ${clockText(traded)}`;
}

interface NewModel {
  readonly id: string;
  readonly name: string;
  readonly number: number;
  readonly encoded: string;
  readonly model: Model;
  readonly runId: string | undefined;
}

/** Whether it was not there: the same model may be registered under another name at this moment. */
async function insert(sql: Queries, { id, name, number, encoded, model, runId }: NewModel): Promise<boolean> {
  const { lineage, tested } = model;
  const row = {
    id,
    name,
    number,
    stage: 'candidate',
    encoded,
    instrument: model.instrument,
    ...clockOf(model),
    feature_hash: model.featureHash,
    recording: lineage.recording,
    from_entry_id: lineage.fromEntryId,
    to_entry_id: lineage.toEntryId,
    train_from: new Date(lineage.train.fromMs),
    train_to: new Date(lineage.train.toMs),
    test_from: new Date(lineage.test.fromMs),
    test_to: new Date(lineage.test.toMs),
    seed: lineage.seed,
    steps: lineage.steps,
    backend: lineage.backend,
    code_version: lineage.codeVersion,
    tested: JSON.stringify({ model: tested.model, baselines: tested.baselines }),
    parent: lineage.parent,
    run_id: runId ?? null,
  };
  const columns = Object.keys(row);
  const places = columns.map((_, n) => `$${n + 1}`);
  const { rowCount } = await sql.query(
    `INSERT INTO models (${columns.join(', ')}) VALUES (${places.join(', ')}) ON CONFLICT (id) DO NOTHING`,
    Object.values(row),
  );
  return rowCount === 1;
}
