import { registerHooks } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { REPOSITORY } from '../../../infra/home.ts';
import { BadInput } from '../../../infra/setup-error.ts';
import type { TimeClock } from '../../../operators/bar-clock.ts';
import { featureNamed } from '../../../operators/features/catalogue.ts';
import type { FeatureDefinition } from '../../../operators/features/definition.ts';
import { type FeatureSet, resolveFeatureSet } from '../../../operators/features/resolve-feature-set.ts';

/** What a file imports what it needs from, wherever it lies. */
const MODULE = 'don/features';
const TARGET = pathToFileURL(join(REPOSITORY, 'operators', 'features', 'custom-feature.ts')).href;

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === MODULE ? { url: TARGET, shortCircuit: true } : next(specifier, context),
});

/** What the names of the sets of custom features begin with. */
export const CUSTOM_PREFIX = 'custom_';

let loads = 0;

/**
 * Loads the custom feature of a file, each time anew: nothing that the file keeps outlives the load.
 * @throws BadInput that names the file, what was expected and what was found
 */
export async function loadCustomFeature(file: string): Promise<FeatureDefinition> {
  const url = pathToFileURL(resolve(file));
  // Another name, another module: a file that is loaded again is read again.
  url.searchParams.set('load', String(++loads));
  let module: Readonly<Record<string, unknown>>;
  try {
    module = await import(url.href);
  } catch (error) {
    throw new BadInput(`${file}: expected a module that can be loaded, found ${messageOf(error)}`);
  }
  return checkDefinition(file, module['default']);
}

function checkDefinition(file: string, found: unknown): FeatureDefinition {
  const expected = `export default foldFeature({…}) or barsFeature({…}) of '${MODULE}'`;
  if (typeof found !== 'object' || found === null)
    throw new BadInput(`${file}: expected ${expected}, found ${kindOf(found)}`);
  const definition = found as FeatureDefinition;
  for (const [field, type] of [
    ['name', 'string'],
    ['version', 'number'],
    ['create', 'function'],
    ['warmUp', 'function'],
    ['outputs', 'object'],
    ['parameters', 'object'],
    ['inputs', 'object'],
  ] as const)
    if (typeof definition[field] !== type)
      throw new BadInput(`${file}, ${field}: expected a ${type}, by ${expected}, found ${kindOf(definition[field])}`);
  if (featureNamed(definition.name) !== undefined)
    throw new BadInput(`${file}, name: expected one that the catalogue does not have, found ${definition.name}`);
  if (definition.inputs.includes('otherQuote'))
    throw new BadInput(`${file}, inputs: expected those of one instrument, found otherQuote`);
  try {
    customSet(definition);
  } catch (error) {
    throw new BadInput(`${file}: ${messageOf(error)}`);
  }
  return definition;
}

/**
 * The feature as a set of its own, sampled at bars of a minute where it is one of bars, else at quotes.
 * @param code what else decides on its values: the text of its file
 */
export function customSet(definition: FeatureDefinition, code = ''): FeatureSet<TimeClock> {
  const isOfBars = definition.inputs.includes('bar');
  const set = resolveFeatureSet({
    name: `${CUSTOM_PREFIX}${definition.name}`,
    version: definition.version,
    says: definition.title,
    clock: { kind: 'time', intervalMs: 60_000 },
    sampling: isOfBars ? 'bars' : 'quotes',
    features: [{ feature: definition }],
  });
  return { ...set, definition: set.definition + code };
}

function kindOf(value: unknown): string {
  return value === null ? 'null' : value === undefined ? 'nothing' : typeof value;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
