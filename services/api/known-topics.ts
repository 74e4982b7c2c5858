import type { Redis } from 'ioredis';
import { nearestName } from '../../infra/nearest-name.ts';
import { FEATURE_SETS } from '../../pipelines/feature-sets.ts';
import { isRunId } from '../../streams/keys.ts';
import { listStreamedSets } from '../features/set-stream.ts';
import { hasRun, type Queries } from '../trainer/store/run-rows.ts';
import { describeFieldError, ProblemError } from './http/problem.ts';
import type { CheckKnown } from './known-instruments.ts';
import { parseStreamName } from './live/stream-name.ts';
import type { Topics } from './live/topics.ts';

/** Refuses topics of instruments that have no recording, of feature sets that have no stream, and of runs that there are not. */
export type CheckTopics = (topics: Pick<Topics, 'streams'>) => Promise<void>;

export function createCheckTopics(redis: Redis, postgres: Queries, checkKnown: CheckKnown): CheckTopics {
  return async ({ streams }) => {
    const parts = streams.filter((name) => !isRunId(name)).map(parseStreamName);
    await checkKnown('topics', [...new Set(parts.map(({ instrument }) => instrument))]);
    for (const { instrument, set } of parts) if (set !== undefined) await checkSet(redis, instrument, set);
    for (const name of streams) if (isRunId(name)) await checkRun(postgres, name);
  };
}

async function checkSet(redis: Redis, instrument: string, set: string): Promise<void> {
  const streamed = await listStreamedSets(redis, instrument);
  if (streamed.includes(set)) return;
  const error = {
    field: 'topics',
    expected: expectedOf(instrument, set, streamed),
    found: `features:${instrument}:${set}`,
  };
  throw new ProblemError('not-found', { detail: describeFieldError(error), errors: [error] });
}

async function checkRun(postgres: Queries, id: string): Promise<void> {
  if (await hasRun(postgres, id)) return;
  const error = { field: 'topics', expected: 'the id of a run of /api/v1/runs', found: `run:${id}` };
  throw new ProblemError('not-found', { detail: describeFieldError(error), errors: [error] });
}

function expectedOf(instrument: string, set: string, streamed: readonly string[]): string {
  const plain = `features:${instrument}`;
  if (FEATURE_SETS.some(({ id }) => id === set)) return `${plain}, where the rows of ${set} are`;
  if (streamed.length === 0) return `${plain}; no other set is streamed`;
  const near = nearestName(set, streamed);
  return `${plain}:SET with one of ${streamed.join(', ')}${near === undefined ? '' : ` (did you mean ${near}?)`}`;
}
