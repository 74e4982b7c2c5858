import type { Redis } from 'ioredis';
import { listRecordings } from '../../streams/recordings.ts';
import type { Value } from './columns.ts';
import { datasetNamed } from './datasets.ts';
import type { Extent } from './span.ts';
import { tableRows } from './table-rows.ts';

/** A row of the table `gaps`. */
export type GapRow = Readonly<Record<string, Value>>;

/** Every gap of the instrument's recordings, by when it began. Unlike rows of the market, those of all recordings count. */
export async function gapRows(redis: Redis, questdbUrl: string, extent: Extent): Promise<GapRow[]> {
  const { instrument, recording } = extent;
  const recordings = recording === undefined ? await listRecordings(redis, instrument) : [{ recording }];
  const dataset = datasetNamed('gaps')!;
  const rows: GapRow[] = [];
  for (const { recording: name } of recordings) {
    const whole = { recording: name, fromUs: 0, toUs: 0, fromEntry: undefined, toEntry: undefined };
    for await (const page of tableRows(questdbUrl, dataset, extent, [whole]))
      for (const cells of page)
        rows.push(Object.fromEntries(dataset.columns.map((column, n) => [column.name, cells[n] ?? null])));
  }
  return rows.sort((one, other) => Number(one['from_time'] ?? one['ts']) - Number(other['from_time'] ?? other['ts']));
}
