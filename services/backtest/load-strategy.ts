import { hash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { donHome, REPOSITORY } from '../../infra/home.ts';
import { nearestName } from '../../infra/nearest-name.ts';
import { BadInput } from '../../infra/setup-error.ts';
import { CATALOGUE } from '../../operators/features/catalogue.ts';
import type { Parameters } from '../../operators/features/definition.ts';
import type { StrategyDefinition } from '../../pipelines/simulation/strategy.ts';
import { strategyFeatureSet } from '../../pipelines/simulation/strategy-features.ts';
import { STRATEGIES } from '../../pipelines/strategies/strategies.ts';
import { readModel } from '../trainer/model/model-folder.ts';
import { MODEL_PREFIX, modelStrategy } from '../trainer/model/model-strategy.ts';

/** What a file imports what it needs from, wherever it lies. */
const MODULE = 'don/strategy';
const TARGET = pathToFileURL(join(REPOSITORY, 'pipelines', 'simulation', 'strategy.ts')).href;

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === MODULE ? { url: TARGET, shortCircuit: true } : next(specifier, context),
});

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
    return { definition: known, hash: hashOf(join(REPOSITORY, 'pipelines', 'strategies', `${name}.ts`)) };
  if (/\.[cm]?[jt]s$/.test(name)) return loadFile(name);
  if (name.startsWith(MODEL_PREFIX)) return loadModel(name.slice(MODEL_PREFIX.length));
  const names = STRATEGIES.map((strategy) => strategy.name);
  const near = nearestName(name, names);
  const hint = near === undefined ? '' : `; did you mean ${near}?`;
  throw new BadInput(
    `strategy: expected one of ${names.join(', ')}, or a file such as my-strategy.ts, found ${name}${hint}`,
  );
}

async function loadModel(id: string): Promise<LoadedStrategy> {
  return { definition: modelStrategy(id, readModel(donHome(), id)), hash: id };
}

async function loadFile(file: string): Promise<LoadedStrategy> {
  const path = resolve(file);
  if (!existsSync(path)) throw new BadInput(`strategy: expected a file, found nothing at ${file}`);
  const hash = hashOf(path);
  let found: unknown;
  try {
    // By its content: what was loaded before the file changed is another module.
    found = (await import(`${pathToFileURL(path).href}?${hash}`)).default;
  } catch (error) {
    throw new BadInput(
      `${file}: expected a module that can be loaded, found ${error instanceof Error ? error.message : error}`,
    );
  }
  return { definition: checkDefinition(file, found), hash };
}

function checkDefinition(file: string, found: unknown): StrategyDefinition {
  const expected = `export default defineStrategy({…}) of '${MODULE}'`;
  if (typeof found !== 'object' || found === null)
    throw new BadInput(`${file}: expected ${expected}, found ${found === undefined ? 'nothing' : typeof found}`);
  for (const [field, type] of [
    ['name', 'string'],
    ['parameters', 'object'],
    ['events', 'object'],
    ['create', 'function'],
  ] as const) {
    const value: unknown = Reflect.get(found, field);
    if (typeof value !== type)
      throw new BadInput(
        `${file}, ${field}: expected a ${type}, by ${expected}, found ${value === undefined ? 'nothing' : typeof value}`,
      );
  }
  checkFeatures(file, found as StrategyDefinition);
  return found as StrategyDefinition;
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

function hashOf(path: string): string {
  return hash('sha256', readFileSync(path)).slice(0, 16);
}
