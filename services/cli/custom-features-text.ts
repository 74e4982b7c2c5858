import { styleText } from 'node:util';
import type { CheckReport } from '../features/custom/check-feature.ts';
import type { CustomFeatureStatus } from '../features/custom/feature-supervisor.ts';
import type { FillReport } from '../features/custom/fill-recording.ts';
import type { CoveredSpan } from '../features/custom/recorded-market.ts';
import { table } from './table.ts';

// What `don features` prints of custom features for people.

export function checkText({ file, feature, columns, rows, recorded, findings }: CheckReport): string {
  const covered = recorded === null ? [] : [`  ${coveredText(recorded)}`];
  if (findings.length === 0) {
    const sound = `${file}: ${feature} is sound (${rows} rows of ${columns.join(', ')} on a made market; no look-ahead).`;
    return [sound, ...covered].join('\n');
  }
  const lines = findings.map(
    ({ kind, message }) => `  ${styleText('red', kind, { stream: process.stdout })}: ${message}`,
  );
  const count = `${findings.length} ${findings.length === 1 ? 'finding' : 'findings'}`;
  return [`${file}: ${count}`, ...lines, ...covered].join('\n');
}

function coveredText({ instrument, recording, fromUs, toUs, events, rows, isCut }: CoveredSpan): string {
  const of = `${recording} of ${instrument}`;
  if (fromUs === null || toUs === null) return `${of} holds nothing of that span.`;
  const time = (us: number): string => new Date(us / 1_000).toISOString();
  const more = isCut ? '; the span holds more, name a later --from for that' : '';
  return `Tried on ${of} from ${time(fromUs)} to ${time(toUs)} too: ${events.toLocaleString('en')} events, ${rows.toLocaleString('en')} rows${more}.`;
}

export function customListText(features: readonly CustomFeatureStatus[]): string {
  const rows = features.map(({ file, state, reason, feature, set, rows: stored }) => [
    feature?.name ?? '–',
    file,
    state,
    set?.id ?? '–',
    stored.toLocaleString('en'),
    reason ?? '',
  ]);
  return table(['CUSTOM', 'FILE', 'STATE', 'SET', 'ROWS', 'REASON'], rows, ['ROWS']);
}

export function customShowText({ file, state, reason, feature, set, rows }: CustomFeatureStatus): string {
  const { title, name, version, outputs, parameters, warmUp, formula, source } = feature!;
  const facts = [
    ['file', file],
    ['state', reason === null ? state : `${state}: ${reason}`],
    ['set', set === null ? '–' : `${set.id}, ${rows.toLocaleString('en')} rows in ${set.table} since it started`],
    ['formula', formula],
    ['source', source],
    ['version', String(version)],
    ['warm-up', `${warmUp.count.toLocaleString('en')} ${warmUp.of}`],
  ];
  const sections = [
    `${title} (${name})`,
    facts.map(([key = '', value]) => `  ${key.padEnd(8)}${value}`).join('\n'),
    table(
      ['OUTPUT', 'UNIT', 'MEANING'],
      outputs.map((output) => [output.name || name, output.unit, output.meaning]),
    ),
  ];
  if (parameters.length > 0)
    sections.push(
      table(
        ['PARAMETER', 'IS', 'MEANING'],
        parameters.map((parameter) => [parameter.name, String(parameter.default), parameter.meaning]),
      ),
    );
  return sections.join('\n\n');
}

export function fillText(reports: readonly FillReport[]): string {
  const rows = reports.map(({ instrument, recording, set, events, rows: stored }) => [
    instrument,
    recording,
    set,
    events.toLocaleString('en'),
    stored.toLocaleString('en'),
  ]);
  return table(['INSTRUMENT', 'RECORDING', 'SET', 'EVENTS', 'ROWS'], rows, ['EVENTS', 'ROWS']);
}
