import { parentPort } from 'node:worker_threads';
import type { Redis } from 'ioredis';
import { connectRedis } from '../../../infra/redis.ts';
import { computeFeature } from './compute-feature.ts';
import type { ComputeRequest } from './compute-request.ts';

// Computes features apart from the thread that serves clients, one request after another.

interface Asked {
  readonly id: number;
  readonly request: ComputeRequest;
}

let connection: Promise<Redis> | undefined;

/** Another request may find Redis up; a connection that is there mends itself. */
function forget(error: unknown): never {
  connection = undefined;
  throw error;
}

async function answer({ id, request }: Asked): Promise<void> {
  try {
    connection ??= connectRedis(request.redisUrl).catch(forget);
    parentPort!.postMessage({ id, rows: await computeFeature(await connection, request) });
  } catch (error) {
    parentPort!.postMessage({ id, error: error instanceof Error ? error.message : String(error) });
  }
}

let last: Promise<void> = Promise.resolve();
parentPort!.on('message', (asked: Asked) => {
  last = last.then(() => answer(asked));
});
