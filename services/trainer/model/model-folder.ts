import { join } from 'node:path';
import { readIfThere, writeWhole } from '../../../infra/home.ts';
import { BadInput } from '../../../infra/setup-error.ts';
import { decodeModel, encodeModel, type Model, modelId } from './model.ts';

/** Writes a model into the home's folder of models. @returns its id */
export function writeModel(home: string, model: Model): string {
  const encoded = encodeModel(model);
  const id = modelId(encoded);
  writeWhole(modelPath(home, id), encoded);
  return id;
}

/** @throws BadInput where it is not there, or damaged */
export function readModel(home: string, id: string): Model {
  const path = modelPath(home, id);
  const encoded = readIfThere(path);
  if (encoded === undefined) throw new BadInput(`model ${id}: expected a file, found nothing at ${path}`);
  if (modelId(encoded) !== id)
    throw new BadInput(`model ${id}: expected a file with that hash, found ${modelId(encoded)}: ${path} is damaged`);
  return decodeModel(`model ${id}`, encoded);
}

export function modelPath(home: string, id: string): string {
  return join(home, 'models', `${id}.json`);
}
