import { parentPort, workerData } from 'node:worker_threads';
import { connectRedis } from '../../infra/redis.ts';
import type { JobProgress } from './job-kind.ts';
import { checkJob } from './job-kinds.ts';

// One job as a thread: what it does cannot hold up the process that keeps its lock.

/** What a thread is started with. */
export interface ThreadWork {
  readonly kind: string;
  readonly data: unknown;
  readonly saved: unknown;
  readonly redisUrl: string;
  readonly questdbUrl: string;
  readonly postgresUrl: string | undefined;
}

/** What a thread says. */
export type ThreadSays =
  | { readonly type: 'progress'; readonly progress: JobProgress }
  | { readonly type: 'saved'; readonly state: unknown }
  | { readonly type: 'result'; readonly result: unknown }
  | { readonly type: 'error'; readonly message: string };

const { kind: name, data: asked, saved, redisUrl, questdbUrl, postgresUrl }: ThreadWork = workerData;
const abort = new AbortController();
const say = (message: ThreadSays): void => parentPort!.postMessage(message);
parentPort!.on('message', () => abort.abort());

async function run(): Promise<unknown> {
  // It may have been asked for by another version.
  const { kind, data } = checkJob(name, asked);
  const redis = await connectRedis(redisUrl);
  try {
    return await kind.run(data, {
      redis,
      redisUrl,
      questdbUrl,
      postgresUrl,
      signal: abort.signal,
      saved,
      save: (state) => say({ type: 'saved', state }),
      report: (progress) => say({ type: 'progress', progress }),
    });
  } finally {
    redis.disconnect();
  }
}

run()
  .then(
    (result) => say({ type: 'result', result }),
    (error: unknown) => say({ type: 'error', message: error instanceof Error ? error.message : String(error) }),
  )
  .finally(() => parentPort!.close());
