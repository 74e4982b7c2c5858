import { readIfThere, writeWhole } from '../../../infra/home.ts';
import { BadInput, SetupError } from '../../../infra/setup-error.ts';
import { targetActions } from '../../../pipelines/environment/bar-actions.ts';
import { createBarObservation } from '../../../pipelines/environment/bar-observation.ts';
import { bookDecision } from '../../../pipelines/environment/book-actions.ts';
import { createBookObservation } from '../../../pipelines/environment/book-observation.ts';
import { openPolicy } from '../algorithms/policy.ts';
import { decodeModel, type Model, modelId } from '../model/model.ts';
import { modelPath } from '../model/model-folder.ts';
import { modelStrategy } from '../model/model-strategy.ts';
import type { Queries } from './model-rows.ts';

/**
 * The model's file in the home, written where it is missing or damaged, as on a machine that did not train it.
 * @param id of a registered model, as `findModel` gives it
 * @returns its path
 */
export async function ensureModelFile(sql: Queries, home: string, id: string): Promise<string> {
  const path = modelPath(home, id);
  const found = readIfThere(path);
  if (found === undefined || modelId(found) !== id) writeWhole(path, await readEncoded(sql, id));
  return path;
}

/** @throws SetupError where it is not registered, or not what it was */
export async function readStoredModel(sql: Queries, id: string): Promise<Model> {
  return decodeModel(`model ${id}`, await readEncoded(sql, id));
}

async function readEncoded(sql: Queries, id: string): Promise<string> {
  const { rows } = await sql.query<{ encoded: string }>('SELECT encoded FROM models WHERE id = $1', [id]);
  const encoded = rows[0]?.encoded;
  if (encoded === undefined) throw new SetupError(`model ${id}: expected it in the registry, found nothing`);
  const found = modelId(encoded);
  if (found !== id)
    throw new SetupError(`model ${id}: expected it in the registry with that hash, found ${found}: it is damaged`);
  return encoded;
}

/**
 * That a model can act here: its features mean what they did, and its network takes what it observes, and says what it may do.
 * @throws BadInput that says what is wrong
 */
export function checkActs(id: string, model: Model): void {
  try {
    modelStrategy(id, model);
    const { names } =
      model.environment === 'book' ? createBookObservation(model) : createBarObservation(model.normalisation);
    const observed = names.length;
    const taken = model.policy.network.sizes[0];
    if (taken !== observed)
      throw new BadInput(
        `model ${id}, policy: expected a network of ${observed} inputs, as it observes, found ${taken}`,
      );
    const action = openPolicy(model.policy)(new Float32Array(observed));
    if (model.environment === 'book') bookDecision(model.actions).read(action);
    else targetActions(model.actions).targetOf(action);
  } catch (error) {
    if (error instanceof BadInput) throw error;
    throw new BadInput(
      `model ${id}: expected one that can act, found: ${error instanceof Error ? error.message : error}`,
    );
  }
}
