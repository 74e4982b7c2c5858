import type { FeatureDefinition, OutputDefinition } from '../../operators/features/definition.ts';
import { columnPart, type FeatureSet, needsOther } from '../../operators/features/resolve-feature-set.ts';
import { UNITS } from '../../operators/features/unit.ts';
import { setHash } from '../../pipelines/feature-sets.ts';
import { usualParameters } from './feature-text.ts';

/** A feature of the catalogue as programs read it. */
export function featureJson(feature: FeatureDefinition) {
  const { name, version, title, group, inputs, formula, source } = feature;
  return {
    name,
    version,
    title,
    group,
    inputs,
    needsOther: needsOther(feature),
    parameters: Object.entries(feature.parameters).map(
      ([parameter, { default: usual, least, most, isWhole, unit, says }]) => ({
        name: parameter,
        default: usual,
        least,
        most,
        whole: isWhole,
        unit,
        meaning: says,
      }),
    ),
    outputs: Object.entries(feature.outputs).map(([output, definition]) => ({
      name: columnPart(output),
      unit: UNITS[definition.unit].label,
      range: definition.range,
      meaning: definition.says,
      ...drawingJson(definition),
    })),
    warmUp: feature.warmUp(usualParameters(feature)),
    formula,
    source,
  };
}

/** How charts draw an output, as far as its definition says. */
function drawingJson({ drawn = 'line', guides = [], filledTo, drawnLaterBy }: OutputDefinition) {
  return {
    drawn,
    ...(guides.length === 0 ? {} : { guides }),
    ...(filledTo === undefined ? {} : { filledTo: columnPart(filledTo) }),
    ...(drawnLaterBy === undefined ? {} : { drawnLaterBy }),
  };
}

/** A feature set as programs read it. */
export function setJson(set: FeatureSet) {
  const { id, table, sampling, clock, columns } = set;
  return {
    set: id,
    hash: setHash(set),
    table,
    sampling,
    clock,
    columns: columns.map(({ name, feature, output, unit }) => ({
      name,
      feature,
      output: columnPart(output),
      unit: UNITS[unit].label,
    })),
  };
}
