import { CATALOGUE } from '../../../operators/features/catalogue.ts';
import { type FeatureDefinition, GROUPS } from '../../../operators/features/definition.ts';
import { columnName, type FeatureSet } from '../../../operators/features/resolve-feature-set.ts';
import { UNITS } from '../../../operators/features/unit.ts';
import { AVAILABLE_SETS, FEATURE_SETS, setHash } from '../../../pipelines/feature-sets.ts';
import { clockText } from '../clock-text.ts';
import { limitsText, rangeText, usualParameters, warmUpText } from '../feature-text.ts';

/** What docs/features.md says: all of it comes from the definitions. */
export function featuresPage(): string {
  const groups = Object.entries(GROUPS).flatMap(([group, title]) => {
    const features = CATALOGUE.filter((feature) => feature.group === group);
    return features.length === 0 ? [] : [`## ${title}\n`, ...features.map(featureSection)];
  });
  return [HEAD, setsTable(), ...AVAILABLE_SETS.map(setSection), ...groups].join('\n');
}

const HEAD = `# Features

The ${CATALOGUE.length} features that Don can compute. This page is made of their definitions by \`node services/features/page/write-features-page.ts\`; a test compares the two. On the command line: \`don features list\`, \`don features show NAME\`. How to add one of your own: [add-a-feature.md](add-a-feature.md).

- **Warm-up is silence.** A feature says nothing until it has seen what its warm-up names, and starts anew after a gap of what it depends on. Warm-up in time is at most what is said here: intervals are counted from the epoch.
- **Bars** are those of the set's clock, from trades. Only whole ones count: a recording that began in the middle of a minute leaves that minute out. A time without trades has no bar. Bars may also be of trades, volume, value or imbalance, or the venue's candles.
- **Units**: prices and amounts of money in the quote asset, quantities in the base asset. Inside, they are integer ticks and steps.
- **Windows of time** reach up to the instant at which the set is sampled, in event time.
- **Of two instruments**: such a feature is of this one beside another, in the order of both logs; sets of them are derived live for the \`pairs\` of the configuration, and filled by \`don features backfill pair-v1 --other I\`.
- **A value that would not be finite** (a division by nothing) is no value.
- The plots show each feature, by its usual parameters, on one made market of seven hours.

## Sets
`;

function setsTable(): string {
  const rows = AVAILABLE_SETS.map((set) =>
    tableRow([
      `\`${set.id}\``,
      set.sampling === 'quotes' ? 'each change of the book' : `the end of each ${clockText(set.clock)}`,
      FEATURE_SETS.includes(set) ? 'always' : '`don features backfill`',
      `\`${set.table}\``,
      `\`${setHash(set)}\``,
    ]),
  );
  return ['| set | sampled at | derived | table | hash |', '|---|---|---|---|---|', ...rows, ''].join('\n');
}

function setSection(set: FeatureSet): string {
  return `**${set.id}**: ${set.columns.map(({ name }) => `\`${name}\``).join(', ')}.\n`;
}

function featureSection(feature: FeatureDefinition): string {
  const { name, title, formula, source, parameters, outputs, warmUp } = feature;
  const parts = [
    `### ${title} \`${name}\`\n`,
    `${formula}\n`,
    `Warm-up: ${warmUpText(warmUp(usualParameters(feature)))}. Source: ${source}.\n`,
    '| output | unit | range | meaning |',
    '|---|---|---|---|',
    ...Object.entries(outputs).map(([output, { unit, range, says }]) =>
      tableRow([`\`${columnName(feature, name, output)}\``, UNITS[unit].label, rangeText(range), says]),
    ),
    '',
  ];
  if (Object.keys(parameters).length > 0)
    parts.push(
      '| parameter | usually | may be | meaning |',
      '|---|---|---|---|',
      ...Object.entries(parameters).map(([key, parameter]) =>
        tableRow([`\`${key}\``, String(parameter.default), limitsText(parameter), parameter.says]),
      ),
      '',
    );
  return [...parts, `![${title}](images/features/${name}.svg)\n`].join('\n');
}

/** A bar in a cell would end it. */
function tableRow(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}
