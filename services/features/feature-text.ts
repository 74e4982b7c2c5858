import type {
  FeatureDefinition,
  OutputDefinition,
  ParameterDefinition,
  WarmUp,
} from '../../operators/features/definition.ts';
import { UNITS } from '../../operators/features/unit.ts';

// How the catalogue is written for people: the same words on the command line and in docs/features.md.

/** The parameters as they are where none is said. */
export function usualParameters({ parameters }: FeatureDefinition): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(parameters).map(([name, { default: usual }]) => [name, usual]));
}

/** `period 14 bars, deviations 2`; nothing where there are none. */
export function parametersText({ parameters }: FeatureDefinition): string {
  return Object.entries(parameters)
    .map(([name, { default: usual, unit }]) => `${name} ${usual}${unit === '' ? '' : ` ${unit}`}`)
    .join(', ');
}

/** `15 bars`, `60 s and a valid book`. */
export function warmUpText({ count, of, also }: WarmUp): string {
  const span =
    of === 'ms' ? durationText(count) : `${count.toLocaleString('en')} ${count === 1 ? of.slice(0, -1) : of}`;
  return also === undefined ? span : `${span} and ${also}`;
}

function durationText(ms: number): string {
  return ms % 1_000 === 0 ? `${(ms / 1_000).toLocaleString('en')} s` : `${ms.toLocaleString('en')} ms`;
}

export function rangeText([least, greatest]: OutputDefinition['range']): string {
  if (least === null && greatest === null) return 'any';
  if (greatest === null) return `from ${signed(least!)}`;
  return least === null ? `to ${signed(greatest)}` : `${signed(least)} to ${signed(greatest)}`;
}

function signed(value: number): string {
  return value < 0 ? `−${-value}` : String(value);
}

/** Units of the outputs, each once. */
export function unitsText({ outputs }: FeatureDefinition): string {
  return [...new Set(Object.values(outputs).map(({ unit }) => UNITS[unit].label))].join(', ');
}

/** What a parameter may be. */
export function limitsText({ least, most, isWhole, unit }: ParameterDefinition): string {
  return `${isWhole ? 'whole number' : 'number'}${unit === '' ? '' : ` of ${unit}`} from ${least} to ${most.toLocaleString('en')}`;
}
