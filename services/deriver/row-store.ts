import { openSender, type RowSender } from '../../infra/questdb/sender.ts';
import type { Table } from '../../infra/questdb/tables.ts';
import type { TableRow } from '../../pipelines/rows.ts';

/** Rows on their way into the tables of QuestDB. */
export interface RowStore {
  /** Rows that are not committed yet. */
  readonly pending: number;
  /** Rows committed since the start. */
  readonly committed: number;
  add(instrument: string, recording: string, row: TableRow): void;
  /** Commits all rows added so far. When it fails they are kept, and the next call sends them again. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

/** Opens one sender a table, so that each flush is one transaction a table. @param url QuestDB over HTTP */
export async function openRowStore(url: string, tables: readonly Table[]): Promise<RowStore> {
  const senders = new Map<string, RowSender>();
  for (const table of tables) senders.set(table.name, await openSender(url, table));
  let added = 0;

  function pending(): number {
    let rows = 0;
    for (const sender of senders.values()) rows += sender.pending;
    return rows;
  }

  return {
    get pending() {
      return pending();
    },
    get committed() {
      return added - pending();
    },
    add(instrument, recording, { table, columns }) {
      const sender = senders.get(table);
      if (sender === undefined)
        throw new TypeError(`expected one of ${[...senders.keys()].join(', ')}, found ${table}`);
      sender.add({ ...columns, symbol: instrument, recording });
      added++;
    },
    async flush() {
      const results = await Promise.allSettled([...senders.values()].map((sender) => sender.flush()));
      for (const result of results) if (result.status === 'rejected') throw result.reason;
    },
    async close() {
      await Promise.all([...senders.values()].map((sender) => sender.close()));
    },
  };
}
