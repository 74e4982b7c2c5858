import type { Redis } from 'ioredis';
import type { SqlClient } from '../dependencies.ts';

/** Whether a server answers. */
export interface Probe {
  readonly state: 'up' | 'down';
  /** Time of the answer, ms. */
  readonly latencyMs?: number;
  readonly error?: string;
}

export interface Probes {
  readonly redis: Probe;
  readonly questdb: Probe;
  readonly postgres: Probe;
}

const ANSWER_MS_MAX = 2_000;

/** Asks each server for its simplest answer. */
export async function probeServers(redis: Redis, questdb: SqlClient, postgres: SqlClient): Promise<Probes> {
  const [redisProbe, questdbProbe, postgresProbe] = await Promise.all([
    probe(() => redis.ping()),
    probe(() => questdb.query('SELECT 1')),
    probe(() => postgres.query('SELECT 1')),
  ]);
  return { redis: redisProbe, questdb: questdbProbe, postgres: postgresProbe };
}

async function probe(ask: () => Promise<unknown>): Promise<Probe> {
  const startMs = performance.now();
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`no answer within ${ANSWER_MS_MAX} ms`)), ANSWER_MS_MAX);
  try {
    await Promise.race([ask(), late]);
    return { state: 'up', latencyMs: Math.round((performance.now() - startMs) * 100) / 100 };
  } catch (error) {
    return { state: 'down', error: error instanceof Error ? error.message || error.name : String(error) };
  } finally {
    clearTimeout(timer);
  }
}
