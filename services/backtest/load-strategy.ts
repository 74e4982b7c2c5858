import { join } from 'node:path';
import { donHome, REPOSITORY } from '../../infra/home.ts';
import { nearestName } from '../../infra/nearest-name.ts';
import { BadInput } from '../../infra/setup-error.ts';
import { fileHash, loadUserModule, serveModule } from '../../infra/user-module.ts';
import { CATALOGUE } from '../../operators/features/catalogue.ts';
import type { Parameters } from '../../operators/features/definition.ts';
import type { StrategyDefinition } from '../../pipelines/simulation/strategy.ts';
import { strategyFeatureSet } from '../../pipelines/simulation/strategy-features.ts';
import { STRATEGIES } from '../../pipelines/strategies/strategies.ts';
import { readModel } from '../trainer/model/model-folder.ts';
import { MODEL_PREFIX, modelStrategy } from '../trainer/model/model-strategy.ts';

/** What a file imports what it needs from, wherever it lies. */
const MODULE = 'don/strategy';
serveModule(MODULE, 'pipelines', 'simulation', 'strategy.ts');

/** A strategy and the hash of its file. */
export interface LoadedStrategy {
  readonly definition: StrategyDefinition;
  /** SHA-256 of the file, first 16 hex digits. */
  readonly hash: string;
}

/**
 * One that Don comes with, or that of a file.
 * @param name of the strategy, path of a file that exports one by default, or `model:` and the id of a trained model
 * @throws BadInput that names the nearest one, or what the file lacks
 */
export async function loadStrategy(name: string): Promise<LoadedStrategy> {
  const known = STRATEGIES.find((strategy) => strategy.name === name);
  if (known !== undefined)
    return { definition: known, hash: fileHash(join(REPOSITORY, 'pipelines', 'strategies', `${name}.ts`)) };
  if (isStrategyFile(name)) return loadFile(name);
  if (name.startsWith(MODEL_PREFIX)) return loadModel(name.slice(MODEL_PREFIX.length));
  const names = STRATEGIES.map((strategy) => strategy.name);
  const near = nearestName(name, names);
  const hint = near === undefined ? '' : `; did you mean ${near}?`;
  throw new BadInput(
    `strategy: expected one of ${names.join(', ')}, or a file such as my-strategy.ts, found ${name}${hint}`,
  );
}

/** Whether a name is the path of a user's file. */
export function isStrategyFile(name: string): boolean {
  return /\.[cm]?[jt]s$/.test(name);
}

async function loadModel(id: string): Promise<LoadedStrategy> {
  return { definition: modelStrategy(id, readModel(donHome(), id)), hash: id };
}

async function loadFile(file: string): Promise<LoadedStrategy> {
  const { found, hash } = await loadUserModule(file, {
    what: 'strategy',
    expected: `export default defineStrategy({…}) of '${MODULE}'`,
    fields: { name: 'string', parameters: 'object', events: 'object', create: 'function' },
  });
  const definition = found as StrategyDefinition;
  checkFeatures(file, definition);
  return { definition, hash };
}

/** @throws BadInput that names the nearest feature */
function checkFeatures(file: string, definition: StrategyDefinition): void {
  const usual = Object.entries(definition.parameters).map(([name, parameter]) => [name, parameter.default]);
  const parameters: Parameters = Object.fromEntries(usual);
  const { features = [] } = definition;
  const names = CATALOGUE.map(({ name }) => name);
  for (const wanted of typeof features === 'function' ? features(parameters) : features) {
    const name = typeof wanted === 'string' ? wanted : wanted.feature;
    if (names.includes(name)) continue;
    const near = nearestName(name, names);
    const hint = near === undefined ? '; don features list tells them' : `; did you mean ${near}?`;
    throw new BadInput(`${file}, features: expected names of features, found ${name}${hint}`);
  }
  try {
    strategyFeatureSet(definition, parameters);
  } catch (error) {
    throw error instanceof RangeError ? new BadInput(`${file}: ${error.message}`) : error;
  }
}
