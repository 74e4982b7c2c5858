import { LIVE } from '../../streams/keys.ts';
import type { OutdatedSet } from '../deriver/verify-backfilled.ts';
import type { Difference, VerifyReport } from '../deriver/verify-recording.ts';
import { table } from './table.ts';

/** How recordings compare with what is stored, for people: a line each, and what is wrong. */
export function verifyText(reports: readonly VerifyReport[]): string {
  if (reports.length === 0) return 'Nothing is recorded yet.';
  const lines = reports.map((report) => {
    const rows = Object.values(report.rows).reduce((sum, count) => sum + count, 0);
    return [report.instrument, report.recording, rows.toLocaleString('en'), report.upTo ?? '–', resultOf(report)];
  });
  const outdated = reports.flatMap((report) => [
    ...(report.outdated === null ? [] : [explainOutdated(report)]),
    ...report.outdatedSets.map((set) => explainOutdatedSet(report, set)),
  ]);
  const differences = reports.flatMap((report) =>
    report.differences.map((difference) => explainDifference(report, difference)),
  );
  return [
    table(['INSTRUMENT', 'RECORDING', 'ROWS', 'UP TO', 'RESULT'], lines, ['ROWS']),
    ...outdated,
    ...differences,
  ].join('\n');
}

/** Whether everything that was compared is as the log gives it, and could be compared. */
export function isEqual({ differenceCount, outdated, outdatedSets }: VerifyReport): boolean {
  return differenceCount === 0 && outdated === null && outdatedSets.length === 0;
}

/** `simulated:BTCUSDT live, trades, event 1723161255088-0:3, price: stored 1, recomputed 2` */
export function explainDifference(
  { instrument, recording }: Pick<VerifyReport, 'instrument' | 'recording'>,
  { table: name, entryId, kind, column, stored, recomputed }: Difference,
): string {
  const where = `${instrument} ${recording}, ${name}, event ${entryId}`;
  if (kind === 'missing') return `${where}: the row is missing; recomputed it is ${JSON.stringify(recomputed)}`;
  if (kind === 'unexpected') return `${where}: the log does not give this row: ${JSON.stringify(stored)}`;
  return `${where}, ${column}: stored ${JSON.stringify(stored)}, recomputed ${JSON.stringify(recomputed)}`;
}

function resultOf({ differenceCount, outdated, outdatedSets }: VerifyReport): string {
  if (differenceCount > 0) return `${differenceCount} DIFFERENCES`;
  if (outdated !== null) return 'OUTDATED';
  return outdatedSets.length === 0 ? 'equal' : `equal; OUTDATED ${outdatedSets.map(({ set }) => set).join(', ')}`;
}

function explainOutdated({ instrument, recording, outdated }: VerifyReport): string {
  const mend = recording === LIVE ? 'a running deriver derives it anew' : 'import its file again';
  return `${instrument} ${recording}: its rows were derived by another version (${outdated}): ${mend}`;
}

function explainOutdatedSet({ instrument, recording }: VerifyReport, { set, storedHash, hash }: OutdatedSet): string {
  const where = `${instrument} ${recording}, ${set}`;
  if (hash === null) return `${where}: its rows were filled, and there is no such set any more`;
  const mend = `don features backfill ${set} --instrument ${instrument} --recording ${recording}`;
  return `${where}: its rows were filled by another definition (${storedHash}, now ${hash}): ${mend}`;
}
