import type { Episode } from '../algorithms/episode-follower.ts';
import { micros, type Queries } from './run-rows.ts';

/** An episode of a run. */
export interface SeedEpisode extends Episode {
  readonly seed: number;
}

/** Where a list of episodes goes on: behind this one. */
export interface EpisodesPlace {
  readonly step: number;
  readonly seed: number;
  readonly episode: number;
}

export interface EpisodesFilter {
  readonly seed?: number | undefined;
  readonly after?: EpisodesPlace | undefined;
  readonly limit: number;
}

/** Columns, their types where they are written, and what is in them. */
const COLUMNS: readonly (readonly [name: string, type: string, of: (one: SeedEpisode) => number | string | null])[] = [
  ['seed', 'bigint', ({ seed }) => seed],
  ['episode', 'bigint', ({ episode }) => episode],
  ['stands_for', 'integer', ({ standsFor }) => standsFor],
  ['step', 'bigint', ({ step }) => step],
  ['length', 'integer', ({ length }) => length],
  ['episode_return', 'double precision', (one) => one.return],
  ['ending', 'text', ({ ending }) => ending],
  ['data_from', 'double precision', ({ from }) => from],
  ['data_to', 'double precision', ({ to }) => to],
  ['equity_from', 'double precision', ({ equityFrom }) => equityFrom],
  ['equity_to', 'double precision', ({ equityTo }) => equityTo],
  ['fees', 'double precision', ({ fees }) => fees],
  ['filled', 'integer', ({ filled }) => filled],
];
const NAMES = COLUMNS.map(([name]) => name);
const TIMES = ['data_from', 'data_to'];
const written = (name: string): string =>
  TIMES.includes(name) ? `timestamptz 'epoch' + one.${name} * interval '1 microsecond'` : `one.${name}`;

/** Writes episodes; one that is there stays as it is. */
export async function insertEpisodes(sql: Queries, id: string, episodes: readonly SeedEpisode[]): Promise<void> {
  await sql.query(
    `INSERT INTO episodes (run, run_created_at, ${NAMES.join(', ')})
     SELECT runs.id, runs.created_at, ${NAMES.map(written).join(', ')}
     FROM runs, unnest(${COLUMNS.map(([, type], n) => `$${n + 2}::${type}[]`).join(', ')}) AS one (${NAMES.join(', ')})
     WHERE runs.id = $1 ON CONFLICT DO NOTHING`,
    [id, ...COLUMNS.map(([, , of]) => episodes.map(of))],
  );
}

/** Of a run that begins anew. */
export async function deleteEpisodes(sql: Queries, id: string): Promise<void> {
  await sql.query('DELETE FROM episodes WHERE run = $1', [id]);
}

/** Episodes of a run in the order of the steps at which they ended, then of their seeds and numbers. */
export async function listEpisodes(
  sql: Queries,
  id: string,
  { seed, after, limit }: EpisodesFilter,
): Promise<SeedEpisode[]> {
  const { rows } = await sql.query<EpisodeRow>(
    `SELECT seed::text, episode::text, stands_for, step::text, length, episode_return, ending,
       ${TIMES.map((name) => `${micros(name)} AS ${name}`).join(', ')}, equity_from, equity_to, fees, filled
     FROM episodes
     WHERE run = $1 AND ($2::bigint IS NULL OR seed = $2)
       AND ($3::bigint IS NULL OR (step, seed, episode) > ($3, $4::bigint, $5::bigint))
     ORDER BY episodes.step, episodes.seed, episodes.episode LIMIT $6`,
    [id, seed ?? null, after?.step ?? null, after?.seed ?? null, after?.episode ?? null, limit],
  );
  return rows.map((row) => ({
    seed: Number(row.seed),
    episode: Number(row.episode),
    standsFor: row.stands_for,
    step: Number(row.step),
    length: row.length,
    return: row.episode_return,
    ending: row.ending,
    from: row.data_from === null ? null : Number(row.data_from),
    to: row.data_to === null ? null : Number(row.data_to),
    equityFrom: row.equity_from,
    equityTo: row.equity_to,
    fees: row.fees,
    filled: row.filled,
  }));
}

/** 64-bit integers come as texts. */
interface EpisodeRow {
  readonly seed: string;
  readonly episode: string;
  readonly stands_for: number;
  readonly step: string;
  readonly length: number;
  readonly episode_return: number;
  readonly ending: Episode['ending'];
  readonly data_from: string | null;
  readonly data_to: string | null;
  readonly equity_from: number | null;
  readonly equity_to: number | null;
  readonly fees: number | null;
  readonly filled: number | null;
}
