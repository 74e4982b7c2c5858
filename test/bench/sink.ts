import { setTimeout as sleep } from 'node:timers/promises';
import { Sender } from '@questdb/nodejs-client';
import { COMMON_COLUMNS } from '../../infra/questdb/tables.ts';
import { questdbQuery } from '../../infra/questdb.ts';
import { ensureServers, stopServers } from '../../infra/servers/servers.ts';
import { createDerivation } from '../../pipelines/derivation.ts';
import { FEATURE_SETS } from '../../pipelines/feature-sets.ts';
import { type TableRow, toRow } from '../../pipelines/rows.ts';
import { openRowStore } from '../../services/deriver/row-store.ts';
import { derivedTables, ensureReadableTables } from '../../services/features/feature-table.ts';
import { decodeEntry, encodeEntry } from '../../streams/entry.ts';
import { testHome } from '../support/servers.ts';
import { type Bench, median, RUNS } from './bench.ts';
import { benchPayloads } from './bench-payloads.ts';

const INSTRUMENT = 'binance-usdm:BENCH';
/** As the deriver commits an import. */
const ROWS_A_FLUSH = 20_000;
const EVENTS_AN_ENTRY = 8;
/** The capture's rows so many times over, each time later, so that a run takes a second or two. */
const COPIES = 4;
const COPY_APART_US = 3_600_000_000;

export default {
  name: 'sink',
  summary: 'derived rows → visible in QuestDB',
  target: { of: 'ratio', at: 'least', bound: 0.8 },
  async run(context) {
    const { payloads, note } = benchPayloads(context);
    const rows = derivedRows(payloads);
    // A server of its own: the rows of the runs stay in it.
    const home = testHome();
    const env = { ...process.env, DON_QUESTDB_URL: undefined, DON_QUESTDB_PG_URL: undefined };
    const { questdbUrl } = await ensureServers({ home, want: ['questdb'], env, log: context.say });
    const url = questdbUrl!;
    try {
      await ensureReadableTables(url);
      const oursMs: number[] = [];
      const bareMs: number[] = [];
      for (let run = 0; run <= RUNS; run++) {
        const ours = await timed(url, `ours${run}`, rows.length, () => storeRows(url, `ours${run}`, rows));
        const bare = await timed(url, `bare${run}`, rows.length, () => sendRows(url, `bare${run}`, rows));
        // The first run warms up.
        if (run > 0) {
          oursMs.push(ours);
          bareMs.push(bare);
        }
      }
      const [ours, bare] = [median(oursMs), median(bareMs)];
      return {
        name: 'sink',
        value: rows.length / ours,
        unit: 'thousand rows/s',
        reference: 'bare official client writing the same rows',
        referenceValue: rows.length / bare,
        ratio: bare / ours,
        ...(note === undefined ? {} : { note }),
      };
    } finally {
      await stopServers(home);
    }
  },
} satisfies Bench;

/** What the deriver would store of the payloads. */
function derivedRows(payloads: readonly (readonly [channel: string, payload: Buffer])[]): TableRow[] {
  const rows: TableRow[] = [];
  const derivation = createDerivation({
    onDerived: (derived, at, scale) => {
      const row = toRow(derived, at, scale);
      if (row !== undefined) rows.push(row);
    },
    onRefused: (error) => {
      throw error;
    },
  });
  for (let at = 0; at < payloads.length; at += EVENTS_AN_ENTRY) {
    const receiveTimeUs = 1_723_161_255_000_000 + at;
    const events = payloads
      .slice(at, at + EVENTS_AN_ENTRY)
      .map(([channel, payload]) => ({ channel, payload, receiveTimeUs }));
    derivation.push(decodeEntry(`1723161255000-${at}`, encodeEntry(events)));
  }
  return Array.from({ length: COPIES }, (_, copy) => rows.map((row) => later(row, copy * COPY_APART_US))).flat();
}

function later({ table, columns }: TableRow, us: number): TableRow {
  return { table, columns: { ...columns, ts: columns.ts + us } };
}

/** Ours: the deriver's row store. */
async function storeRows(url: string, recording: string, rows: readonly TableRow[]): Promise<void> {
  const store = await openRowStore(url, derivedTables(FEATURE_SETS));
  for (const row of rows) {
    store.add(INSTRUMENT, recording, row);
    if (store.pending >= ROWS_A_FLUSH) await store.flush();
  }
  await store.flush();
  await store.close();
}

/** The reference: one sender of the client, as its documentation shows it. */
async function sendRows(url: string, recording: string, rows: readonly TableRow[]): Promise<void> {
  const { host, username, password } = new URL(url);
  const login = username === '' ? '' : `username=${username};password=${decodeURIComponent(password)};`;
  const sender = await Sender.fromConfig(`http::addr=${host};${login}auto_flush_rows=${ROWS_A_FLUSH};`);
  const types = new Map(
    derivedTables(FEATURE_SETS).map(({ name, columns }) => [name, new Map([...COMMON_COLUMNS, ...columns])]),
  );
  for (const { table, columns } of rows) {
    sender.table(table).symbol('symbol', INSTRUMENT).symbol('recording', recording);
    const typeOf = types.get(table)!;
    const cells = Object.entries(columns).filter(([name, value]) => name !== 'ts' && value !== null);
    for (const [name, value] of cells) if (typeOf.get(name) === 'SYMBOL') sender.symbol(name, String(value));
    for (const [name, value] of cells) {
      if (typeof value === 'string') {
        if (typeOf.get(name) === 'VARCHAR') sender.stringColumn(name, value);
      } else if (typeof value !== 'number') sender.arrayColumn(name, value as unknown as unknown[]);
      else if (typeOf.get(name) === 'LONG') sender.intColumn(name, value);
      else if (typeOf.get(name) === 'TIMESTAMP') sender.timestampColumn(name, value, 'us');
      else sender.floatColumn(name, value);
    }
    await sender.at(columns.ts, 'us');
  }
  await sender.flush();
  await sender.close();
}

/** Time until queries see all of the rows, ms. */
async function timed(url: string, recording: string, count: number, write: () => Promise<void>): Promise<number> {
  const startMs = performance.now();
  await write();
  while ((await visible(url, recording)) < count) await sleep(5);
  return performance.now() - startMs;
}

async function visible(url: string, recording: string): Promise<number> {
  const counts = await Promise.all(
    derivedTables(FEATURE_SETS).map(({ name }) =>
      questdbQuery(url, `SELECT count() FROM ${name} WHERE recording = '${recording}'`),
    ),
  );
  return counts.reduce((sum, { rows }) => sum + Number(rows[0]?.[0]), 0);
}
