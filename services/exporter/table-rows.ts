import { questdbQuery, sqlText } from '../../infra/questdb.ts';
import { compareEntryIds, type EntryId, parseEntryId, parseEventId } from '../../streams/id.ts';
import type { Value } from './columns.ts';
import type { Dataset } from './datasets.ts';
import { type Extent, ID_LAG_MS_MAX, ID_LEAD_MS_MAX, type Span } from './span.ts';

/** Rows a query, about. */
const ROWS_A_PAGE = 20_000;

/**
 * The rows of a dataset in order of event time, page by page, each in the order of the dataset's columns.
 *
 * @param url QuestDB over HTTP
 * @param extent its times are event times here; entries are those that the rows came of
 * @param spans which recording counts when, by receive time
 */
export async function* tableRows(
  url: string,
  dataset: Dataset,
  { instrument, from, to }: Extent,
  spans: readonly Span[],
): AsyncGenerator<readonly (readonly Value[])[]> {
  const columns = dataset.columns.map(({ name, kind }) =>
    kind === 'time' ? `cast(${name} as long) ${name}` : `"${name}"`,
  );
  const isInExtent = entryFilter(dataset, from?.entryId, to?.entryId);
  for (const span of spans) {
    const conditions = [
      `symbol = ${sqlText(instrument)}`,
      `recording = ${sqlText(span.recording)}`,
      ...Object.entries(dataset.equal).map(([name, value]) => `"${name}" = ${sqlText(value)}`),
      ...timeBounds(from, to),
      // Only one recording counts at a time; where there is but one, its receive times bound nothing.
      ...(spans.length > 1 ? [`receive_time >= ${span.fromUs}`, `receive_time <= ${span.toUs}`] : []),
    ].join(' AND ');
    for await (const rows of pages(url, dataset.table, columns.join(', '), conditions)) yield rows.filter(isInExtent);
  }
}

function timeBounds(from: Extent['from'], to: Extent['to']): string[] {
  const entryUs = (id: EntryId): number => parseEntryId(id).ms * 1000;
  const bounds: string[] = [];
  if (from?.entryId !== undefined) bounds.push(`receive_time >= ${entryUs(from.entryId) - ID_LAG_MS_MAX * 1000}`);
  else if (from !== undefined) bounds.push(`ts >= ${from.timeUs}`);
  if (to?.entryId !== undefined) bounds.push(`receive_time <= ${entryUs(to.entryId) + ID_LEAD_MS_MAX * 1000}`);
  else if (to !== undefined) bounds.push(`ts < ${to.timeUs}`);
  return bounds;
}

/** Ids do not sort as text, so QuestDB cannot compare them. */
function entryFilter(
  { columns }: Dataset,
  from: EntryId | undefined,
  to: EntryId | undefined,
): (row: readonly Value[]) => boolean {
  const at = columns.findIndex(({ name }) => name === 'entry_id');
  return (row) => {
    if (from === undefined && to === undefined) return true;
    const { entryId } = parseEventId(String(row[at]));
    const isAfter = from === undefined || compareEntryIds(entryId, from) >= 0;
    return isAfter && (to === undefined || compareEntryIds(entryId, to) <= 0);
  };
}

async function* pages(
  url: string,
  table: string,
  columns: string,
  conditions: string,
): AsyncGenerator<readonly (readonly Value[])[]> {
  const range = await questdbQuery(
    url,
    `SELECT cast(min(ts) as long), cast(max(ts) as long), count() FROM ${table} WHERE ${conditions}`,
  );
  const [first, last, count] = (range.rows[0] ?? []) as readonly (number | null)[];
  if (first == null || last == null || count == null || count === 0) return;
  const stepUs = Math.ceil((last - first + 1) / Math.ceil(count / ROWS_A_PAGE));
  for (let start = first; start <= last; start += stepUs) {
    const { rows } = await questdbQuery(
      url,
      `SELECT ${columns} FROM ${table} WHERE ts >= ${start} AND ts < ${start + stepUs} AND ${conditions} ORDER BY ts, entry_id`,
    );
    if (rows.length > 0) yield rows as readonly (readonly Value[])[];
  }
}
