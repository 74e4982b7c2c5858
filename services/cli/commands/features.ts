import { styleText } from 'node:util';
import { nearestName } from '../../../infra/nearest-name.ts';
import { BadInput } from '../../../infra/setup-error.ts';
import { CATALOGUE, featureNamed } from '../../../operators/features/catalogue.ts';
import { type FeatureDefinition, GROUPS } from '../../../operators/features/definition.ts';
import { columnName } from '../../../operators/features/resolve-feature-set.ts';
import { AVAILABLE_SETS, FEATURE_SETS, setHash } from '../../../pipelines/feature-sets.ts';
import type { CheckReport } from '../../features/custom/check-feature.ts';
import { checkFile } from '../../features/custom/check-file.ts';
import { featureJson, setJson } from '../../features/feature-json.ts';
import {
  limitsText,
  parametersText,
  rangeText,
  unitsText,
  usualParameters,
  warmUpText,
} from '../../features/feature-text.ts';
import { command } from '../command.ts';
import { table } from '../table.ts';

const ACTIONS = ['list', 'show', 'sets', 'check'] as const;
type Action = (typeof ACTIONS)[number];

export default command({
  usage: ['features list [--group G]', 'features show NAME', 'features sets', 'features check FILE…'],
  description:
    'The features that Don can compute, with units, warm-up and sources, and the sets of them that are derived of every recording and stored as features_<set>_v<n>. `check` tries a custom feature on made markets: that it is typed, says finite numbers from its warm-up on, keeps nothing outside its state, and never looks ahead. It exits with 1 where something is found.',
  examples: [
    'don features list --group book',
    'don features show rsi',
    'don features sets --json',
    'don features check features/my-feature.ts',
  ],
  options: {
    group: { type: 'string', value: 'G', help: `only those of a group: ${Object.keys(GROUPS).join(', ')}` },
  },
  async run({ positionals, values, json, print, say }) {
    const [action, ...names] = positionals;
    const checked = checkAction(action);
    if (checked === 'show') {
      if (names.length !== 1)
        throw new BadInput(
          `don features show: expected one NAME, found ${names.length === 0 ? 'none' : names.join(' ')}`,
        );
      const feature = checkFeature(names[0]!);
      print(json ? JSON.stringify(featureJson(feature)) : show(feature));
      return 0;
    }
    if (checked === 'check') {
      if (names.length === 0) throw new BadInput('don features check: expected at least one FILE, found none');
      const reports: CheckReport[] = [];
      for (const file of names) {
        say(`checking ${file}`);
        reports.push(await checkFile(file));
      }
      print(json ? JSON.stringify({ items: reports }) : reports.map(checkText).join('\n\n'));
      return reports.every(({ findings }) => findings.length === 0) ? 0 : 1;
    }
    if (names.length > 0) throw new BadInput(`don features ${checked}: expected flags only, found ${names.join(' ')}`);
    if (checked === 'sets') {
      print(json ? JSON.stringify({ items: AVAILABLE_SETS.map(setJson) }) : sets());
      return 0;
    }
    const listed = CATALOGUE.filter(({ group }) => values.group === undefined || group === checkGroup(values.group));
    print(json ? JSON.stringify({ items: listed.map(featureJson) }) : list(listed));
    return 0;
  },
});

function checkAction(action: string | undefined): Action {
  return choose('don features', action, ACTIONS);
}

function checkGroup(group: string): keyof typeof GROUPS {
  return choose('--group', group, Object.keys(GROUPS) as (keyof typeof GROUPS)[]);
}

function checkFeature(name: string): FeatureDefinition {
  const found = featureNamed(name);
  if (found !== undefined) return found;
  const near = nearestName(
    name,
    CATALOGUE.map((feature) => feature.name),
  );
  const hint = near === undefined ? '' : `; did you mean ${near}?`;
  throw new BadInput(`don features show: expected a name of don features list, found ${name}${hint}`);
}

function choose<Name extends string>(at: string, found: string | undefined, names: readonly Name[]): Name {
  const known = names.find((name) => name === found);
  if (known !== undefined) return known;
  const near = found === undefined ? undefined : nearestName(found, names);
  throw new BadInput(
    `${at}: expected ${names.join(', ')}, found ${found ?? 'nothing'}${near === undefined ? '' : `; did you mean ${near}?`}`,
  );
}

function list(features: readonly FeatureDefinition[]): string {
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

function show(feature: FeatureDefinition): string {
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

function checkText({ file, feature, columns, rows, findings }: CheckReport): string {
  if (findings.length === 0)
    return `${file}: ${feature} is sound (${rows} rows of ${columns.join(', ')} on a made market; no look-ahead).`;
  const lines = findings.map(
    ({ kind, message }) => `  ${styleText('red', kind, { stream: process.stdout })}: ${message}`,
  );
  return [`${file}: ${findings.length} ${findings.length === 1 ? 'finding' : 'findings'}`, ...lines].join('\n');
}

function sets(): string {
  const rows = AVAILABLE_SETS.map((set) => [
    set.id,
    FEATURE_SETS.includes(set) ? 'always' : 'by backfill',
    setHash(set),
    set.sampling === 'quotes'
      ? 'at each change of the book'
      : `at the end of each bar of ${set.clock.intervalMs / 1_000} s`,
    String(set.columns.length),
    set.table,
  ]);
  const columns = AVAILABLE_SETS.map((set) => `${set.id}: ${set.columns.map(({ name }) => name).join(', ')}`);
  return [table(['SET', 'DERIVED', 'HASH', 'SAMPLED', 'COLUMNS', 'TABLE'], rows, ['COLUMNS']), ...columns].join('\n\n');
}
