import type { Projection } from '../../fold.ts';
import {
  defineFeature,
  type FeatureDefinition,
  type FeatureValue,
  type Group,
  type OutputDefinition,
  type ParameterDefinition,
  type Parameters,
  wholeNumber,
} from '../definition.ts';
import type { ClosedBar } from '../feature-input.ts';
import { ofBar, ofClose } from '../of-bar.ts';

interface Described<Name extends string> {
  readonly name: string;
  readonly title: string;
  readonly group: Group;
  readonly parameters: Readonly<Record<Name, ParameterDefinition>>;
  readonly outputs: Readonly<Record<string, OutputDefinition>>;
  /** Bars that it has to see before it speaks. */
  readonly warmUp: (parameters: Parameters<Name>) => number;
  /** What else must have come, in words. */
  readonly also?: string;
  readonly formula: string;
  readonly source: string;
}

/** Declares an indicator of closes. */
export function technicalOfClose<const Name extends string, State>(
  described: Described<Name> & {
    readonly create: (parameters: Parameters<Name>) => Projection<number, State, FeatureValue>;
  },
): FeatureDefinition {
  return { ...define(described, (parameters) => ofClose(described.create(parameters))), isOfSeries: true };
}

/** Declares an indicator of whole bars. */
export function technicalOfBar<const Name extends string, State>(
  described: Described<Name> & {
    readonly create: (parameters: Parameters<Name>) => Projection<ClosedBar, State, FeatureValue>;
  },
): FeatureDefinition {
  return define(described, (parameters) => ofBar(described.create(parameters)));
}

function define<Name extends string>(
  { name, title, group, parameters, outputs, warmUp, also, formula, source }: Described<Name>,
  create: (parameters: Parameters<Name>) => ReturnType<typeof ofBar>,
): FeatureDefinition {
  return defineFeature({
    name,
    version: 1,
    title,
    group,
    inputs: ['bar', 'barBreak'],
    parameters,
    outputs,
    warmUp: (values: Parameters<Name>) => ({
      count: warmUp(values),
      of: 'bars',
      ...(also === undefined ? {} : { also }),
    }),
    formula,
    source,
    create,
  });
}

/** A window in bars. */
export function period(usual: number, says = 'window', least = 1): ParameterDefinition {
  return wholeNumber('bars', { default: usual, says, least });
}
