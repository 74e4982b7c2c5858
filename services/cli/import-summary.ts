import { basename } from 'node:path';
import type { ImportReport } from '../importer/import-report.ts';
import { formatTime } from './time.ts';

const SHOWN_REFUSALS_MAX = 20;
const SHOWN_OTHERS_MAX = 8;

/** What became of a file, in words. */
export function importSummary(report: ImportReport): string {
  const { file, recording, instrument, format, lines, fromUs, toUs, tickSize, stepSize } = report;
  const title = report.alreadyImported
    ? `${basename(file)} is in the log already: recording ${recording} of ${instrument}; nothing was added`
    : `${basename(file)} → recording ${recording} of ${instrument}`;
  const rows: readonly (readonly [label: string, text: string])[] = [
    ['form', `${format}, ${plural(lines, 'line')}`],
    ['received', `${formatTime(fromUs)} – ${formatTime(toUs)}`],
    ['events', counts(report.events)],
    ['sizes', `tick ${tickSize}, step ${stepSize}`],
    ['gaps', counts(report.gaps)],
    ['duplicates', counts(report.duplicates)],
    ['late', counts(report.late)],
    ['unsupported', counts(report.unsupported)],
    ['others', others(report.otherInstrument)],
    ['refused', report.refusedTotal === 0 ? '' : `${plural(report.refusedTotal, 'line')}, kept as dead letters`],
    ['cut short', report.cutShort === null ? '' : `${report.cutShort}: only what lies before is imported`],
  ];
  const shown = rows
    .filter(([label, text]) => text !== '' || label === 'gaps')
    .map(([label, text]) => `  ${label.padEnd(11)} ${text === '' ? 'none' : text}`);
  return [title, ...shown, ...refusals(report)].join('\n');
}

function counts(byName: Readonly<Record<string, number>>): string {
  return Object.entries(byName)
    .map(([name, count]) => `${name} ${count.toLocaleString('en')}`)
    .join(' · ');
}

function others(byInstrument: Readonly<Record<string, number>>): string {
  const entries = Object.entries(byInstrument);
  const first = counts(Object.fromEntries(entries.slice(0, SHOWN_OTHERS_MAX)));
  return entries.length > SHOWN_OTHERS_MAX ? `${first} and ${entries.length - SHOWN_OTHERS_MAX} more` : first;
}

function refusals({ refused, refusedTotal }: ImportReport): string[] {
  const shown = refused.slice(0, SHOWN_REFUSALS_MAX).map(({ line, channel, field, expected, found }) => {
    const name = channel === null ? field : `${channel}/${field}`;
    return `    line ${line}: ${name}: expected ${expected}, found ${found}`;
  });
  const left = refusedTotal - shown.length;
  return left > 0 ? [...shown, `    … and ${left.toLocaleString('en')} more (--json tells more)`] : shown;
}

function plural(count: number, noun: string): string {
  return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;
}
