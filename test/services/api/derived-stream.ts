import type { Redis } from 'ioredis';
import { featuresKey, INSTRUMENTS_KEY } from '../../../streams/keys.ts';

/** Topic and JSON of one derived event. */
export type Pair = readonly [topic: string, json: string];

/** Writes one entry of the instrument's derived stream, as the deriver does. */
export async function publish(redis: Redis, instrument: string, id: string, pairs: readonly Pair[]): Promise<string> {
  const written = await redis.xadd(featuresKey(instrument), id, 'v', '1', 'recording', 'live', ...pairs.flat());
  return String(written);
}

/** Makes the instrument known to the API. */
export async function announce(redis: Redis, ...instruments: string[]): Promise<void> {
  await redis.sadd(INSTRUMENTS_KEY, ...instruments);
}

/** A trade with a number to know it by. */
export function trade(index: number, number: number): Pair {
  return ['trades', JSON.stringify({ i: index, trade_id: number, price: '59000.10', qty: '0.001' })];
}
