import { styleText } from 'node:util';
import { type FeatureDefinition, GROUPS } from '../../operators/features/definition.ts';
import { columnName } from '../../operators/features/resolve-feature-set.ts';
import { AVAILABLE_SETS, FEATURE_SETS, setHash } from '../../pipelines/feature-sets.ts';
import type { BackfillReport } from '../features/backfill/backfill.ts';
import { clockText } from '../features/clock-text.ts';
import {
  limitsText,
  parametersText,
  rangeText,
  unitsText,
  usualParameters,
  warmUpText,
} from '../features/feature-text.ts';
import { table } from './table.ts';

// What `don features` prints for people.

export function listText(features: readonly FeatureDefinition[]): string {
  const head = ['FEATURE', 'PARAMETERS', 'UNIT', 'WARM-UP', 'SOURCE'];
  const rows = features.map((feature) => [
    feature.name,
    parametersText(feature) || '–',
    unitsText(feature),
    warmUpText(feature.warmUp(usualParameters(feature))),
    feature.source,
  ]);
  const [first, ...lines] = table(head, rows).split('\n');
  const groups = Map.groupBy(lines.keys(), (n) => features[n]!.group);
  const sections = [...groups].map(([group, members]) =>
    [styleText('bold', GROUPS[group], { stream: process.stdout }), ...[...members].map((n) => lines[n])].join('\n'),
  );
  return [first, ...sections, `${features.length} features. don features show NAME says more of one.`].join('\n\n');
}

export function showText(feature: FeatureDefinition): string {
  const { name, title, version, group, parameters, outputs, warmUp, formula, source } = feature;
  const users = AVAILABLE_SETS.filter((set) => set.features.some(({ definition }) => definition === feature));
  const facts = [
    ['formula', formula],
    ['source', source],
    ['group', GROUPS[group]],
    ['version', String(version)],
    ['warm-up', `${warmUpText(warmUp(usualParameters(feature)))}, with the usual parameters`],
    ['in sets', users.map(({ id }) => id).join(', ') || '–'],
  ];
  const sections = [
    `${title} (${name})`,
    table(
      ['', ''],
      facts.map(([key = '', value = '']) => [`  ${key}`, value]),
    )
      .split('\n')
      .slice(1)
      .join('\n'),
    table(
      ['OUTPUT', 'UNIT', 'RANGE', 'MEANING'],
      Object.entries(outputs).map(([output, { unit, range, says }]) => [
        columnName(feature, name, output),
        unitsText({ ...feature, outputs: { [output]: { unit, range, says } } }),
        rangeText(range),
        says,
      ]),
    ),
  ];
  if (Object.keys(parameters).length > 0)
    sections.push(
      table(
        ['PARAMETER', 'USUALLY', 'MAY BE', 'MEANING'],
        Object.entries(parameters).map(([key, parameter]) => [
          key,
          String(parameter.default),
          limitsText(parameter),
          parameter.says,
        ]),
      ),
    );
  return sections.join('\n\n');
}

export function setsText(): string {
  const rows = AVAILABLE_SETS.map((set) => [
    set.id,
    FEATURE_SETS.includes(set) ? 'always' : 'by backfill',
    setHash(set),
    set.sampling === 'quotes' ? 'at each change of the book' : `at the end of each ${clockText(set.clock)}`,
    String(set.columns.length),
    set.table,
  ]);
  const columns = AVAILABLE_SETS.map((set) => `${set.id}: ${set.columns.map(({ name }) => name).join(', ')}`);
  return [table(['SET', 'DERIVED', 'HASH', 'SAMPLED', 'COLUMNS', 'TABLE'], rows, ['COLUMNS']), ...columns].join('\n\n');
}

export function backfillText(reports: readonly BackfillReport[]): string {
  const rows = reports.map(({ instrument, recording, set, chunks, redone, events, rows: stored }) => [
    instrument,
    recording,
    set,
    events.toLocaleString('en'),
    stored.toLocaleString('en'),
    String(chunks),
    String(redone),
  ]);
  return table(['INSTRUMENT', 'RECORDING', 'SET', 'EVENTS', 'ROWS', 'CHUNKS', 'REDONE'], rows, [
    'EVENTS',
    'ROWS',
    'CHUNKS',
    'REDONE',
  ]);
}
