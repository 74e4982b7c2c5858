import { setImmediate } from 'node:timers/promises';
import { Sender, SenderOptions } from '@questdb/nodejs-client';
import { Agent } from 'undici';
import { explainQuestdbError, QuestdbError } from '../questdb.ts';
import { COMMON_COLUMNS, type Table } from './tables.ts';

/**
 * A row by column name. TIMESTAMPs are integers in µs since the epoch, LONGs integers, `DOUBLE[][]` arrays of two equally
 * long arrays; null and undefined are NULL.
 */
export type Row = Readonly<Record<string, unknown>>;

/** Rows of one table on their way into QuestDB. Not for two flushes at once: the second waits for the first. */
export interface RowSender {
  /** Rows that are not committed yet. */
  readonly pending: number;
  add(row: Row): void;
  /**
   * Commits the rows. When it fails they stay here, and the next flush sends them again; rows that had arrived before
   * are then replaced by themselves, because the tables dedup.
   * @throws QuestdbError when QuestDB refuses the rows; ServerUnreachable when it cannot be used now.
   */
  flush(): Promise<void>;
  /** Closes the connection; rows that were not flushed are gone. */
  close(): Promise<void>;
}

export interface SenderSettings {
  /** How long one request may take, with all that the client itself tries again. */
  readonly retryMs?: number;
  readonly requestMs?: number;
  /** Rows a request: each request is one transaction. */
  readonly rowsPerRequest?: number;
}

/** Of rows that could not be written when they came: a millisecond or two, for which nothing else happens in the process. */
const ROWS_AT_ONCE = 100;

type Write = (sender: Sender, value: never) => unknown;
interface PlannedColumn {
  readonly name: string;
  readonly write: Write;
}

/** Opens a sender for one table over HTTP; a request is a transaction only while all its rows are of one table. */
export async function openSender(
  url: string,
  table: Table,
  { retryMs = 10_000, requestMs = 20_000, rowsPerRequest = 20_000 }: SenderSettings = {},
): Promise<RowSender> {
  let { sender, agent } = await connect(url, retryMs, requestMs);
  const columns = plan(table);
  let rows: Row[] = [];
  // Of these, from the first on: written into the client's buffer, and of those, on their way.
  let written = 0;
  let sent = 0;
  let failure: unknown;
  let flushing: Promise<void> = Promise.resolve();

  function writeNext(): void {
    try {
      write(sender, table.name, columns, rows[written]!).catch(noteFailure);
      written++;
    } catch (error) {
      noteFailure(error);
    }
  }

  function noteFailure(error: unknown): void {
    failure ??= error;
  }

  async function sendBatch(): Promise<number> {
    try {
      for (let count = 0; written < Math.min(rows.length, rowsPerRequest) && failure === undefined; count++) {
        if (count % ROWS_AT_ONCE === 0) await setImmediate();
        writeNext();
      }
      if (failure !== undefined) throw failure;
      sent = written;
      await within(sender.flush(), retryMs + SETTLE_MS);
    } catch (error) {
      // The client forgets the rows of a failed flush (questdb.md 3.2); a half-written row must go as well, and so
      // must a request that never settles, with its socket.
      agent.destroy().catch(() => {});
      ({ sender, agent } = await connect(url, retryMs, requestMs));
      written = 0;
      sent = 0;
      failure = undefined;
      throw explainFlushError(url, table.name, error);
    }
    const count = sent;
    rows = rows.slice(count);
    written -= count;
    sent = 0;
    return count;
  }

  async function commit(): Promise<void> {
    // Not those that come meanwhile: under load there would be no end.
    for (let due = rows.length; due > 0; ) due -= await sendBatch();
  }

  return {
    get pending() {
      return rows.length;
    },
    add(row) {
      rows.push(row);
      // At once, so that not all of it is to be done when they are committed.
      if (failure === undefined && written === rows.length - 1 && written - sent < rowsPerRequest) writeNext();
    },
    flush() {
      flushing = flushing.then(commit, commit);
      return flushing;
    },
    async close() {
      await flushing.catch(() => {});
      sender.reset();
      await sender.close();
      await agent.destroy();
    },
  };
}

/** A request whose retry is aborted while it waits for its next try does not settle: undici forgets it. */
const SETTLE_MS = 2_000;

const KEEP_ALIVE_MS = 60_000;

async function within<T>(work: Promise<T>, ms: number): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms);
  // Where it comes too late nobody waits for it any more.
  work.catch(() => {});
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** With an agent of its own: that of all senders would keep what one of them has given up. */
async function connect(url: string, retryMs: number, requestMs: number): Promise<{ sender: Sender; agent: Agent }> {
  const { protocol, host, username, password } = new URL(url);
  const scheme = protocol.slice(0, -1);
  const settings = `auto_flush=off;protocol_version=2;retry_timeout=${retryMs};request_timeout=${requestMs};`;
  const agent = new Agent({ keepAliveTimeout: KEEP_ALIVE_MS });
  const options = await SenderOptions.fromConfig(`${scheme}::addr=${host};${settings}`, { log: () => {}, agent });
  if (username) {
    options.username = decodeURIComponent(username);
    options.password = decodeURIComponent(password);
  }
  return { sender: new Sender(options), agent };
}

const WRITERS: Readonly<Record<string, (name: string) => Write>> = {
  SYMBOL: (name) => (sender, value: string) => sender.symbol(name, value),
  VARCHAR: (name) => (sender, value: string) => sender.stringColumn(name, value),
  DOUBLE: (name) => (sender, value: number) => sender.floatColumn(name, value),
  LONG: (name) => (sender, value: number) => sender.intColumn(name, value),
  TIMESTAMP: (name) => (sender, value: number) => sender.timestampColumn(name, value, 'us'),
  'DOUBLE[][]': (name) => (sender, value: unknown[]) => sender.arrayColumn(name, value),
};

/** The line protocol wants symbols first. */
function plan(table: Table): PlannedColumn[] {
  const columns = [...COMMON_COLUMNS, ...table.columns].filter(([name]) => name !== 'ts');
  const isSymbol = (type: string) => type === 'SYMBOL';
  const ordered = [...columns.filter(([, type]) => isSymbol(type)), ...columns.filter(([, type]) => !isSymbol(type))];
  return ordered.map(([name, type]) => {
    const writer = WRITERS[type];
    if (writer === undefined)
      throw new TypeError(`table ${table.name}, column ${name}: type ${type} is not known to the sender`);
    return { name, write: writer(name) };
  });
}

/** Writes the row into the client's buffer before it returns. */
function write(sender: Sender, table: string, columns: readonly PlannedColumn[], row: Row): Promise<void> {
  const { ts } = row;
  if (typeof ts !== 'number' || !Number.isSafeInteger(ts)) {
    throw new TypeError(`table ${table}, column ts: expected an integer in µs, found ${String(ts)}`);
  }
  sender.table(table);
  for (const { name, write: writeValue } of columns) {
    const value = row[name];
    if (value !== null && value !== undefined) writeValue(sender, value as never);
  }
  return sender.at(ts, 'us');
}

function explainFlushError(url: string, table: string, error: unknown): Error {
  if (error instanceof TypeError) return error;
  const text = error instanceof Error ? error.message : String(error);
  // 4xx: the same rows will be refused again, whereas anything else may pass.
  if (/statusCode=4(?!01|03|29)/.test(text)) return new QuestdbError(`table ${table}: ${text}`);
  return explainQuestdbError(url, error);
}
