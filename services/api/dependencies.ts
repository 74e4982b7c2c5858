import type { Redis } from 'ioredis';
import type pg from 'pg';
import type { QueryResultRow } from 'pg';
import type { FeatureComputer } from '../features/compute/feature-computer.ts';
import type { RateLimit } from './http/rate-limit.ts';

/** What is needed of a `pg` pool, be it PostgreSQL's or QuestDB's. */
export interface SqlClient {
  query<Row extends QueryResultRow>(text: string, values?: unknown[]): Promise<{ rows: Row[] }>;
}

export interface ApiLimits {
  readonly rate: RateLimit;
  /** Refused keys, sessions and tickets of all callers together. */
  readonly refusedRate: RateLimit;
  readonly bodyBytesMax: number;
  readonly streamClientsMax: number;
  /** Bytes that may wait for a client that reads slowly; above, it is disconnected. */
  readonly clientBufferBytesMax: number;
  readonly heartbeatMs: number;
}

export const DEFAULT_LIMITS: ApiLimits = {
  rate: { perSecond: 100, burst: 500 },
  refusedRate: { perSecond: 5, burst: 50 },
  bodyBytesMax: 64 * 1024,
  streamClientsMax: 1_000,
  clientBufferBytesMax: 1024 * 1024,
  heartbeatMs: 10_000,
};

/** Everything the API works with. Connections are passed in and stay their owner's. */
export interface ApiDependencies {
  readonly redis: Redis;
  /** A connection of its own, which waits in XREAD BLOCK. */
  readonly blockingRedis: Redis;
  readonly questdb: SqlClient;
  readonly postgres: pg.Pool;
  readonly computer: FeatureComputer;
  /** Secret of this installation that the hashes of keys are made with. */
  readonly keyPepper: string;
  /** `host:port` values that the server answers to. */
  readonly allowedHosts: ReadonlySet<string>;
  /** Where the login link leads, `http://127.0.0.1:4000`. */
  readonly origin: string;
  /** Folder of the built dashboard. */
  readonly dashboardFolder: string;
  readonly limits: ApiLimits;
}
