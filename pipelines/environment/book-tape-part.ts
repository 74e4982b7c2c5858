import { OTHER, type Tape } from '../../streams/tape/tape.ts';

/** Events from one number up to another, which is not included, as a tape of their own; the long columns are shared. */
export function tapeBetween(tape: Tape, from: number, to: number): Tape {
  if (from === 0 && to === tape.events) return tape;
  const rowAt = (n: number): number => (n < tape.events ? tape.rowStarts[n]! : tape.rows);
  const [firstRow, lastRow] = [rowAt(from), rowAt(to)];
  const kinds = tape.kinds.subarray(from, to);
  const firstIds = tape.firstIds.slice(from, to);
  const others: Tape['others'][number][] = [];
  for (let n = 0; n < kinds.length; n++)
    if (kinds[n] === OTHER) firstIds[n] = others.push(tape.others[firstIds[n]!]!) - 1;
  return {
    events: to - from,
    rows: lastRow - firstRow,
    kinds,
    flags: tape.flags.subarray(from, to),
    entryMs: tape.entryMs.subarray(from, to),
    entryN: tape.entryN.subarray(from, to),
    indexes: tape.indexes.subarray(from, to),
    receiveTimesUs: tape.receiveTimesUs.subarray(from, to),
    transactionTimesMs: tape.transactionTimesMs.subarray(from, to),
    eventDelaysMs: tape.eventDelaysMs.subarray(from, to),
    firstIds,
    lastIds: tape.lastIds.subarray(from, to),
    previousIds: tape.previousIds.subarray(from, to),
    rowStarts: tape.rowStarts.slice(from, to).map((row) => row - firstRow),
    bidCounts: tape.bidCounts.subarray(from, to),
    ticks: tape.ticks.subarray(firstRow, lastRow),
    steps: tape.steps.subarray(firstRow, lastRow),
    others,
  };
}
