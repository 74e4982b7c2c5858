import { nearestName } from '../../infra/nearest-name.ts';
import type { ParameterDefinition, Parameters } from '../../operators/features/definition.ts';
import type { SearchDimension, SearchPoint } from '../../operators/search/search-space.ts';
import { SEARCHES } from '../../operators/search/searches.ts';
import type { StrategyDefinition } from '../../pipelines/simulation/strategy.ts';
import type { StudySpec } from './study-spec.ts';

/** A part of a study that is not as its strategy has it. */
export interface StudyFault {
  /** `vary/fast/to` */
  readonly field: string;
  readonly expected: string;
  readonly found: string;
}

type Asked = Pick<StudySpec, 'vary' | 'set' | 'search' | 'trials'>;

/** What of the asked ranges and values the strategy does not have, or cannot be; empty: all is well. */
export function studyFaults(definition: StrategyDefinition, asked: Asked): StudyFault[] {
  const { parameters } = definition;
  const faults = [
    ...Object.keys(asked.vary).flatMap((name) => unknownFault('vary', name, parameters)),
    ...Object.keys(asked.set).flatMap((name) => unknownFault('set', name, parameters)),
  ];
  if (Object.keys(asked.vary).length === 0)
    faults.push({ field: 'vary', expected: `ranges of parameters among ${names(parameters)}`, found: 'none' });
  for (const [name, { from, to, step, log }] of Object.entries(asked.vary)) {
    const known = parameters[name];
    if (known === undefined) continue;
    for (const [end, value] of [
      ['from', from],
      ['to', to],
    ] as const)
      faults.push(...valueFault(`vary/${name}/${end}`, known, value));
    if (from > to)
      faults.push({ field: `vary/${name}/to`, expected: `${from} or more, as from is`, found: String(to) });
    if (known.isWhole && step !== undefined && !Number.isSafeInteger(step))
      faults.push({ field: `vary/${name}/step`, expected: 'a whole number', found: String(step) });
    if (log === true && from <= 0)
      faults.push({ field: `vary/${name}/from`, expected: 'above 0 where log is true', found: String(from) });
    if (asked.set[name] !== undefined)
      faults.push({ field: `set/${name}`, expected: 'none, since it is varied', found: String(asked.set[name]) });
  }
  for (const [name, value] of Object.entries(asked.set)) {
    const known = parameters[name];
    if (known !== undefined) faults.push(...valueFault(`set/${name}`, known, value));
  }
  return faults.length > 0 ? faults : searchFault(definition, asked);
}

/** What the search itself refuses, such as a grid of too many points. */
function searchFault(definition: StrategyDefinition, asked: Asked): StudyFault[] {
  const { initialState } = SEARCHES.find(({ name }) => name === asked.search)!;
  try {
    initialState({ space: studySpace(definition, asked.vary), trials: asked.trials, seed: 0 });
    return [];
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const [, expected = error.message, found = ''] = /expected (.*), found (.*)$/.exec(error.message) ?? [];
    return [{ field: 'trials', expected, found }];
  }
}

/** Dimensions in the order of the strategy's parameters, so that the same ranges said otherwise are the same study. */
export function studySpace({ parameters }: StrategyDefinition, vary: StudySpec['vary']): SearchDimension[] {
  return Object.entries(parameters).flatMap(([name, { isWhole }]) => {
    const range = vary[name];
    if (range === undefined) return [];
    const { from: least, to: most, step = isWhole ? 1 : null, log: isLog = false } = range;
    return { name, least, most, step, isLog };
  });
}

/** All parameters of a point: what is not varied is as it was set, or its default. */
export function parametersOf(
  { parameters }: StrategyDefinition,
  set: Parameters,
  space: readonly SearchDimension[],
  point: SearchPoint,
): Parameters {
  const varied = Object.fromEntries(space.map(({ name }, n) => [name, point[n]!]));
  return Object.fromEntries(
    Object.entries(parameters).map(([name, { default: usual }]) => [name, varied[name] ?? set[name] ?? usual]),
  );
}

function unknownFault(field: string, name: string, parameters: StrategyDefinition['parameters']): StudyFault[] {
  if (parameters[name] !== undefined) return [];
  const nearest = nearestName(name, Object.keys(parameters));
  const hint = nearest === undefined ? '' : ` (did you mean ${nearest}?)`;
  return [{ field: `${field}/${name}`, expected: `a parameter among ${names(parameters)}${hint}`, found: name }];
}

function valueFault(field: string, { least, most, isWhole, unit }: ParameterDefinition, value: number): StudyFault[] {
  if (value >= least && value <= most && (!isWhole || Number.isSafeInteger(value))) return [];
  const kind = isWhole ? 'a whole number' : 'a number';
  const expected = `${kind}${unit === '' ? '' : ` of ${unit}`} from ${least} to ${most}`;
  return [{ field, expected, found: String(value) }];
}

function names(parameters: StrategyDefinition['parameters']): string {
  return Object.keys(parameters).join(', ') || '(it has none)';
}
