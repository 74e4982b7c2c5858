import { deserialize, serialize } from 'node:v8';
import type { FeatureDefinition, FeatureValue, Parameters } from '../../../operators/features/definition.ts';
import type { FeatureInput } from '../../../operators/features/feature-input.ts';
import { featureSet } from '../../../operators/features/feature-set.ts';
import { customSet } from './load-custom-feature.ts';

/** What a feature said whenever its set was sampled. */
export interface FeatureRun {
  /** ms since the epoch. */
  readonly times: readonly number[];
  /** By row, then by column; null: nothing. */
  readonly values: readonly (readonly (number | null)[])[];
  /** Whatever it said that is not a finite number, as text. */
  readonly refused: readonly string[];
}

export interface RunOptions {
  /** Rows after which the state is saved and taken up by another instance. */
  readonly saveEvery?: number;
  /** Whether inputs are frozen before they are handed out, so that a change of one is an error. */
  readonly isFrozen?: boolean;
}

/** Runs a feature over inputs, as the deriver would. */
export function runFeature(
  definition: FeatureDefinition,
  inputs: Iterable<FeatureInput>,
  { saveEvery, isFrozen = false }: RunOptions = {},
): FeatureRun {
  const refused: string[] = [];
  const create = () => featureSet(customSet(watched(definition, refused, isFrozen)));
  let { initialState, evolve, project } = create();
  let state = initialState();
  const times: number[] = [];
  const values: (readonly (number | null)[])[] = [];
  for (const input of inputs) {
    state = evolve(state, input);
    const vector = project(state, input);
    if (vector === undefined) continue;
    times.push(vector.timeMs);
    values.push(vector.values);
    if (saveEvery === undefined || values.length % saveEvery !== 0) continue;
    ({ initialState, evolve, project } = create());
    state = deserialize(serialize(state));
  }
  return { times, values, refused };
}

/** The feature, with note taken of what it says that is no number: a set would pass it over. */
export function watched(definition: FeatureDefinition, refused: string[], isFrozen: boolean): FeatureDefinition {
  const create = (parameters: Parameters) => {
    const fold = definition.create(parameters);
    const project = (state: unknown): FeatureValue | undefined => {
      const said = fold.project(state);
      if (said === undefined) return undefined;
      for (const [output, value] of typeof said === 'object' ? Object.entries(said) : [['', said]])
        if (value !== undefined && value !== null && !Number.isFinite(value))
          refused.push(`${output === '' ? definition.name : output}: ${String(value)}`);
      return said;
    };
    const evolve = (state: unknown, input: never): unknown => {
      if (isFrozen) freeze(input);
      return fold.evolve(state, input);
    };
    return { ...fold, evolve, project };
  };
  return { ...definition, create };
}

function freeze(value: unknown): void {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return;
  // A lent book changes from one event to the next; it is the feature that must leave it alone.
  if ('window' in value) return;
  Object.freeze(value);
  for (const part of Object.values(value)) freeze(part);
}
