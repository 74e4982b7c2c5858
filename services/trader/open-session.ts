import { hash } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { SessionOpened, SessionSettings } from '../../operators/ledger/ledger-event.ts';
import { scaleBefore, startWithBook } from '../../pipelines/book-at.ts';
import { clockSkewUs } from '../../pipelines/simulation/exchange-order.ts';
import { strategyWarmUpMs } from '../../pipelines/simulation/strategy-warm-up.ts';
import { decodeEntry } from '../../streams/entry.ts';
import { decodeOrGap } from '../../streams/events/decode-or-gap.ts';
import { createDecoder } from '../../streams/events/decoder.ts';
import type { Scale } from '../../streams/events/scale.ts';
import { LIVE, rawKey } from '../../streams/keys.ts';
import { replay } from '../../streams/replay.ts';
import { createTapeBuilder } from '../../streams/tape/tape-builder.ts';
import { SIMULATOR } from '../backtest/finish-result.ts';
import type { LoadedStrategy } from '../backtest/load-strategy.ts';

/** So much of the log tells how far the recorder's clock is behind the exchange's, ms. */
const SKEW_SPAN_MS = 60_000;

export interface OpenSessionOptions {
  readonly redis: Redis;
  readonly account: string;
  readonly commandId: string | null;
  readonly isHalted: boolean;
  readonly settings: SessionSettings;
  readonly strategy: LoadedStrategy;
}

/**
 * A session that begins now: it is told of the market from the last snapshot of its book on, or so long before that its
 * strategy's features are warm, as far as the log goes back; and trades from the newest entry on. undefined: nothing that it could begin with is recorded yet.
 */
export async function openSession(options: OpenSessionOptions): Promise<SessionOpened | undefined> {
  const { redis, account, commandId, isHalted, settings, strategy } = options;
  const { instrument } = settings;
  const key = rawKey(instrument, LIVE);
  const [newest] = await redis.xrevrangeBuffer(key, '+', '-', 'COUNT', 1);
  if (newest === undefined) return undefined;
  const { entryId: last, events } = decodeEntry(...newest);
  const lastMs = Number.parseInt(last, 10);
  const warmUpMs = strategyWarmUpMs(strategy.definition, settings.parameters);
  const fromMs = await warmStart(redis, key, lastMs, warmUpMs);
  const scale = await scaleBefore(redis, key, last);
  if (fromMs === undefined || scale === undefined) return undefined;
  const [[first] = []] = await redis.xrange(key, fromMs, '+', 'COUNT', 1);
  if (first === undefined) return undefined;
  const skewUs = await skewOf(redis, instrument, lastMs, scale);
  return {
    type: 'sessionOpened',
    session: hash('sha256', JSON.stringify([account, commandId, last])).slice(0, 12),
    timeMs: lastMs,
    commandId,
    isHalted,
    settings,
    strategyHash: strategy.hash,
    simulator: SIMULATOR,
    fromEntryId: first,
    tradesFromUs: events.at(-1)!.receiveTimeUs + skewUs,
    skewUs,
    tickSize: scale.price.size,
    stepSize: scale.qty.size,
  };
}

/** Where it begins, ms since the epoch; undefined: there is no snapshot of the book. */
async function warmStart(redis: Redis, key: string, lastMs: number, warmUpMs: number): Promise<number | undefined> {
  const latest = await startWithBook(redis, key, lastMs);
  if (latest === undefined || warmUpMs === 0) return latest;
  return (await startWithBook(redis, key, lastMs - warmUpMs)) ?? Math.min(latest, Math.max(0, lastMs - warmUpMs));
}

async function skewOf(redis: Redis, instrument: string, lastMs: number, scale: Scale): Promise<number> {
  const builder = createTapeBuilder();
  const decoder = createDecoder(scale);
  for await (const entries of replay({ redis, instrument, from: lastMs - SKEW_SPAN_MS, to: lastMs }))
    for (const { entryId, events } of entries)
      for (const [index, { channel, payload, receiveTimeUs }] of events.entries())
        builder.push(decodeOrGap(decoder, channel, payload), { entryId, index, receiveTimeUs });
  return clockSkewUs(builder.take());
}
