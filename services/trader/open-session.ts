import { hash } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { SessionOpened, SessionSettings } from '../../operators/ledger/ledger-event.ts';
import { scaleBefore, startWithBook } from '../../pipelines/book-at.ts';
import { clockSkewUs } from '../../pipelines/simulation/exchange-order.ts';
import { decodeEntry } from '../../streams/entry.ts';
import { decodeOrGap } from '../../streams/events/decode-or-gap.ts';
import { createDecoder } from '../../streams/events/decoder.ts';
import type { Scale } from '../../streams/events/scale.ts';
import { LIVE, rawKey } from '../../streams/keys.ts';
import { replay } from '../../streams/replay.ts';
import { createTapeBuilder } from '../../streams/tape/tape-builder.ts';
import { SIMULATOR } from '../backtest/finish-result.ts';

/** So much of the log tells how far the recorder's clock is behind the exchange's, ms. */
const SKEW_SPAN_MS = 60_000;

export interface OpenSessionOptions {
  readonly redis: Redis;
  readonly account: string;
  readonly commandId: string | null;
  readonly isHalted: boolean;
  readonly settings: SessionSettings;
  readonly strategyHash: string;
}

/**
 * A session that begins now: it is told of the market from the last snapshot of its book on, and trades from the newest
 * entry on. undefined: nothing that it could begin with is recorded yet.
 */
export async function openSession(options: OpenSessionOptions): Promise<SessionOpened | undefined> {
  const { redis, account, commandId, isHalted, settings, strategyHash } = options;
  const { instrument } = settings;
  const key = rawKey(instrument, LIVE);
  const [newest] = await redis.xrevrangeBuffer(key, '+', '-', 'COUNT', 1);
  if (newest === undefined) return undefined;
  const { entryId: last, events } = decodeEntry(...newest);
  const lastMs = Number.parseInt(last, 10);
  const fromMs = await startWithBook(redis, key, lastMs);
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
    strategyHash,
    simulator: SIMULATOR,
    fromEntryId: first,
    tradesFromUs: events.at(-1)!.receiveTimeUs + skewUs,
    skewUs,
    tickSize: scale.price.size,
    stepSize: scale.qty.size,
  };
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
