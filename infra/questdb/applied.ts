import { setTimeout as sleep } from 'node:timers/promises';
import { questdbRows } from '../questdb.ts';
import { SetupError } from '../setup-error.ts';
import { TABLES } from './tables.ts';

/** What the names of feature sets' tables begin with. */
const FEATURES = 'features_';
const POLL_MS = 20;
const WAIT_MS_MAX = 120_000;

/**
 * Waits until everything that was committed so far can be read: QuestDB applies commits a moment later.
 * @param url QuestDB over HTTP
 * @throws SetupError naming a table that QuestDB has suspended, or that does not get there in two minutes
 */
export async function waitUntilApplied(url: string): Promise<void> {
  const names = new Set(TABLES.map(({ name }) => name));
  const wanted = new Map<unknown, number>();
  for (const untilMs = performance.now() + WAIT_MS_MAX; ; await sleep(POLL_MS)) {
    const tables = await questdbRows(url, 'SELECT name, suspended, writerTxn, sequencerTxn FROM wal_tables()');
    let behind: unknown;
    for (const { name, suspended, writerTxn, sequencerTxn } of tables) {
      if (!names.has(String(name)) && !String(name).startsWith(FEATURES)) continue;
      if (suspended === true)
        throw new SetupError(
          `QuestDB has suspended table ${name}, whose new rows cannot be read: see to its disk and log, then ALTER TABLE ${name} RESUME WAL.`,
        );
      if (!wanted.has(name)) wanted.set(name, Number(sequencerTxn));
      if (Number(writerTxn) < wanted.get(name)!) behind = name;
    }
    if (behind === undefined) return;
    if (performance.now() > untilMs)
      throw new SetupError(`QuestDB has not applied what was written to ${behind} within ${WAIT_MS_MAX / 1_000} s.`);
  }
}
