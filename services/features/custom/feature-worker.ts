import { setTimeout as sleep } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { openSender } from '../../../infra/questdb/sender.ts';
import { ensureTables } from '../../../infra/questdb/tables.ts';
import { connectRedis } from '../../../infra/redis.ts';
import { tail } from '../../../streams/tail.ts';
import { publishUntilTaken, type TopicEntry } from '../../deriver/topic-stream.ts';
import { featureTable } from '../feature-table.ts';
import { ROWS_WAITING_MAX, storeRows } from '../store-rows.ts';
import type { GuardedWork } from './guarded-thread.ts';
import { type LiveFeature, openLiveFeature } from './live-feature.ts';
import { customSet, loadCustomFeature } from './load-custom-feature.ts';
import { watched } from './run-feature.ts';

// Runs one custom feature on the live recordings of all instruments, apart from everything else.

/** What the thread is started with. */
export interface FeatureWork extends GuardedWork {
  readonly file: string;
  /** Of the file's content. */
  readonly code: string;
  readonly instruments: readonly string[];
  readonly redisUrl: string;
  readonly questdbUrl: string;
}

const { file, code, instruments, redisUrl, questdbUrl, turns }: FeatureWork = workerData;
const refused: string[] = [];
const set = customSet(watched(await loadCustomFeature(file), refused, false), code);
const table = featureTable(set);
await ensureTables(questdbUrl, [table]);
const sender = await openSender(questdbUrl, table);
const redis = await connectRedis(redisUrl);
const features = new Map<string, LiveFeature>();
for (const instrument of instruments)
  features.set(instrument, await openLiveFeature({ redis, instrument, set, sender }));

let rows = 0;

async function derive(): Promise<void> {
  const streams = [...features.values()].map(({ instrument, from }) => ({ instrument, from }));
  const tailRedis = await connectRedis(redisUrl, { blocking: true });
  for await (const { instrument, entries } of tail({ redis: tailRedis, streams })) {
    const feature = features.get(instrument)!;
    const topics: TopicEntry[] = [];
    for (const entry of entries) {
      Atomics.add(turns, 0, 1);
      const topic = feature.push(entry);
      Atomics.add(turns, 0, 1);
      if (topic !== undefined) topics.push(topic);
      if (refused.length > 0) throw new Error(`said what is no number: ${refused[0]}`);
    }
    // In the same turn as the last entry, so that no checkpoint says of one that it was published before it is.
    await publishUntilTaken(feature.stream, topics, { onRefusal: () => {} });
    while (sender.pending > ROWS_WAITING_MAX) await sleep(50);
  }
}

await Promise.all([
  derive(),
  storeRows({
    sender,
    saves: () => [...features.values()].map((feature) => feature.save()),
    onStored(stored) {
      rows += stored;
      parentPort!.postMessage({ rows });
    },
  }),
]);
