import type { Redis } from 'ioredis';
import type { z } from 'zod';
import { BadInput } from '../../infra/setup-error.ts';
import type { Role } from '../api/auth/role.ts';

/** How far a job is. */
export interface JobProgress {
  /** What is being done now, e.g. `filling live`. */
  readonly text: string;
  /** Things done so far, what they are called, and how many there will be; null where that is not known. */
  readonly done: number;
  readonly of: number | null;
  readonly unit: string;
  /** From 0 to 1; null where it is not known. */
  readonly share: number | null;
  /** What it comes to so far, on one line, e.g. learning curves. */
  readonly detail?: string;
}

/** What a job works with. */
export interface JobTools {
  readonly redis: Redis;
  readonly redisUrl: string;
  /** QuestDB over HTTP. */
  readonly questdbUrl: string;
  /** undefined: none was named. */
  readonly postgresUrl: string | undefined;
  /** Aborted when the job is cancelled or its process stops: end soon, so that it can be taken up again. */
  readonly signal: AbortSignal;
  /** What `save` was last given before the job was taken up again; undefined where that is nothing. */
  readonly saved: unknown;
  /** Keeps some plain data for when the job is taken up again. */
  readonly save: (state: unknown) => void;
  readonly report: (progress: JobProgress) => void;
}

/** One kind of long work. It runs in a thread of its own and may be begun again at any place: what it writes, it may write twice. */
export interface JobKind<Data = unknown, Result = unknown> {
  /** Lower-case words: `features-backfill`. */
  readonly name: string;
  readonly says: string;
  /** The least that a key must be to start one, and to cancel it. */
  readonly role: Role;
  readonly example: object;
  /** Of what is asked; messages say what was expected. */
  readonly data: z.ZodType<Data>;
  /** Puts into what is asked, before it is checked, what is usual and no field says by itself. */
  readonly asUsual?: (data: unknown) => unknown;
  /** The same work, asked twice while it waits or runs, is one job; all of the data where it is not said. */
  readonly sameWork?: (data: Data) => unknown;
  /** @throws BadJobData where something named in the data is not there */
  readonly check?: (redis: Redis, data: Data) => Promise<void>;
  /** @returns what is kept as the result: JSON, small */
  readonly run: (data: Data, tools: JobTools) => Promise<Result>;
}

/** Checks a kind's types, keeping them for `run`. */
export function jobKind<Data, Result>(kind: JobKind<Data, Result>): JobKind<Data, Result> {
  return kind;
}

/** One part of what was asked that is not as expected. */
export interface JobDataError {
  /** `data/instrument` */
  readonly field: string;
  readonly expected: string;
  /** As text; null where nothing was. */
  readonly found: string | null;
}

/** What was asked is no job. */
export class BadJobData extends BadInput {
  readonly errors: readonly JobDataError[];

  constructor(errors: readonly JobDataError[]) {
    super(
      errors
        .map(({ field, expected, found }) => `${field}: expected ${expected}, found ${found ?? 'nothing'}`)
        .join('; '),
    );
    this.errors = errors;
  }
}
