import { ServerUnreachable } from './setup-error.ts';

const QUERY_TIMEOUT_MS = 60_000;

export interface QuestdbColumn {
  readonly name: string;
  readonly type: string;
}

/** The answer to a query: cells are as JSON has them, so timestamps are RFC 3339 text in UTC and LONGs are numbers. */
export interface QuestdbResult {
  readonly columns: readonly QuestdbColumn[];
  readonly rows: readonly (readonly unknown[])[];
}

/** QuestDB refused the statement; the message is its own. */
export class QuestdbError extends Error {
  override readonly name = 'QuestdbError';
}

/**
 * Runs one SQL statement over HTTP. A statement without rows (DDL, UPDATE) gives none.
 * For large results or prepared parameters use the PostgreSQL protocol instead.
 * @throws QuestdbError when the statement is refused; ServerUnreachable when QuestDB cannot be used.
 */
export async function questdbQuery(url: string, sql: string, timeoutMs = QUERY_TIMEOUT_MS): Promise<QuestdbResult> {
  const response = await request(url, `/exec?query=${encodeURIComponent(sql)}`, timeoutMs);
  const body: { columns?: QuestdbColumn[]; dataset?: unknown[][]; error?: string; position?: number } = await response
    .json()
    .catch(() => ({ error: `HTTP ${response.status} without JSON` }));
  if (body.error !== undefined || !response.ok) {
    throw new QuestdbError(
      `${body.error ?? `HTTP ${response.status}`} (at character ${body.position ?? 0} of: ${sql.slice(0, 300)})`,
    );
  }
  return { columns: body.columns ?? [], rows: body.dataset ?? [] };
}

/** The same, each row as an object by column name. */
export async function questdbRows(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const { columns, rows } = await questdbQuery(url, sql);
  return rows.map((row) => Object.fromEntries(columns.map(({ name }, index) => [name, row[index]])));
}

async function request(url: string, path: string, timeoutMs: number): Promise<Response> {
  const { origin, username, password } = new URL(url);
  const headers: Record<string, string> = {};
  if (username) {
    const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    headers['authorization'] = `Basic ${Buffer.from(credentials).toString('base64')}`;
  }
  let response: Response;
  try {
    response = await fetch(`${origin}${path}`, { headers, signal: AbortSignal.timeout(timeoutMs) });
  } catch (error) {
    throw explainQuestdbError(url, error);
  }
  if (response.status === 401 || response.status === 403) {
    await response.body?.cancel();
    throw explainQuestdbError(
      url,
      new Error('it refuses the user or password: correct DON_QUESTDB_URL (http://USER:PASSWORD@HOST:PORT)'),
    );
  }
  return response;
}

/** The sentence for a QuestDB that cannot be used. */
export function explainQuestdbError(url: string, error: unknown): ServerUnreachable {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const text = cause instanceof Error ? cause.message : String(cause);
  const advice = /ECONNREFUSED/.test(`${text} ${cause instanceof Error && 'code' in cause ? cause.code : ''}`)
    ? 'nothing listens there: start it, correct DON_QUESTDB_URL, or unset it so that Don starts one of its own'
    : text;
  return new ServerUnreachable(`QuestDB at ${new URL(url).host} cannot be used: ${advice}.`, { cause: error });
}

/** A text as it stands in a statement, in quotes. */
export function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
