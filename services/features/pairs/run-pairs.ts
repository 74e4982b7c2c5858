import { setTimeout as sleep } from 'node:timers/promises';
import type { InstrumentPair } from '../../../infra/config.ts';
import { openSender } from '../../../infra/questdb/sender.ts';
import { ensureTables } from '../../../infra/questdb/tables.ts';
import { connectRedis } from '../../../infra/redis.ts';
import type { FeatureSet } from '../../../operators/features/resolve-feature-set.ts';
import { followMerged } from '../../../streams/follow-merged.ts';
import { publishUntilTaken } from '../../deriver/topic-stream.ts';
import { featureTable } from '../feature-table.ts';
import { openSetStream } from '../set-stream.ts';
import { ROWS_WAITING_MAX, storeRows } from '../store-rows.ts';
import { type LivePairs, openLivePairs } from './live-pairs.ts';

export interface RunPairsOptions {
  readonly redisUrl: string;
  /** QuestDB over HTTP. */
  readonly questdbUrl: string;
  readonly set: FeatureSet;
  readonly pairs: readonly InstrumentPair[];
  readonly log: (level: 'info' | 'warn', message: string) => void;
  readonly signal: AbortSignal;
}

/** Derives, stores and streams a set of two instruments of live recordings, until the signal aborts. */
export async function runPairs(options: RunPairsOptions): Promise<void> {
  const { redisUrl, questdbUrl, set, pairs, log, signal } = options;
  const table = featureTable(set);
  await ensureTables(questdbUrl, [table]);
  const sender = await openSender(questdbUrl, table);
  const redis = await connectRedis(redisUrl);
  const all: LivePairs[] = [];

  function onNotStored(error: unknown): void {
    log('warn', `rows of ${set.id} are not stored: ${error instanceof Error ? error.message : String(error)}`);
  }

  async function derive(instrument: string, live: LivePairs): Promise<void> {
    const stream = await openSetStream(redis, instrument, set.id);
    const onRefusal = (error: unknown): void => log('warn', `the stream of ${set.id} is refused: ${String(error)}`);
    for await (const { entries, trimmed } of followMerged({ redis, logs: live.logs, signal })) {
      for (const lost of trimmed) live.pushLoss(lost);
      const topics = entries.map(live.push).filter((topic) => topic !== undefined);
      await publishUntilTaken(stream, topics, { signal, onRefusal });
      while (sender.pending > ROWS_WAITING_MAX && !signal.aborted) await sleep(50);
      if (signal.aborted) break;
    }
  }

  try {
    const deriving: Promise<void>[] = [];
    for (const [instrument, of] of Map.groupBy(pairs, (pair) => pair.instrument)) {
      const others = of.map(({ other }) => other);
      const live = await openLivePairs({ redis, instrument, others, set, sender });
      all.push(live);
      deriving.push(derive(instrument, live));
    }
    const saves = () => all.map((live) => live.save());
    await Promise.all([storeRows({ sender, saves, onRefusal: onNotStored, signal }), ...deriving]);
  } finally {
    await sender.close();
    redis.disconnect();
  }
}
