import { createBuffer, createTransport, SenderOptions } from '@questdb/nodejs-client';
import { Agent } from 'undici';
import { explainQuestdbError, QuestdbError } from '../questdb.ts';
import { COMMON_COLUMNS, type Table } from './tables.ts';

/**
 * A row by column name. TIMESTAMPs are integers in µs since the epoch, LONGs integers, `DOUBLE[][]` arrays of two equally
 * long arrays; null and undefined are NULL.
 */
export type Row = Readonly<Record<string, unknown>>;

/** Rows of one table on their way into QuestDB. */
export interface RowSender {
  /** Rows that are not committed yet. */
  readonly pending: number;
  /**
   * Takes the row as it is now: it is put into the line protocol at once, so that not all of it is to be done when it is
   * committed, and so that thousands of objects need not outlive the young generation.
   * @throws where a value is not of its column's type; the row is not added then
   */
  add(row: Row): void;
  /**
   * Commits the rows added so far. When it fails they stay here, and the next flush sends them again; rows that had
   * arrived before are then replaced by themselves, because the tables dedup. A second flush waits for the first.
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

/** Rows in the line protocol, of one request. */
interface Batch {
  readonly bytes: Buffer;
  readonly rows: number;
}

type RowBuffer = ReturnType<typeof createBuffer>;
type Write = (buffer: RowBuffer, value: never) => unknown;
interface PlannedColumn {
  readonly name: string;
  readonly write: Write;
}

/**
 * Opens a sender for one table over HTTP; a request is a transaction only while all its rows are of one table.
 *
 * Made of the official client's buffer and transport, since its `Sender` forgets the rows of a failed flush (questdb.md
 * 3.2), for which they would have to be kept as objects.
 */
export async function openSender(
  url: string,
  table: Table,
  { retryMs = 10_000, requestMs = 20_000, rowsPerRequest = 20_000 }: SenderSettings = {},
): Promise<RowSender> {
  const connect = (): Promise<Connection> => openConnection(url, retryMs, requestMs);
  let connection = await connect();
  const buffer = createBuffer(connection.options);
  const columns = plan(table);
  const batches: Batch[] = [];
  let pending = 0;
  let buffered = 0;
  let flushing: Promise<void> = Promise.resolve();

  function endBatch(): void {
    const bytes = buffer.toBufferNew();
    if (bytes !== null) batches.push({ bytes, rows: buffered });
    buffered = 0;
  }

  async function send({ bytes }: Batch): Promise<void> {
    try {
      await within(connection.transport.send(bytes), retryMs + SETTLE_MS);
    } catch (error) {
      // A request that never settles must go, with its socket.
      connection.agent.destroy().catch(() => {});
      connection = await connect();
      throw explainFlushError(url, table.name, error);
    }
  }

  async function commit(): Promise<void> {
    endBatch();
    // Not those that come meanwhile: under load there would be no end.
    for (let due = batches.length; due > 0; due--) {
      await send(batches[0]!);
      pending -= batches.shift()!.rows;
    }
  }

  return {
    get pending() {
      return pending;
    },
    add(row) {
      try {
        write(buffer, table.name, columns, row);
      } catch (error) {
        // What it wrote of the row must go.
        endBatch();
        buffer.reset();
        throw error;
      }
      pending++;
      if (++buffered === rowsPerRequest) endBatch();
    },
    flush() {
      flushing = flushing.then(commit, commit);
      return flushing;
    },
    async close() {
      await flushing.catch(() => {});
      await connection.transport.close();
      await connection.agent.destroy();
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

interface Connection {
  readonly options: SenderOptions;
  readonly transport: ReturnType<typeof createTransport>;
  readonly agent: Agent;
}

/** With an agent of its own: that of all senders would keep what one of them has given up. */
async function openConnection(url: string, retryMs: number, requestMs: number): Promise<Connection> {
  const { protocol, host, username, password } = new URL(url);
  const scheme = protocol.slice(0, -1);
  const settings = `auto_flush=off;protocol_version=2;retry_timeout=${retryMs};request_timeout=${requestMs};`;
  const agent = new Agent({ keepAliveTimeout: KEEP_ALIVE_MS });
  const options = await SenderOptions.fromConfig(`${scheme}::addr=${host};${settings}`, { log: () => {}, agent });
  if (username) {
    options.username = decodeURIComponent(username);
    options.password = decodeURIComponent(password);
  }
  return { options, transport: createTransport(options), agent };
}

const WRITERS: Readonly<Record<string, (name: string) => Write>> = {
  SYMBOL: (name) => (buffer, value: string) => buffer.symbol(name, value),
  VARCHAR: (name) => (buffer, value: string) => buffer.stringColumn(name, value),
  DOUBLE: (name) => (buffer, value: number) => buffer.floatColumn(name, value),
  LONG: (name) => (buffer, value: number) => buffer.intColumn(name, value),
  TIMESTAMP: (name) => (buffer, value: number) => buffer.timestampColumn(name, value, 'us'),
  'DOUBLE[][]': (name) => (buffer, value: unknown[]) => buffer.arrayColumn(name, value),
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

function write(buffer: RowBuffer, table: string, columns: readonly PlannedColumn[], row: Row): void {
  const { ts } = row;
  if (typeof ts !== 'number' || !Number.isSafeInteger(ts)) {
    throw new TypeError(`table ${table}, column ts: expected an integer in µs, found ${String(ts)}`);
  }
  buffer.table(table);
  for (const { name, write: writeValue } of columns) {
    const value = row[name];
    if (value !== null && value !== undefined) writeValue(buffer, value as never);
  }
  buffer.at(ts, 'us');
}

function explainFlushError(url: string, table: string, error: unknown): Error {
  const text = error instanceof Error ? error.message : String(error);
  // 4xx: the same rows will be refused again, whereas anything else may pass.
  if (/statusCode=4(?!01|03|29)/.test(text)) return new QuestdbError(`table ${table}: ${text}`);
  return explainQuestdbError(url, error);
}
