import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Redis } from 'ioredis';
import { migrate } from '../../../infra/migrations.ts';
import { connectPostgres } from '../../../infra/postgres.ts';
import type { JobProgress } from '../../jobs/job-kind.ts';
import { openBackend } from '../backend/backend.ts';
import { readBookRunData } from '../book/read-book-run-data.ts';
import { registerModel } from '../registry/register-model.ts';
import { createRunRecorder } from '../store/run-recorder.ts';
import { performRun } from './perform-run.ts';
import { type RecordedPart, readRunData } from './read-run-data.ts';
import type { RunConfig } from './run-config.ts';
import type { RunReport } from './run-report.ts';

export interface RecordedRunOptions {
  readonly redis: Redis;
  readonly postgresUrl: string;
  readonly home: string;
  /** Threads; as many as the machine has where it is not said. */
  readonly workers?: number | undefined;
  /** Which part of the log it is of, where that is known already. */
  readonly part?: RecordedPart | undefined;
  /** Told which part it is of, before it begins. */
  readonly onPart?: (part: RecordedPart) => void;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: JobProgress) => void;
}

/** Performs a run on what is recorded, written down in PostgreSQL, with its models in the registry. */
export async function recordedRun(config: RunConfig, options: RecordedRunOptions): Promise<RunReport> {
  const { redis, postgresUrl, home, part, onPart, signal, onProgress } = options;
  const reading = { redis, folder: join(home, 'tapes'), part };
  const runData = 'environment' in config ? await readBookRunData(config, reading) : await readRunData(config, reading);
  onPart?.(runData.part);
  const { name: backend } = await openBackend();
  // TensorFlow's C library has threads of its own.
  const { workers = backend === 'native' ? 1 : availableParallelism() } = options;
  const pool = await connectPostgres(postgresUrl);
  try {
    await migrate(pool);
    return await performRun(runData, {
      home,
      backend,
      workers,
      recorder: createRunRecorder({ sql: pool, redis }),
      register: async (model, runId) => void (await registerModel(pool, home, model, { runId, who: 'don train' })),
      signal,
      onProgress,
    });
  } finally {
    await pool.end();
  }
}
