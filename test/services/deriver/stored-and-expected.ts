import type { Redis } from 'ioredis';
import * as assert from 'uvu/assert';
import { waitUntilApplied } from '../../../infra/questdb/applied.ts';
import type { Table } from '../../../infra/questdb/tables.ts';
import { createDerivation } from '../../../pipelines/derivation.ts';
import { FEATURE_SETS } from '../../../pipelines/feature-sets.ts';
import { type TableRow, toRow } from '../../../pipelines/rows.ts';
import { toTopic } from '../../../pipelines/topics.ts';
import { storedRows } from '../../../services/deriver/stored-rows.ts';
import { derivedTables } from '../../../services/features/feature-table.ts';
import { featuresKey, LIVE } from '../../../streams/keys.ts';
import { replay } from '../../../streams/replay.ts';

/** What an undisturbed derivation of the log gives. */
export interface Expected {
  /** By table, then by what identifies a row. */
  readonly rows: ReadonlyMap<string, ReadonlyMap<string, TableRow['columns']>>;
  /** `topic json` lines of each entry that has any. */
  readonly topics: ReadonlyMap<string, readonly string[]>;
  readonly refused: readonly string[];
}

const keyOf = ({ dedupKeys }: Table, row: Readonly<Record<string, unknown>>): string =>
  [row['ts'], ...dedupKeys.map((name) => row[name])].join('|');

/** Derives the whole log in one go, in this process. */
export async function expectedOf(redis: Redis, instrument: string, recording: string): Promise<Expected> {
  const rows = new Map(derivedTables(FEATURE_SETS).map(({ name }) => [name, new Map<string, TableRow['columns']>()]));
  const topics = new Map<string, string[]>();
  const refused: string[] = [];
  const derivation = createDerivation({
    onDerived(derived, at, scale) {
      const row = toRow(derived, at, scale);
      const table = derivedTables(FEATURE_SETS).find(({ name }) => name === row?.table);
      if (row !== undefined) rows.get(row.table)!.set(keyOf(table!, row.columns), row.columns);
      topics.set(at.entryId, [...(topics.get(at.entryId) ?? []), toTopic(derived, at, scale).join(' ')]);
    },
    onRefused: (error, { entryId, index }) => refused.push(`${error.message} (event ${entryId}:${index} of the log)`),
  });
  for await (const entries of replay({ redis, instrument, recording }))
    for (const entry of entries) derivation.push(entry);
  if (recording !== LIVE) derivation.end();
  return { rows, topics, refused };
}

/** Compares every stored row of the recording with what is expected, cell by cell. @returns rows by table */
export async function assertStored(
  questdbUrl: string,
  instrument: string,
  recording: string,
  expected: Expected,
): Promise<Readonly<Record<string, number>>> {
  await waitUntilApplied(questdbUrl);
  const counts: Record<string, number> = {};
  for (const table of derivedTables(FEATURE_SETS)) {
    const missing = new Map(expected.rows.get(table.name)!);
    counts[table.name] = missing.size;
    const span = { fromUs: undefined, toUs: undefined };
    for await (const page of storedRows({ url: questdbUrl, table, instrument, recording, ...span }))
      for (const stored of page) {
        const key = keyOf(table, stored);
        const columns = missing.get(key);
        assert.ok(
          columns !== undefined,
          `${table.name}: a row that nothing gives, or twice: ${JSON.stringify(stored)}`,
        );
        missing.delete(key);
        const { symbol, recording: of, ...cells } = stored;
        assert.equal([symbol, of], [instrument, recording]);
        assert.equal(sorted(cells), sorted(columns!), `${table.name} ${key}`);
      }
    assert.is(missing.size, 0, `${table.name}: not stored: ${JSON.stringify([...missing.values()][0])}`);
  }
  return counts;
}

const sorted = (row: Readonly<Record<string, unknown>>): unknown =>
  Object.entries(row).sort(([one], [other]) => (one < other ? -1 : 1));

/** Compares every entry of the derived stream with what is expected, less the bar in progress. @returns its entries */
export async function assertPublished(redis: Redis, instrument: string, { topics }: Expected): Promise<number> {
  const entries = await redis.xrange(featuresKey(instrument), '-', '+');
  const published = new Map<string, string[]>();
  for (const [id, pairs] of entries) {
    assert.not.ok(published.has(id), `${id} twice`);
    assert.equal(pairs.slice(0, 4), ['v', '1', 'recording', LIVE]);
    const lines: string[] = [];
    for (let at = 4; at < pairs.length; at += 2) if (pairs[at] !== 'bar') lines.push(`${pairs[at]} ${pairs[at + 1]}`);
    if (lines.length > 0) published.set(id, lines);
  }
  assert.equal([...published.keys()], [...topics.keys()], 'entries of the derived stream');
  for (const [id, lines] of topics) assert.equal(published.get(id), lines, id);
  return entries.length;
}
